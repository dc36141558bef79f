import { setImmediate as turn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Filter, PageRequest, TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { trackOf } from '../model/keys.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { answersOfTrack, type Row, selectAnswers } from './answers.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { sql } from './drizzle.ts'
import { pageOfHeld, type RowPage } from './list-from-memory.ts'
import type { revisions } from './revisions.ts'
import { tables } from './tables.ts'

interface Kept<T> {
  what: T
  /** The last change at which it was seen to be what the database holds. */
  heldAt: number
}

/** A whole track: as it is answered, and its rows by key, which stand in curriculum order. */
interface Whole {
  served: TrackDocument
  rows: ReadonlyMap<Noun, ReadonlyMap<string, Row>>
}

/**
 * Nouns and whole tracks as they now are: what was read stays in memory, within a budget, until its track changes. The
 * database is where everything comes from.
 */
export const memory = (read: Session, { revision, changedSince, tracks }: Revisions, bytes: number) => {
  const room = { maxSize: Math.max(Math.floor(bytes / 2), 1) }
  const single = new LRUCache<string, Kept<Row>>({ ...room, sizeCalculation: ({ what }) => weightWithJson(what) })
  const whole = new LRUCache<string, Kept<Whole>>({
    ...room,
    sizeCalculation: ({ what }) => weightWithJson(what.served),
  })
  const fetchRows = rowsByKey(read)
  const holding = <T>(kept: Kept<T> | undefined, track: string, now: number): T | undefined => {
    if (kept === undefined) return undefined
    if (kept.heldAt !== now && changedSince(kept.heldAt, new Set([track]))) return undefined
    kept.heldAt = now
    return kept.what
  }
  const wholeNow = (track: string, now: number): Whole | undefined => holding(whole.get(track), track, now)
  const cachedRow = (noun: Noun, key: string, now: number): Row | undefined => {
    const track = trackOf(key)
    return wholeNow(track, now)?.rows.get(noun)?.get(key) ?? holding(single.get(nameOf(noun, key)), track, now)
  }
  const readWhole = async (track: string): Promise<Whole | undefined> => {
    const [self] = await fetchRows('track', [track])
    if (self === undefined) return undefined
    const rows = new Map<Noun, ReadonlyMap<string, Row>>()
    const parts: Record<string, unknown> = { track: self.answer }
    for (const noun of nouns) {
      const found = noun === 'track' ? [self] : await answersOfTrack(read, noun, track)
      rows.set(noun, new Map(found.map(row => [row.answer.key, row])))
      if (noun !== 'track') parts[plurals[noun]] = found.map(({ answer }) => answer)
    }
    return { served: parts as TrackDocument, rows } // one list a noun, as the loop makes it
  }
  const document = async (track: string): Promise<TrackDocument | undefined> => {
    const now = await revision()
    const known = wholeNow(track, now)
    if (known !== undefined) return known.served
    const read = await readWhole(track)
    if (read !== undefined && bytes > 0) whole.set(track, { what: read, heldAt: now })
    return read?.served
  }
  const expected = new LRUCache<string, number>({ max: 100 })
  return {
    /** Those of the keys that there are. */
    byKeys: async (noun: Noun, keys: readonly string[]): Promise<Map<string, Row>> => {
      const now = await revision()
      const found = new Map<string, Row>()
      const missing: string[] = []
      for (const key of keys) {
        const row = cachedRow(noun, key, now)
        if (row === undefined) missing.push(key)
        else found.set(key, row)
      }
      for (const [index, chunk] of chunks(missing, atOnce).entries()) {
        if (index > 0) await turn()
        for (const row of await fetchRows(noun, chunk)) {
          found.set(row.answer.key, row)
          if (bytes > 0) single.set(nameOf(noun, row.answer.key), { what: row, heldAt: now })
        }
      }
      return found
    },
    document,
    /** What can be said at once; undefined where one is not in memory, or nothing of its key. */
    cachedByKeys: (noun: Noun, keys: readonly string[]): Answer[] | undefined => {
      const now = revision()
      if (typeof now !== 'number') return undefined
      const found: Answer[] = []
      for (const key of keys) {
        const row = cachedRow(noun, key, now)
        if (row === undefined) return undefined
        found.push(row.answer)
      }
      return found
    },
    /** Where much of a track was asked for twice, the whole is read for the third time: if that fails, who asks then is told. What finds no room is not read again. */
    hintPreload: (track: string): void => {
      const times = (expected.get(track) ?? 0) + 1
      expected.set(track, times)
      if (bytes === 0 || times !== 2) return
      document(track).then(
        () => whole.has(track) && expected.delete(track),
        () => expected.delete(track),
      )
    },
    /** A page from tracks that are in memory; undefined where the database has to be asked. */
    cachedPage: (noun: Noun, filter: Filter, page: PageRequest): RowPage | undefined => {
      const now = revision()
      // Memory is walked through in the order of the tracks' keys; the tracks themselves are in that of their positions.
      if (typeof now !== 'number' || noun === 'track') return undefined
      return pageOfHeld(noun, track => wholeNow(track, now)?.rows.get(noun)?.values(), tracks(), filter, page)
    },
    cachedDocument: (track: string): TrackDocument | undefined => {
      const now = revision()
      if (typeof now !== 'number') return undefined
      return wholeNow(track, now)?.served
    },
  }
}
type Revisions = ReturnType<typeof revisions>

/** So many rows are read in one turn of the event loop: others have theirs between. */
const atOnce = 500

const nameOf = (noun: Noun, key: string): string => `${noun} ${key}`

/** One statement a noun, however many keys. */
const rowsByKey = (read: Session) => {
  const statements = new Map<Noun, { execute(values: { keys: string }): unknown }>()
  return async (noun: Noun, keys: readonly string[]): Promise<Row[]> => {
    const { key } = tables[noun]
    const statement =
      statements.get(noun) ??
      selectAnswers(read, noun)
        .where(sql`${key} in (select value from json_each(${sql.placeholder('keys')}))`)
        .prepare()
    statements.set(noun, statement)
    return (await statement.execute({ keys: JSON.stringify(keys) })) as Row[] // what is selected is the noun
  }
}

/** About what an object takes with its JSON, which is kept beside it where it is answered. */
const weightWithJson = (value: unknown): number => 2 * weightOf(value)

/** About what an object takes: a byte a character, and some for what holds them. */
const weightOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length + 24
  if (typeof value !== 'object' || value === null) return 8
  let weight = 48
  for (const name in value) weight += 8 + weightOf((value as Record<string, unknown>)[name])
  return weight
}

/** Compares two rows of a noun by curriculum order. */
export const inOrder =
  (noun: Noun) =>
  (one: Row, other: Row): number =>
    noun === 'track' || one.answer.track === other.answer.track
      ? one.sort - other.sort
      : compare(one.answer.track, other.answer.track)

/** As bytes, which for keys is as the database does. */
const compare = (one: string, other: string): number => (one < other ? -1 : 1)
