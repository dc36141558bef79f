import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Catalog, type Change, type FindResult, parseItem, parseItems } from '../catalog.ts'
import { badParameter, Failure } from '../errors.ts'
import type { Authentication } from '../http/authentication.ts'
import { type Item, schemas } from '../model/curriculum.ts'
import { Id, Key, Timestamp } from '../model/keys.ts'
import { Noun, nouns } from '../model/vocabulary.ts'
import { parseChoice, resolveTrack } from '../query/filters.ts'
import { listParameter, numberParameter, textParameter } from './parameters.ts'
import { validateQuery } from './validate-query.ts'

export const changesPath = '/v1/changes'

export const ChangesQuery = z.strictObject({
  cursor: textParameter(
    { pattern: '^\\d{1,15}$' },
    'The `next` of the previous page, or the `Curriculum-Cursor` of any response: returns the changes after it. Without a cursor, from the beginning.',
    '0',
  ),
  types: listParameter({ $ref: '#/components/schemas/Noun' }, 'Only changes to these nouns.', 'skill'),
  track: textParameter({ maxLength: 75, pattern: '^[a-z0-9.-]+$' }, 'Only changes in this track: id or key.', 'python'),
  limit: numberParameter({ min: 1, max: 200, default: 50 }, 'The number of items on a page.'),
})

const seq = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

export const ChangeEntry = z
  .strictObject({
    seq: seq.meta({ description: 'The sequence number of the change.' }),
    type: Noun,
    id: Id,
    key: Key.meta({ description: 'The key of the noun at the time of the change.' }),
    op: z
      .enum(['upsert', 'delete'])
      .meta({ description: '`upsert` if the noun was created or changed, `delete` if it was removed.' }),
    changedAt: Timestamp.meta({ description: 'The time of the change (RFC 3339, UTC).' }),
    resource: z
      .union(Object.values(schemas))
      .nullable()
      .meta({ description: 'The current noun; null if it was removed.' }),
    by: z.string().max(200).nullable().optional().meta({
      description:
        'The name of the API key that made the change, null if it was loaded from files. Present only for an admin key.',
    }),
  })
  .meta({ id: 'Change', description: 'A noun was created, changed or removed.' })

export const ChangesPage = z
  .strictObject({
    data: z.array(ChangeEntry).max(200),
    page: z
      .strictObject({
        size: z.int().min(0).max(200).meta({ description: 'The number of items on this page.' }),
        next: z
          .string()
          .max(16)
          .regex(/^\d+$/)
          .meta({ description: 'The `cursor` of the next request, now or later.' }),
      })
      .meta({ id: 'ChangesPlace', description: 'The position of this page.' }),
  })
  .meta({ id: 'ChangesPage', description: 'Changes in order, oldest first.' })

/** Adds `GET /v1/changes`, which is never cached: a client that follows it needs the newest changes. */
export const addChanges = (app: FastifyInstance, catalog: Catalog, authentication: Authentication): void => {
  app.get(changesPath, async (request, reply) => {
    const query = validateQuery(ChangesQuery, request.query)
    const isAdmin =
      request.headers.authorization !== undefined && (await authentication.identify(request)).scope === 'admin'
    const now = await catalog.latestCursor()
    const { data, more } = await catalog.changes({
      cursor: await parseCursor(catalog, query.cursor, now),
      // The nouns in memory are as new as this cursor: a later change would be reported with the old noun, and never again.
      until: now,
      limit: query.limit,
      nouns: query.types && parseNouns(query.types),
      tracks: query.track === undefined ? undefined : await trackKeys(catalog, query.track),
    })
    const resources = await resourcesOf(catalog, data)
    const shown = data.map(({ seq, noun, id, key, op, changedAt, by }) => ({
      seq,
      type: noun,
      id,
      key,
      op,
      changedAt,
      resource: op === 'delete' ? null : (resources.get(id) ?? null),
      ...(isAdmin ? { by } : {}),
    }))
    // With a filter, the last change found may be older than `now`, up to which all changes were searched.
    const next = more ? (data.at(-1) as Change).seq : now // with more to come, the page is not empty
    return reply
      .headers({ 'cache-control': 'no-store', 'curriculum-cursor': next })
      .send({ data: shown, page: { size: shown.length, next: String(next) } })
  })
}

const parseCursor = async (catalog: Catalog, given: string | undefined, now: number): Promise<number> => {
  if (given === undefined) return 0
  const cursor = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
  if (!(cursor <= now))
    throw badParameter(
      'cursor',
      '"cursor" must be the "next" of a page of changes, or the Curriculum-Cursor of a response.',
    )
  if (cursor > 0 && cursor < (await catalog.oldestCursor()))
    throw new Failure(
      'GONE',
      'Changes this old are no longer stored. Start again without "cursor", which lists everything there is now.',
      { errors: [{ parameter: 'cursor', message: 'is too old.' }] },
    )
  return cursor
}

const parseNouns = (types: readonly string[]): Noun[] => types.map(type => parseChoice('types', type, nouns))

/** Returns the current key of a track and its earlier ones, under which older changes are stored. A removed track has its changes too. */
const trackKeys = async (catalog: Catalog, ref: string): Promise<string[]> => {
  const found = await catalog.find('track', ref)
  if (found !== undefined && 'removedAt' in found) return [ref]
  const track = await resolveTrack(catalog, ref)
  const current = await catalog.byKeys('track', [track])
  return [track, ...parseItems(current).flatMap(({ formerly }) => formerly)]
}

/** Returns the current nouns of changes, by id. */
const resourcesOf = async (catalog: Catalog, changes: readonly Change[]): Promise<Map<string, Item>> => {
  const found = new Map<string, Item>()
  for (const noun of nouns) {
    const keys = new Set(
      changes.flatMap(change => (change.noun === noun && change.op === 'upsert' ? [change.key] : [])),
    )
    for (const answer of keys.size === 0 ? [] : parseItems<Noun>(await catalog.byKeys(noun, [...keys])))
      found.set(answer.id, answer)
  }
  // A noun whose key has changed since is found by its id.
  for (const { noun, id, op } of changes) {
    if (op === 'delete' || found.has(id)) continue
    const now = (await catalog.find(noun, id)) as FindResult // it existed once
    if ('item' in now) found.set(id, parseItem(now.item))
  }
  return found
}
