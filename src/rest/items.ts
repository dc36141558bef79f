import { z } from 'zod'
import type { Catalog, StoredItem } from '../catalog.ts'
import { gone } from '../errors.ts'
import { literal, namedArrays, withoutClosingBrace } from '../http/json-fragments.ts'
import { nounNotFound } from '../http/not-found.ts'
import { schemas } from '../model/curriculum.ts'
import { type Noun, plurals, withArticle } from '../model/vocabulary.ts'
import { findIncluded, includedSchema, includeParameter } from './include.ts'
import { capital } from './openapi-schemas.ts'
import { jsonResponse, MovedTo, type Operation } from './operation.ts'

/** Returns the operation `GET /v1/{plural}/{ref}` of a noun. */
export const itemOperation = (noun: Noun): Operation => ({
  path: `/v1/${plurals[noun]}/{ref}`,
  operationId: `get${capital(noun)}`,
  tag: plurals[noun],
  summary: `Get ${withArticle(noun)}`,
  description: `${schemas[noun].description} By id or key; an earlier key redirects to the current one with 308.`,
  ref: `Id or key of the ${noun}.`,
  query: z.strictObject({ include: includeParameter(noun) }),
  types: ['application/json'],
  schema: schemas[noun].extend({ included: includedSchema(noun).optional() }).meta({
    id: `${capital(noun)}Answer`,
    description: `A ${noun}, with the nouns that \`include\` requested.`,
  }),
  problems: ['BAD_USER_INPUT', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'GONE'],
  example: itemExamples[noun],
  answer: async (catalog, { ref, query }) => {
    const item = await findOrFail(catalog, noun, ref)
    const { include } = ItemQuery.parse(query)
    if (include === undefined) return jsonResponse([item])
    return jsonResponse([
      withoutClosingBrace(item),
      literal(',"included":'),
      ...namedArrays(await findIncluded(catalog, noun, [item], include)),
      literal('}'),
    ])
  },
})

/** The query of `itemOperation`, whose type depends on the noun. */
const ItemQuery = z.looseObject({ include: z.array(z.string()).optional() })

/** Returns a noun, or rejects with 404, 410 or a redirect. */
export const findOrFail = async <N extends Noun>(catalog: Catalog, noun: N, ref: string): Promise<StoredItem<N>> => {
  const found = await catalog.find(noun, ref)
  if (found === undefined) throw await nounNotFound(catalog, noun, ref)
  if ('removedAt' in found) throw gone(noun, ref, found.removedAt)
  if ('movedTo' in found) throw new MovedTo(found.movedTo)
  return found.item
}

export const itemExamples: Record<Noun, string> = {
  track: '/v1/tracks/python',
  source: '/v1/sources/python.matrix',
  category: '/v1/categories/python.error-handling',
  skill: '/v1/skills/python.decorators',
  principle: '/v1/principles/python.error-handling',
  project: '/v1/projects/python.url-shortener',
  exercise: '/v1/exercises/python.call-counter',
  resource: '/v1/resources/python.fluent-python',
  plan: '/v1/plans/python.6-month-focused-plan',
  checklist: '/v1/checklists/python.beginner-checklist',
}
