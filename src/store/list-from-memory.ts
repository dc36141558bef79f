import type { Filter, PageRequest } from '../catalog.ts'
import { trackOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { readCursor, requestName, writeCursor } from './cursor.ts'
import type { Row } from './items.ts'
import { isPositionOf } from './list.ts'

export interface RowPage {
  rows: Row[]
  /** Returns the cursor after the row at an index of the page. */
  cursorAfter(index: number): string
  more: boolean
}

/** The maximum number of tracks to scan: the database is faster at finding a few rows in many tracks. */
const maxScannedTracks = 8

/**
 * Returns the page that the database would return, from cached tracks in curriculum order; undefined if a track that it needs
 * is not cached, or if the list has another order or a filter that needs the database.
 */
export const listFromMemory = (
  noun: Noun,
  rowsOf: (track: string) => Iterable<Row> | undefined,
  allTracks: readonly string[],
  filter: Filter,
  { sort, after, limit }: PageRequest,
): RowPage | undefined => {
  const { source, skill, updatedSince } = filter
  const inCurriculumOrder = sort === 'default' || sort === 'position'
  if (!inCurriculumOrder || source !== undefined || skill !== undefined || updatedSince !== undefined) return undefined
  const request = requestName(`${noun} default`, filter)
  const start = after === undefined ? undefined : parsePosition(after, request)
  const tracks = tracksOf(filter, allTracks).filter(track => start === undefined || track >= start.track)
  const found: Row[] = []
  for (const [index, track] of tracks.entries()) {
    const rows = index < maxScannedTracks ? rowsOf(track) : undefined
    if (rows === undefined) return undefined
    for (const row of rows) {
      if (!matches(row, filter) || (track === start?.track && !isAfter(row, start))) continue
      if (found.length === limit) return toPage(found, true, request)
      found.push(row)
    }
  }
  return toPage(found, false, request)
}

interface ListPosition {
  track: string
  sort: number
  key: string
}

const parsePosition = (after: string, request: string): ListPosition => {
  const [track, sort, key] = readCursor(after, request, isPositionOf(3))
  return { track: String(track), sort: Number(sort), key: String(key) }
}

const isAfter = ({ sort, item: { key } }: Row, position: ListPosition): boolean =>
  sort > position.sort || (sort === position.sort && key > position.key)

/** Returns the tracks that can hold matches, in order. A category and its items are in the same track. */
const tracksOf = ({ track, category }: Filter, all: readonly string[]): readonly string[] => {
  const selected = track ?? category?.map(trackOf)
  return selected === undefined ? all : [...new Set(selected)].sort()
}

const filterFields = ['track', 'tier', 'category', 'kind', 'optional'] as const

const matches = ({ item }: Row, filter: Filter): boolean =>
  filterFields.every(name => {
    const wanted = filter[name]
    if (wanted === undefined) return true
    const value = (item as unknown as Record<string, never>)[name] as unknown // filters are offered only if the noun has the field
    return typeof wanted === 'boolean' ? value === wanted : (wanted as readonly unknown[]).includes(value)
  })

const toPage = (rows: Row[], more: boolean, request: string): RowPage => ({
  rows,
  cursorAfter: index => {
    const { item, sort } = rows[index] as Row // one of the page
    return writeCursor(request, [item.track, sort, item.key])
  },
  more,
})
