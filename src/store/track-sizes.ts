import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StoredRoadmap, TrackSize } from '../catalog.ts'
import { addTierDurations, type TierDurations } from '../model/roadmap.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { boundLimit, type Session } from './database.ts'
import { sql } from './drizzle.ts'
import { jsonFormat } from './stored-json.ts'
import { categories, entries } from './tables.ts'

/** Reads the sizes of all tracks: the numbers of items from an index, and the durations that are stored with categories. */
export const readTrackSizes = async (
  session: Session,
  readRoadmap: (track: string) => Promise<StoredRoadmap | undefined>,
): Promise<ReadonlyMap<string, TrackSize>> => {
  const { track, noun } = entries
  const rows = await session
    .select({ track, noun, count: sql<number>`count(*)` })
    .from(entries)
    .groupBy(track, noun)
    .orderBy(track, noun)
  const durations = await readDurations(session)
  const sizes = new Map<string, TrackSize>()
  for (const [key, counted] of Map.groupBy(rows, row => row.track)) {
    const counts = Object.fromEntries(nouns.map(one => [one, 0])) as Record<Noun, number> // one entry a noun
    for (const { noun: counting, count } of counted) counts[counting] = count
    const stored = durations.get(key) ?? []
    const current = stored.filter(one => one !== null)
    const summed = current.length === stored.length ? undefined : (await readRoadmap(key))?.tierDurations
    sizes.set(key, { counts, durations: summed ?? addTierDurations(current) })
  }
  return sizes
}

/** The number of categories that one turn of the event loop reads. */
const rowsPerTurn = 500

/** Returns the durations of the categories of each track; null for a category whose JSON has another format. */
const readDurations = async (session: Session): Promise<Map<string, (TierDurations | null)[]>> => {
  const durations = new Map<string, (TierDurations | null)[]>()
  let after: number | undefined = 0
  while (after !== undefined) {
    const rows: { rowid: number; track: string; durations: string | null }[] = await session
      .select({
        rowid: sql<number>`rowid`,
        track: categories.track,
        durations: sql<
          string | null
        >`case when ${categories.jsonFormat} = ${jsonFormat} then ${categories.cellsDurations} end`,
      })
      .from(categories)
      .where(sql`rowid > ${after}`)
      .orderBy(sql`rowid`)
      .limit(boundLimit(rowsPerTurn))
    for (const row of rows) {
      const list = durations.get(row.track) ?? []
      list.push(row.durations === null ? null : JSON.parse(row.durations))
      durations.set(row.track, list)
    }
    after = rows[rowsPerTurn - 1]?.rowid
    await nextTurn()
  }
  return durations
}
