import type { Draft } from '../../model/document.ts'
import type { ItemCollector, Place } from './imported-track.ts'

/** Places the links of a skill: the first one to code becomes its sample, addresses of the web become resources. */
export interface LinkPlacer {
  place(links: readonly Link[], place: Place): PlacedLinks
  /** Returns the whole address of a page of the web; undefined for any other. */
  addressOf(address: string): string | undefined
}

export interface Link {
  label: string
  address: string
}

interface PlacedLinks {
  sample?: Draft<'skill'>['sample']
  /** The refs of resources. */
  resources: string[]
}

/** Creates a placer. `known` has the URLs of the resources of the track, which keep their titles; `base` is the URL of the file. */
export const createLinkPlacer = (
  collector: ItemCollector,
  known: ReadonlySet<string>,
  base: URL | undefined,
): LinkPlacer => {
  const added = new Set<string>()
  const addResource = (label: string, url: string, place: Place): string => {
    if (!added.has(url)) {
      added.add(url)
      const fields = known.has(url) ? { url } : { kind: resourceKindOf(label, url), title: label, url }
      collector.add({ noun: 'resource', ref: url, place, fields })
    }
    return url
  }
  const addressOf = (address: string): string | undefined => {
    const url = URL.parse(address, base)
    return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined
  }
  return {
    addressOf,
    place: (links, place) => {
      const placed: PlacedLinks = { resources: [] }
      for (const { label, address } of links) {
        const url = addressOf(address)
        if (isCode(address) && placed.sample === undefined) placed.sample = { label, url: url ?? address }
        else if (url !== undefined) placed.resources.push(addResource(label, url, place))
        else
          collector.unplaced(
            place,
            `the link to "${address.slice(0, 80)}" leads neither to code nor to an address of the web`,
          )
      }
      return placed
    },
  }
}

/** Returns true for the address of a file with code. */
const isCode = (address: string): boolean => {
  const url = URL.parse(address, 'https://relative.invalid')
  return url?.protocol === 'https:' && codeFile.test(url.pathname)
}

const codeFile =
  /\.(py|ipynb|js|mjs|cjs|jsx|ts|tsx|java|kt|c|h|cc|cpp|cs|go|rs|rb|php|swift|scala|sh|ps1|sql|r|jl|lua|pl|dart|ex|exs|hs|clj|vue|svelte|css|scss)$/i

/** Guesses the kind of a resource from its title and its address. */
export const resourceKindOf = (title: string, address: string | undefined): Draft<'resource'>['kind'] => {
  const { hostname, pathname } = new URL(address ?? 'https://none.invalid')
  if (/(^|\.)(youtube\.com|youtu\.be|vimeo\.com)$/.test(hostname) || /\bvideos?\b/i.test(title)) return 'video'
  if (/^docs?\.|readthedocs/.test(hostname) || /^\/docs?\//.test(pathname) || /\b(docs|documentation)\b/i.test(title))
    return 'documentation'
  if (/\bcourses?\b/i.test(title)) return 'course'
  if (/\bbooks?\b/i.test(title)) return 'book'
  return 'article'
}
