import { z } from 'zod'
import type { Catalog, Filter, Sort } from '../catalog.ts'
import { arrayOf, fragmentOf, type JsonFragment, literal, namedArrays } from '../http/json-fragments.ts'
import { schemas } from '../model/curriculum.ts'
import { Id, Key, Timestamp } from '../model/keys.ts'
import { pageOf } from '../model/paging.ts'
import { Title } from '../model/text.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { type FilterParameters, filterNames, kindsOf, resolveFilter } from '../query/filters.ts'
import { findIncluded, includedSchema, includeParameter } from './include.ts'
import { capital } from './openapi-schemas.ts'
import { jsonResponse, type Operation } from './operation.ts'
import { choiceParameter, exampleCursor, listParameter, numberParameter, textParameter } from './parameters.ts'

/** Returns the operation `GET /v1/{plural}` of a noun. */
export const listOperation = (noun: Noun): Operation => {
  const query = listQuery(noun)
  return {
    path: `/v1/${plurals[noun]}`,
    operationId: `list${capital(plurals[noun])}`,
    tag: plurals[noun],
    summary: `List ${plurals[noun]}`,
    description: `${schemas[noun].description} ${orderOf(noun)}`,
    query,
    types: ['application/json'],
    schema: pageOf(schemas[noun])
      .extend({ included: includedSchema(noun).optional(), deleted: z.array(Deleted).max(10_000).optional() })
      .meta({ id: `${capital(noun)}Page`, description: `A page of ${plurals[noun]}.` }),
    headers: ['Link'],
    problems: ['BAD_USER_INPUT', 'NOT_ACCEPTABLE'],
    example: `/v1/${plurals[noun]}?limit=1`,
    answer: async (catalog, { query: parsed, page }) => {
      const { limit, sort, after, include, includeDeleted, ...rest } = ListQuery.parse(parsed)
      const filter = await resolveFilter(catalog, noun, rest as FilterParameters) // listQuery has no other names
      return renderList(catalog, noun, filter, { limit, sort: sort ?? 'default', after, include, includeDeleted }, page)
    },
  }
}

const orderOf = (noun: Noun): string =>
  noun === 'track'
    ? 'Ordered by position; a new track comes last.'
    : 'In curriculum order: track (by key), category, tier, position. With a single `source`, in the order of that document, whose own tier, category, kind and optional, if it has them, are used for filters.'

interface ListRequest {
  limit: number
  sort: Sort
  after: string | undefined
  include: string[] | undefined
  includeDeleted: boolean | undefined
}

const renderList = async (
  catalog: Catalog,
  noun: Noun,
  filter: Filter,
  request: ListRequest,
  address: (after: string | null) => string,
) => {
  const page = await catalog.list(noun, filter, request)
  const next = page.more ? page.cursorAfter(page.data.length - 1) : null
  const links = [...(next === null ? [] : [`<${address(next)}>; rel="next"`]), `<${address(null)}>; rel="first"`]
  const pageInfo = { size: page.data.length, total: await catalog.count(noun, filter), next }
  const includedFragments =
    request.include === undefined
      ? []
      : [literal(',"included":'), ...namedArrays(await findIncluded(catalog, noun, page.data, request.include))]
  const deletedFragments =
    request.includeDeleted === true && request.after === undefined ? [await deletedFragment(catalog, noun, filter)] : []
  return jsonResponse(
    [
      bodyStart,
      ...arrayOf(page.data),
      literal(`,"page":${JSON.stringify(pageInfo)}`),
      ...includedFragments,
      ...deletedFragments,
      bodyEnd,
    ],
    {
      link: links.join(', '),
    },
  )
}

/** Returns the removed nouns of the requested tracks: their tiers and categories are not stored, so other filters do not apply. */
const deletedFragment = async (
  catalog: Catalog,
  noun: Noun,
  { track, updatedSince }: Filter,
): Promise<JsonFragment> => {
  const removed = await catalog.removed(noun, { track, since: updatedSince })
  const shown = removed.map(({ id, key, title, track: of, changedAt }) => ({
    id,
    key,
    title,
    track: of,
    deletedAt: changedAt,
  }))
  return fragmentOf(`,"deleted":${JSON.stringify(shown)}`)
}

const Deleted = z
  .strictObject({
    id: Id,
    key: Key,
    title: Title.nullable().meta({ description: 'Its last title; null if that was not stored.' }),
    track: Key,
    deletedAt: Timestamp.meta({ description: 'The time of the removal (RFC 3339, UTC).' }),
  })
  .meta({ id: 'Deleted', description: 'A removed noun.' })

const [bodyStart, bodyEnd] = [literal('{"data":'), literal('}')]

const sorts = ['position', 'title', '-title', 'updatedAt', '-updatedAt'] as const

/** The parameters of every list beside its filters. */
const ListQuery = z.looseObject({
  limit: z.number(),
  sort: z.enum(sorts).optional(),
  after: z.string().optional(),
  include: z.array(z.string()).optional(),
  includeDeleted: z.boolean().optional(),
})

const listQuery = (noun: Noun) => {
  const filters = Object.fromEntries(filterNames(noun).map(name => [name, filterParameters[name](noun)]))
  return z.strictObject({
    ...filters,
    sort: choiceParameter(
      sorts,
      'The order: `position` is curriculum order, whatever the filters; `-` reverses the others.',
      'position',
    ),
    include: includeParameter(noun),
    includeDeleted: choiceParameter(
      ['true', 'false'],
      'Adds removed nouns as `deleted` to the first page, limited by `track` and `updatedSince` if given.',
      'true',
    ).transform(value => value === 'true' || undefined),
    limit: numberParameter({ min: 1, max: 200, default: 50 }, 'The number of items on a page.'),
    after: textParameter(
      { pattern: '^[\\w-]+$' },
      'The `next` of the previous page, with the same filters and order.',
      exampleCursor,
    ),
  })
}

const name = { type: 'string', maxLength: 75, pattern: '^[a-z0-9.-]+$' }

const filterParameters = {
  track: () => listParameter(name, 'Only of these tracks: keys or ids, separated by commas.', 'python'),
  tier: () => listParameter({ $ref: '#/components/schemas/Tier' }, 'Only of these tiers.', 'senior'),
  category: () =>
    listParameter(
      name,
      'Only of these categories and those below them: keys, ids, or with `track` slugs.',
      'python.web-development',
    ),
  kind: (noun: Noun) =>
    listParameter({ type: 'string', enum: kindsOf(noun) }, 'Only of these kinds.', String(kindsOf(noun)[0])),
  source: () =>
    listParameter(
      name,
      'Only what these documents mention: keys, ids, or with `track` slugs. A single one decides the order.',
      'python.matrix',
    ),
  optional: () =>
    choiceParameter(['true', 'false'], 'Only optional items, or only those that are not.', 'false').transform(
      value => value && [value],
    ),
  skill: () =>
    listParameter(name, 'Only items of these skills: keys, ids, or with `track` slugs.', 'python.decorators'),
  updatedSince: () =>
    textParameter(
      { format: 'date-time', maxLength: 40 },
      'Only items that changed at or after this time (RFC 3339).',
      '2026-01-31T12:00:00Z',
    ).transform(value => value && [value]),
} satisfies Record<string, (noun: Noun) => z.ZodType>
