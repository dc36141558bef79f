import type { Accent } from './accent.ts'
import { itemPages, type NounWithPage } from './links.ts'
import type { Logo } from './logo.ts'

/** The organisation whose site the pages are part of, and where the pages are. */
export interface Site {
  name: string
  logo?: Logo
  /** The URL that name and logo lead to; without it, the home page. */
  url?: string
  accent?: Accent
  /** The URL to suggest a change of an item; `{track}`, `{noun}`, `{slug}` and `{path}` are replaced. */
  editUrl?: string
  /** The origins whose pages may show ours in a frame; `*` for any. */
  embedOrigins: readonly string[]
  /** Returns the URL of the service for clients, without a trailing slash. */
  publicUrl(): string
}

/** The accent without a setting, as `css/base.css` defines it. */
export const defaultAccent: Accent = { light: '#1f6544', dark: '#84d3a8' }

/** The site of a service without settings. */
export const plainSite = (publicUrl: () => string): Site => ({ name: 'Curriculum', embedOrigins: [], publicUrl })

/** Returns the URL to suggest a change of an item; undefined if the site has none. */
export const editUrlOf = ({ editUrl }: Site, track: string, noun: NounWithPage, slug: string): string | undefined => {
  const values = { track, noun, slug, path: `${track}/${itemPages[noun]}/${slug}.yaml` }
  return editUrl?.replaceAll(/\{(track|noun|slug|path)\}/g, (_, name: keyof typeof values) => values[name])
}
