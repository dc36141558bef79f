import { stringify } from 'yaml'
import { z } from 'zod'
import type { Catalog, TrackDocument } from '../catalog.ts'
import {
  commaSeparated,
  createFragmentCache,
  type JsonFragment,
  type JsonFragments,
  listFragments,
  literal,
  nounFragment,
  withoutClosingBrace,
} from '../http/json-fragments.ts'
import { schemas } from '../model/curriculum.ts'
import { cellsByCategory, Roadmap, toRoadmapSkill } from '../model/roadmap.ts'
import { tiers } from '../model/tiers.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { findOrFail } from './items.ts'
import { json, jsonResponse, type Operation } from './operation.ts'

export const documentOf = async (catalog: Catalog, ref: string): Promise<TrackDocument> => {
  const track = await findOrFail(catalog, 'track', ref)
  return (await catalog.document(track.key)) as TrackDocument // the track was just found
}

const roadmapItemFragment = createFragmentCache(toRoadmapSkill)

/** Returns the JSON of a roadmap, composed of the serialized nouns. */
const roadmapFragments = ({ track, categories, skills, projects }: TrackDocument): JsonFragments => {
  const cellsOf = cellsByCategory(skills)
  const all: JsonFragment[] = [
    separators.track,
    nounFragment(track),
    literal(`,"tiers":${JSON.stringify(track.tiers)},"categories":[`),
  ]
  for (const [index, category] of categories.entries()) {
    const cells = cellsOf(category.key)
    all.push(
      ...(index === 0 ? [] : [separators.categories]),
      withoutClosingBrace(nounFragment(category)),
      separators.skills,
    )
    for (const tier of tiers) all.push(separators[tier], ...commaSeparated(cells[tier].map(roadmapItemFragment)))
    all.push(separators.cells)
  }
  all.push(separators.projects, ...listFragments(projects), separators.end)
  return all
}

/** The JSON between the nouns of a roadmap. */
const separators = {
  track: literal('{"track":'),
  categories: literal(','),
  skills: literal(',"skills":{'),
  beginner: literal('"beginner":['),
  intermediate: literal('],"intermediate":['),
  senior: literal('],"senior":['),
  cells: literal(']}}'),
  projects: literal('],"projects":'),
  end: literal('}'),
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
  answer: async (catalog, { ref }) => jsonResponse(roadmapFragments(await documentOf(catalog, ref))),
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
    const document = await documentOf(catalog, ref)
    const made = type === 'application/yaml' ? { body: stringify(document, { lineWidth: 0 }), type } : json(document)
    return { ...made, headers: { vary: 'Accept, Accept-Encoding' } }
  },
}
