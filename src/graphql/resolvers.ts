import type { GraphQLFieldResolver } from 'graphql'
import type { z } from 'zod'
import { type Catalog, type Filter, type FindResult, type PageRequest, parseItem, parseItems } from '../catalog.ts'
import { badParameter, Failure } from '../errors.ts'
import { type Item, schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import type { Roadmap } from '../model/roadmap.ts'
import { sumDurations } from '../model/sum-durations.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, nouns, plurals, type Tier } from '../model/vocabulary.ts'
import { mustBeWholeNumber } from '../query/explain.ts'
import { type FilterParameters, filterNames, parseChoice, resolveFilter, resolveTrack } from '../query/filters.ts'
import { findLearningPath, findNextSkills, type SkillToLearn } from '../query/learning-paths.ts'
import { search as searchCatalog } from '../query/search.ts'
import { contentHash } from '../text/content-hash.ts'
import { andThen, type ExecutionContext } from './context.ts'
import { mutations } from './mutations.ts'
import { defaultPageSize, maxPageSize, nounTypeName, objectTypes } from './type-definitions.ts'

/** Returns the resolvers by type and field. A field with keys resolves to the items with these keys; all other fields are those of the catalog. */
export const fieldResolvers = (): Record<string, Record<string, Resolver>> => ({
  Query: {
    ...Object.fromEntries(nouns.map(noun => [noun, itemQuery(noun)])),
    ...Object.fromEntries(nouns.map(noun => [plurals[noun], listQuery(noun)])),
    node,
    search,
    roadmap,
    path,
    pathDuration,
    next,
  },
  Mutation: mutations(),
  Step: { unlocks: unlockedBy },
  ...Object.fromEntries(nouns.map(noun => [`${nounTypeName(noun)}Connection`, connectionFields])),
  SearchHitConnection: connectionFields,
  ...Object.fromEntries(objectTypes().map(type => [type.meta()?.id, referenceFields(type)])),
  ...Object.fromEntries(nouns.map(noun => [nounTypeName(noun), { ...referenceFields(schemas[noun]), etag }])),
  Category: { ...referenceFields(schemas.category), etag, skills: skillsOfCategory, principles: principlesOfCategory },
  Track: {
    ...referenceFields(schemas.track),
    etag,
    ...Object.fromEntries(nouns.filter(noun => noun !== 'track').map(noun => [plurals[noun], listOfTrack(noun)])),
  },
})

type Resolver = GraphQLFieldResolver<Record<string, unknown>, ExecutionContext>
type FieldResolver<A = object> = (parent: Record<string, unknown>, args: A, context: ExecutionContext) => unknown

const referenceFields = (type: z.ZodObject): Record<string, FieldResolver> =>
  Object.fromEntries(
    fieldsOf(type).flatMap(({ name, references, list: many }): [string, FieldResolver][] => {
      if (references === undefined || references === 'any') return []
      return [[name, many ? referenceList(name, references) : reference(name, references)]]
    }),
  )

/** The ETag of the item in REST, a hash of the same bytes. */
const etag: FieldResolver = noun => `"${contentHash(JSON.stringify(noun))}"`

const referenceList =
  (name: string, noun: Noun): FieldResolver =>
  (parent, _, context) => {
    const keys = parent[name] as string[] // the field is a list of keys
    const exceeded = context.countNodes(keys.length)
    if (exceeded !== undefined) return exceeded
    return afterTurn(context, keys.length, context.byKeys(noun, keys))
  }

/** Waits for the turn of the event loop in which these nodes may enter the result. */
const afterTurn = <T>(context: ExecutionContext, nodes: number, found: T | Promise<T>): T | Promise<T> =>
  andThen(found, value => {
    const turn = context.waitForTurn(nodes)
    return turn === undefined ? value : turn.then(() => value)
  })

const reference =
  (name: string, noun: Noun): FieldResolver =>
  (parent, _, context) => {
    const key = parent[name] as string | null // the field is a key or null
    if (key === null) return null
    const exceeded = context.countNodes(1)
    if (exceeded !== undefined) return exceeded
    return afterTurn(
      context,
      1,
      andThen(context.byKeys(noun, [key]), ([found]) => found),
    )
  }

const findItem = async <N extends Noun>(catalog: Catalog, noun: N, ref: string): Promise<Item<N> | null> => {
  const found: FindResult<N> | undefined = await catalog.find(noun, ref)
  if (found !== undefined && 'movedTo' in found) return findItem(catalog, noun, found.movedTo)
  return found !== undefined && 'item' in found ? parseItem(found.item) : null
}

const itemQuery =
  (noun: Noun): FieldResolver<{ ref: string }> =>
  (_parent, { ref }, { catalog }) =>
    findItem(catalog, noun, ref)

const node: FieldResolver<{ id: string }> = async (_parent, { id }, { catalog }) => {
  const found = await catalog.findById(id.toLowerCase())
  const item = found && (await findItem(catalog, found.noun, found.key))
  if (found === undefined || item === undefined || item === null) return null
  nodeTypeNames.set(item, nounTypeName(found.noun))
  return item
}

/** The type names of items that `node` returned. */
const nodeTypeNames = new WeakMap<object, string>()

/** Returns the name of the type of an item that `node` returned. */
export const nodeTypeName = (item: object): string | undefined => nodeTypeNames.get(item)

type ListArgs = Record<string, unknown> & {
  first: number | null
  after?: string | null
  sort?: string | null
  tier?: Tier[] | null
}

const listQuery =
  (noun: Noun): FieldResolver<ListArgs> =>
  async (_parent, args, context) => {
    const filter = await resolveFilter(context.catalog, noun, filterParameters(noun, args))
    const request = { ...pageRequest(args), fields: context.selected[noun] }
    await context.waitForRead(request.limit)
    const page = await context.catalog.list(noun, filter, request).catch(rethrowForGraphql)
    await context.countNodes(page.data.length)
    const { cursorAfter: cursor, more } = page
    const total = () => context.runInSequence(() => context.catalog.count(noun, filter))
    const nodes = parseItems(page.data)
    context.addLoaded(noun, nodes)
    return { nodes, cursor, more, after: args.after, total } satisfies Connection
  }

/** Rewords errors about a cursor: REST calls it `next`, GraphQL `endCursor`. */
const rethrowForGraphql = (error: unknown): never => {
  const aboutCursor =
    error instanceof Failure && error.errors.some(place => 'parameter' in place && place.parameter === 'after')
  throw aboutCursor ? invalidCursor() : error
}

const invalidCursor = (): Failure =>
  badParameter('after', '"after" must be a cursor from an earlier page of the same list in the same order.')

interface Connection {
  nodes: readonly object[]
  cursor(index: number): string
  more: boolean
  after: unknown
  total(): unknown
}

/** Resolvers, not properties: cursors and totals are rarely queried and cost time. */
const connectionFields: Record<string, FieldResolver> = {
  edges: parent => {
    const { nodes, cursor } = parent as unknown as Connection // created by `listQuery` or `search`
    return nodes.map((node, index) => ({ node, cursor: cursor(index) }))
  },
  pageInfo: parent => {
    const { nodes, cursor, more, after } = parent as unknown as Connection // as above
    const [start, end] = nodes.length === 0 ? [null, null] : [cursor(0), cursor(nodes.length - 1)]
    return { hasNextPage: more, hasPreviousPage: typeof after === 'string', startCursor: start, endCursor: end }
  },
  totalCount: parent => (parent as unknown as Connection).total(), // as above
}

/** Returns filters in the form of REST: several values are separated by commas. */
const filterParameters = (noun: Noun, args: Record<string, unknown>): FilterParameters =>
  Object.fromEntries(
    filterNames(noun).flatMap(name => {
      const value = args[name]
      if (value === undefined || value === null) return []
      return [[name, Array.isArray(value) ? value : String(value).split(',')]]
    }),
  )

const pageRequest = ({ first, after, sort }: ListArgs): PageRequest => ({
  limit: pageSize(first),
  after: after ?? undefined,
  sort:
    sort === undefined || sort === null
      ? 'default'
      : parseChoice('sort', sort, ['position', 'title', '-title', 'updatedAt', '-updatedAt']),
})

/** Returns the page size. Null counts as absent; 0 is a page without nodes, for clients that need `totalCount` alone. */
const pageSize = (first: number | null): number => {
  const size = first ?? defaultPageSize
  if (size < 0 || size > maxPageSize) throw badParameter('first', `"first" ${mustBeWholeNumber(0, maxPageSize)}.`)
  return size
}

type SearchArgs = {
  q: string
  track?: string | null
  noun?: string | null
  tier?: Tier[] | null
  first: number | null
  after?: string | null
}

const search: FieldResolver<SearchArgs> = async (_parent, args, context) => {
  if (args.q.trim() === '') throw badParameter('q', '"q" must not be empty.')
  const { track, tier } = await resolveFilter(context.catalog, 'skill', {
    track: args.track?.split(','),
    tier: args.tier ?? undefined,
  })
  const noun = args.noun?.split(',').map(word => parseChoice('noun', word, nouns))
  const query = { q: args.q, track, tier, noun, limit: pageSize(args.first), after: args.after ?? undefined }
  const {
    data,
    cursorAfter: cursor,
    more,
    total,
  } = await context.runInSequence(() => searchCatalog(context.catalog, query)).catch(rethrowForGraphql)
  await context.countNodes(data.length)
  return { nodes: data, cursor, more, after: args.after, total: () => total } satisfies Connection
}

const roadmap: FieldResolver<{ track: string }> = async (_parent, { track }, context) => {
  const found = await findItem(context.catalog, 'track', track)
  const items = found === null ? undefined : await context.catalog.roadmap(found.key)
  if (items === undefined) return null
  const categories: Roadmap['categories'] = items.categories.map(({ category, cells, totalDuration }) => ({
    ...parseItem(category),
    skills: JSON.parse(cells.json),
    totalDuration,
  }))
  const skills = categories.flatMap(category => tiers.map(tier => category.skills[tier].length))
  const nodes = skills.reduce((sum, count) => sum + count, categories.length + items.projects.length)
  await context.countNodes(nodes)
  return {
    track: found,
    // It has items.
    tiers: (found as Item<'track'>).tiers.map(one => ({ ...one, totalDuration: items.tierDurations[one.tier] })),
    categories,
    projects: parseItems(items.projects),
    totalDuration: items.totalDuration,
  }
}

type KnownArgs = { track: string; known?: string[] | null; plan?: string | null }
type PathArgs = KnownArgs & { to: string[] }
type NextArgs = KnownArgs & { tier?: Tier[] | null; category?: string | null }

const path: FieldResolver<PathArgs> = async (_parent, args, context) => toSteps(context, await findPath(args, context))

const pathDuration: FieldResolver<PathArgs> = async (_parent, args, context) => {
  const skills = await findPath(args, context)
  await context.countNodes(skills.length)
  return sumDurations(skills.map(({ duration }) => duration))
}

const findPath = async ({ track, ...question }: PathArgs, { catalog, runInSequence }: ExecutionContext) => {
  const key = await resolveTrack(catalog, track)
  return runInSequence(() => findLearningPath(catalog, key, question))
}

const next: FieldResolver<NextArgs> = async (_parent, { track, tier, category, ...question }, context) => {
  const key = await resolveTrack(context.catalog, track)
  const filter = await resolveFilter(context.catalog, 'skill', {
    track: [key],
    tier: tier ?? undefined,
    category: category?.split(','),
  })
  return toSteps(context, await context.runInSequence(() => findNextSkills(context.catalog, key, question, filter)))
}

const toSteps = async (context: ExecutionContext, learning: SkillToLearn[]) => {
  await context.countNodes(learning.length)
  return learning.map(({ unlocks, ...skill }) => ({ skill, unlocks }))
}

const unlockedBy: FieldResolver = referenceList('unlocks', 'skill')

/** No limit of the list itself: the query's limit of nodes applies. */
const unlimited: PageRequest = { limit: 20_001, sort: 'default' }

const loadByParent = async (
  context: ExecutionContext,
  noun: Noun,
  by: 'track' | 'category',
  parents: readonly string[],
  tier: Tier[] | undefined,
): Promise<Map<string, Item[]>> => {
  const filter: Filter = { [by]: parents, tier }
  const { data } = await context.catalog.list(noun, filter, { ...unlimited, fields: context.selected[noun] })
  const items = parseItems(data)
  context.addLoaded(noun, items)
  const lists = new Map<string, Item[]>(parents.map(parent => [parent, []]))
  for (const item of items) lists.get(String((item as Record<string, unknown>)[by]))?.push(item)
  return lists
}

const childList = (
  context: ExecutionContext,
  noun: Exclude<Noun, 'track'>,
  by: 'track' | 'category',
  parent: Record<string, unknown>,
  tier: Tier[] | null | undefined,
): unknown => {
  const key = parent.key as string // every parent has one
  const name = `${by}.${noun}(${tier?.join() ?? ''})`
  const found = context.listOf(name, key, parents => loadByParent(context, noun, by, parents, tier ?? undefined))
  return andThen(found, items => countedList(context, items))
}

/** Counts the nodes of a list, then waits for their turn. */
const countedList = (context: ExecutionContext, found: readonly Item[]): unknown =>
  context.countNodes(found.length) ?? afterTurn(context, found.length, found)

type TierArgs = { tier?: Tier[] | null }
const skillsOfCategory: FieldResolver<TierArgs> = (parent, { tier }, context) =>
  childList(context, 'skill', 'category', parent, tier)
const principlesOfCategory: FieldResolver = (parent, _args, context) =>
  childList(context, 'principle', 'category', parent, null)
const listOfTrack =
  (noun: Exclude<Noun, 'track'>): FieldResolver<TierArgs> =>
  (parent, { tier }, context) =>
    childList(context, noun, 'track', parent, tier)
