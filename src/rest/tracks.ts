import { z } from 'zod'
import {
  type Catalog,
  parseItem,
  parseTrack,
  type StoredRoadmap,
  type StoredTrack,
  type TrackDocument,
} from '../catalog.ts'
import { arrayOf, type JsonFragment, type JsonFragments, literal, withoutClosingBrace } from '../http/json-fragments.ts'
import { schemas } from '../model/curriculum.ts'
import type { TotalDuration } from '../model/duration.ts'
import { Roadmap } from '../model/roadmap.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { findOrFail } from './items.ts'
import { jsonResponse, type Operation } from './operation.ts'

export const documentOf = async (catalog: Catalog, ref: string): Promise<TrackDocument> => {
  const { key } = await findOrFail(catalog, 'track', ref)
  return (await catalog.document(key)) as TrackDocument // the track was just found
}

/** Returns the JSON of a roadmap, composed of its items. */
const roadmapFragments = ({ track, categories, projects, ...totals }: StoredRoadmap): JsonFragments => {
  const trackTiers = parseItem(track).tiers.map(one => ({ ...one, totalDuration: totals.tierDurations[one.tier] }))
  const all: JsonFragment[] = [
    separators.track,
    track,
    literal(`,"tiers":${JSON.stringify(trackTiers)},"categories":[`),
  ]
  for (const [index, { category, cells, totalDuration }] of categories.entries()) {
    if (index > 0) all.push(separators.categories)
    all.push(withoutClosingBrace(category), separators.skills, cells, durationFragment(totalDuration))
  }
  all.push(separators.projects, ...arrayOf(projects), durationFragment(totals.totalDuration))
  return all
}

/** Returns the last member of an object. */
const durationFragment = (total: TotalDuration): JsonFragment => literal(`,"totalDuration":${JSON.stringify(total)}}`)

/** The JSON between the items of a roadmap. */
const separators = {
  track: literal('{"track":'),
  categories: literal(','),
  skills: literal(',"skills":'),
  projects: literal('],"projects":'),
}

export const roadmapOperation: Operation = {
  path: '/v1/tracks/{ref}/roadmap',
  operationId: 'getRoadmap',
  tag: 'tracks',
  summary: 'Get the roadmap of a track',
  description: 'The matrix: every category with its skills by tier, in order, and the projects.',
  ref: 'Id or key of the track.',
  query: z.strictObject({}),
  types: ['application/json'],
  schema: Roadmap,
  problems: ['BAD_USER_INPUT', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'GONE'],
  example: '/v1/tracks/python/roadmap',
  answer: async (catalog, { ref }) => {
    const { key } = await findOrFail(catalog, 'track', ref)
    return jsonResponse(roadmapFragments((await catalog.roadmap(key)) as StoredRoadmap)) // the track was just found
  },
}

export const Document = z
  .strictObject({
    track: schemas.track,
    ...(Object.fromEntries(
      nouns.filter(noun => noun !== 'track').map(noun => [plurals[noun], z.array(schemas[noun]).max(100_000)]),
    ) as Record<string, z.ZodType>), // fromEntries forgets the types
  })
  .meta({ id: 'Document', description: 'A whole track: every noun as in its own response, each list in order.' })

export const documentOperation: Operation = {
  path: '/v1/tracks/{ref}/document',
  operationId: 'getDocument',
  tag: 'tracks',
  summary: 'Get a whole track',
  description: 'All nouns of a track in one document, as JSON or YAML.',
  ref: 'Id or key of the track.',
  query: z.strictObject({}),
  types: ['application/json', 'application/yaml'],
  schema: Document,
  problems: ['BAD_USER_INPUT', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'GONE'],
  example: '/v1/tracks/python/document',
  answer: async (catalog, { ref, type }) => {
    const { key } = await findOrFail(catalog, 'track', ref)
    const stored = (await catalog.storedTrack(key)) as StoredTrack // the track was just found
    const made =
      type === 'application/yaml'
        ? { body: await toYaml(parseTrack(stored)), type }
        : jsonResponse(documentJson(stored))
    return { ...made, headers: { vary: 'Accept, Accept-Encoding' } }
  },
}

/** Returns a whole track as JSON, composed of its items. */
const documentJson = (stored: StoredTrack): string =>
  `{${Object.entries(stored)
    .map(
      ([name, items]) => `"${name}":${Array.isArray(items) ? `[${items.map(item => item.json).join()}]` : items.json}`,
    )
    .join()}}`

const toYaml = async (document: TrackDocument): Promise<string> => {
  const { stringify } = await import('yaml')
  return stringify(document, { lineWidth: 0 })
}
