/** The folders of pages that the element links to. */
export type Folder = 'skills' | 'projects'

/** The addresses that an element needs, from its attributes. */
export interface Addresses {
  /** The track's page on the service. */
  page: string
  /** The URL of the API for the track, without a trailing slash. */
  api: string
  /** The URL of the API for a target such as `project:url-shortener`; undefined for a skill. */
  project(target: string): string | undefined
  /** Returns the page of a skill or project, by its key. */
  item(folder: Folder, key: string): string
}

/** Parses the attribute `src`, the URL of a track's page. Undefined if it is not one. */
export const parseSource = (src: string, base: string): Addresses | undefined => {
  const url = URL.parse(src, base)
  const [, service, track] = /^(.*)\/tracks\/([^/]+)\/?$/.exec(`${url?.origin}${url?.pathname}`) ?? []
  if (service === undefined || track === undefined) return undefined
  return {
    page: `${service}/tracks/${track}`,
    api: `${service}/v1/tracks/${track}`,
    project: target => {
      const [, name] = /^project:(.+)$/.exec(target) ?? []
      return name && `${service}/v1/projects/${encodeURIComponent(name.includes('.') ? name : `${track}.${name}`)}`
    },
    item: (folder, key) => {
      const [trackOfItem = '', slug = ''] = key.split('.')
      return `${service}/tracks/${trackOfItem}/${folder}/${slug}`
    },
  }
}

/** Returns the words of an attribute that lists them, separated by spaces or commas. */
export const wordsOf = (attribute: string | null): string[] => attribute?.split(/[\s,]+/).filter(Boolean) ?? []
