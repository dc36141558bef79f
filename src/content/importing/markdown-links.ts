import type { Draft } from '../../model/document.ts'
import type { ItemCollector, Place } from './imported-track.ts'

/** Places the links of a skill: the first one to code becomes its sample, addresses of the web become resources. */
export interface LinkPlacer {
  place(links: readonly Link[], place: Place): PlacedLinks
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
      const fields = known.has(url) ? { url } : { kind: kindOf(url), title: label || url, url }
      collector.add({ noun: 'resource', ref: url, place, fields })
    }
    return url
  }
  return {
    place: (links, place) => {
      const placed: PlacedLinks = { resources: [] }
      for (const { label, address } of links) {
        const absolute = URL.parse(address, base)
        if (isCode(address) && placed.sample === undefined)
          placed.sample = { label: label || address, url: base === undefined ? address : String(absolute) }
        else if (absolute !== null && /^https?:$/.test(absolute.protocol))
          placed.resources.push(addResource(label, absolute.href, place))
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

const kindOf = (url: string): Draft<'resource'>['kind'] => {
  const { hostname, pathname } = new URL(url)
  if (/(^|\.)(youtube\.com|youtu\.be|vimeo\.com)$/.test(hostname)) return 'video'
  if (/^docs?\.|readthedocs/.test(hostname) || /^\/docs?\//.test(pathname)) return 'documentation'
  return 'article'
}
