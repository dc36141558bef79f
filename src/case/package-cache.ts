import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { commaSeparated, fragmentOf, type JsonFragment, type JsonFragments, literal } from '../http/json-fragments.ts'
import { isSupported, toAssociation } from './associations.ts'
import { toPackageDocument } from './documents.ts'
import type { Framework } from './framework.ts'
import { rubricsOf, toItem, toRubric } from './items.ts'
import { type Site, toVersion } from './versions.ts'
import { concept, itemNouns, itemType, kinds, license, subject } from './vocabulary.ts'

/** In bytes: enough for two versions of a track of ten thousand skills, which may be too large for the response cache. */
const maxBytes = 96 * 1024 * 1024

/** Caches packages as JSON, each until its framework changes. */
export const createPackageCache = () => {
  const cache = new LRUCache<string, { framework: Framework; pieces: JsonFragments }>({
    maxSize: maxBytes,
    sizeCalculation: ({ pieces }) => pieces.reduce((sum, { json }) => sum + json.length, 0),
  })
  return async (site: Site, framework: Framework): Promise<JsonFragments> => {
    const cacheKey = `${site.version} ${framework.document.id}`
    const known = cache.get(cacheKey)
    if (known?.framework === framework) return known.pieces
    const pieces = await buildPackage(site, framework)
    cache.set(cacheKey, { framework, pieces })
    return pieces
  }
}
export type PackageCache = ReturnType<typeof createPackageCache>

/** Builds the package of a track in batches; between them, other requests are served. */
const buildPackage = async (site: Site, framework: Framework): Promise<JsonFragments> => {
  const { served, document, items, edges, changedAt } = framework
  const toFragment = (value: unknown): JsonFragment => literal(JSON.stringify(toVersion(site, value)))
  const ownEdges = [...edges.values()].filter(edge => edge.owner === document && isSupported(site, edge))
  const rubrics = rubricsOf(framework).map(acceptance => toRubric(site, acceptance))
  return [
    literal('{"CFDocument":'),
    toFragment(toPackageDocument(site, served.track, changedAt)),
    literal(',"CFItems":['),
    ...(await stringifyInBatches([...items.values()], item => toVersion(site, toItem(site, item)))),
    literal('],"CFAssociations":['),
    ...(await stringifyInBatches(ownEdges, edge => toVersion(site, toAssociation(site, edge)))),
    literal('],"CFDefinitions":'),
    toFragment(buildDefinitions(site, framework)),
    ...(rubrics.length === 0 ? [] : [literal(',"CFRubrics":'), toFragment(rubrics)]),
    literal('}'),
  ]
}

const batchSize = 500

const stringifyInBatches = async <T>(list: readonly T[], convert: (one: T) => object): Promise<JsonFragment[]> => {
  const pieces: JsonFragment[] = []
  for (let from = 0; from < list.length; from += batchSize) {
    if (from > 0) await nextTurn()
    const batch = list.slice(from, from + batchSize).map(convert)
    pieces.push(fragmentOf(JSON.stringify(batch).slice(1, -1)))
  }
  return commaSeparated(pieces)
}

/** Returns the definitions that the items and the document of a package link to. */
const buildDefinitions = (site: Site, { served: { track, skills }, items }: Framework) => {
  const nouns = new Set([...items.values()].map(({ noun }) => noun))
  return {
    CFConcepts: kinds.filter(kind => skills.some(skill => skill.kind === kind)).map(kind => concept(site, kind)),
    CFSubjects: [subject(site, track)],
    CFLicenses: track.license === null ? [] : [license(site, track.license)],
    CFItemTypes: itemNouns.filter(noun => nouns.has(noun)).map(noun => itemType(site, noun)),
  }
}
