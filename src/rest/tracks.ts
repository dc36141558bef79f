import { stringify } from 'yaml'
import { z } from 'zod'
import type { Catalog, Served } from '../catalog.ts'
import { schemas } from '../model/curriculum.ts'
import { Roadmap, roadmapOf } from '../model/roadmap.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { findOrFail } from './items.ts'
import { json, type Operation } from './operation.ts'

const documentOf = async (catalog: Catalog, ref: string): Promise<Served> => {
  const track = await findOrFail(catalog, 'track', ref)
  return (await catalog.document(track.key)) as Served // the track was just found
}

export const roadmapOperation: Operation = {
  path: '/v1/tracks/{ref}/roadmap',
  operationId: 'getRoadmap',
  tag: 'tracks',
  summary: 'Get the roadmap of a track',
  description: 'The matrix at a glance: every category with its skills by tier, in order, and the projects.',
  ref: 'Id or key of the track.',
  query: z.strictObject({}),
  types: ['application/json'],
  schema: Roadmap,
  problems: ['BAD_USER_INPUT', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'GONE'],
  example: '/v1/tracks/python/roadmap',
  answer: async (catalog, { ref }) => json(roadmapOf(await documentOf(catalog, ref))),
}

const Document = z
  .strictObject({
    track: schemas.track,
    ...(Object.fromEntries(
      nouns.filter(noun => noun !== 'track').map(noun => [plurals[noun], z.array(schemas[noun]).max(100_000)]),
    ) as Record<string, z.ZodType>), // fromEntries forgets the types
  })
  .meta({ id: 'Document', description: 'A whole track: every noun as it is answered alone, each list in order.' })

export const documentOperation: Operation = {
  path: '/v1/tracks/{ref}/document',
  operationId: 'getDocument',
  tag: 'tracks',
  summary: 'Get a whole track',
  description: 'Everything of a track in one document, as JSON or YAML.',
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
