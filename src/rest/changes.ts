import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Catalog, Change, FindResult } from '../catalog.ts'
import { badParameter, Failure } from '../errors.ts'
import type { Authentication } from '../http/authentication.ts'
import { type Answer, schemas } from '../model/curriculum.ts'
import { Id, Key, Timestamp } from '../model/keys.ts'
import { Noun, nouns } from '../model/vocabulary.ts'
import { parseChoice, resolveTrack } from '../query/filters.ts'
import { validateQuery } from './operation.ts'
import { listParameter, numberParameter, textParameter } from './parameters.ts'

export const changesPath = '/v1/changes'

export const ChangesQuery = z.strictObject({
  cursor: textParameter(
    { pattern: '^\\d{1,15}$' },
    'The `next` of the page before, or the `Curriculum-Cursor` of any answer: what was changed after it. From the beginning without one.',
    '0',
  ),
  types: listParameter({ $ref: '#/components/schemas/Noun' }, 'Only changes to these nouns.', 'skill'),
  track: textParameter({ maxLength: 75, pattern: '^[a-z0-9.-]+$' }, 'Only changes in this track: id or key.', 'python'),
  limit: numberParameter({ min: 1, max: 200, default: 50 }, 'How many on a page.'),
})

const seq = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

export const ChangeEntry = z
  .strictObject({
    seq: seq.meta({ description: 'The number of the change.' }),
    type: Noun,
    id: Id,
    key: Key.meta({ description: 'Its key then.' }),
    op: z.enum(['upsert', 'delete']).meta({ description: 'Whether it was made or became otherwise, or was removed.' }),
    changedAt: Timestamp.meta({ description: 'When (RFC 3339, UTC).' }),
    resource: z
      .union(Object.values(schemas))
      .nullable()
      .meta({ description: 'The noun as it now is; null where it is gone.' }),
    by: z.string().max(200).nullable().optional().meta({
      description:
        'The name of the key it was done with, null where it was loaded from files: told to an admin key alone.',
    }),
  })
  .meta({ id: 'Change', description: 'Something was made, became otherwise or was removed.' })

export const ChangesPage = z
  .strictObject({
    data: z.array(ChangeEntry).max(200),
    page: z
      .strictObject({
        size: z.int().min(0).max(200).meta({ description: 'How many are on this page.' }),
        next: z.string().max(16).regex(/^\d+$/).meta({ description: 'The `cursor` to go on with, now or later.' }),
      })
      .meta({ id: 'ChangesPlace', description: 'Where to go on.' }),
  })
  .meta({ id: 'ChangesPage', description: 'Changes in order, the oldest first.' })

/** `GET /v1/changes`: never kept by a cache, since who follows asks for what is new. */
export const addChanges = (app: FastifyInstance, catalog: Catalog, callers: Authentication): void => {
  app.get(changesPath, async (request, reply) => {
    const query = validateQuery(ChangesQuery, request.query)
    const isAdmin = request.headers.authorization !== undefined && (await callers.identify(request)).scope === 'admin'
    const now = await catalog.latestCursor()
    const { data, more } = await catalog.changes({
      cursor: await parseCursor(catalog, query.cursor, now),
      // What is in memory is as new as this: of a change behind it, what was before would be told, and never again what then was.
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
    // What was asked for may end before what there is: all up to now was looked through.
    const next = more ? (data.at(-1) as Change).seq : now // where there is more, there is one
    return reply
      .headers({ 'cache-control': 'no-store', 'curriculum-cursor': next })
      .send({ data: shown, page: { size: shown.length, next: String(next) } })
  })
}

const parseCursor = async (catalog: Catalog, given: string | undefined, now: number): Promise<number> => {
  if (given === undefined) return 0
  const cursor = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
  if (!(cursor <= now))
    throw badParameter('cursor', '"cursor" is the "next" of a page of changes, or the Curriculum-Cursor of an answer.')
  if (cursor > 0 && cursor < (await catalog.oldestCursor()))
    throw new Failure(
      'GONE',
      'Changes from so long ago are forgotten. Begin again without "cursor": it leads through all there is now.',
      { errors: [{ parameter: 'cursor', message: 'is too old.' }] },
    )
  return cursor
}

const parseNouns = (types: readonly string[]): Noun[] => types.map(type => parseChoice('types', type, nouns))

/** The names a track has and had: changes are kept under the one it had then. A track that is gone can still be asked about. */
const trackKeys = async (catalog: Catalog, ref: string): Promise<string[]> => {
  const found = await catalog.find('track', ref)
  if (found !== undefined && 'removedAt' in found) return [ref]
  const track = await resolveTrack(catalog, ref)
  const current = await catalog.byKeys('track', [track])
  return [track, ...current.flatMap(({ formerly }) => formerly)]
}

/** What the nouns of these changes are now, by id. */
const resourcesOf = async (catalog: Catalog, changes: readonly Change[]): Promise<Map<string, Answer>> => {
  const found = new Map<string, Answer>()
  for (const noun of nouns) {
    const keys = new Set(
      changes.flatMap(change => (change.noun === noun && change.op === 'upsert' ? [change.key] : [])),
    )
    for (const answer of keys.size === 0 ? [] : await catalog.byKeys(noun, [...keys])) found.set(answer.id, answer)
  }
  // What has another key by now is found by its id.
  for (const { noun, id, op } of changes) {
    if (op === 'delete' || found.has(id)) continue
    const now = (await catalog.find(noun, id)) as FindResult // it was there once
    if ('answer' in now) found.set(id, now.answer)
  }
  return found
}
