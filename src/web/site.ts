/** The organisation whose site the pages are part of, and where the pages are. */
export interface Site {
  name: string
  /** The URL of the logo: absolute, or a path of this service without its leading slash. */
  logo?: string
  /** The URL that name and logo lead to; without it, the home page. */
  url?: string
  /** The color of links and buttons by color scheme, as CSS colors. */
  accent?: { light: string; dark: string }
  /** The URL to suggest a change of an item; `{track}`, `{noun}`, `{slug}` and `{path}` are replaced. */
  editUrl?: string
  /** The origins whose pages may show ours in a frame; `*` for any. */
  embedOrigins: readonly string[]
  /** Returns the URL of the service for clients, without a trailing slash. */
  publicUrl(): string
}

/** The site of a service without settings. */
export const plainSite = (publicUrl: () => string): Site => ({ name: 'Curriculum', embedOrigins: [], publicUrl })
