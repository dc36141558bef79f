import type { Filter, PageRequest } from '../catalog.ts'
import { trackOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { Row } from './answers.ts'
import { readCursor, requestName, writeCursor } from './cursor.ts'
import { isPlaceOf } from './list.ts'

/** A page of rows. */
export interface RowPage {
  rows: Row[]
  /** What `after` takes to go on behind the row at this place of the page. */
  cursor(index: number): string
  more: boolean
}

/** More tracks than this are not walked through: the database finds what is rare quicker. */
const mostTracks = 8

/**
 * The page that the database would answer, from tracks that are in memory in curriculum order; undefined where one that is
 * needed is not, or the question is of another order.
 */
export const pageOfHeld = (
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
  const from = after === undefined ? undefined : placeIn(after, request)
  const tracks = tracksOf(filter, allTracks).filter(track => from === undefined || track >= from.track)
  const found: Row[] = []
  for (const [index, track] of tracks.entries()) {
    const rows = index < mostTracks ? rowsOf(track) : undefined
    if (rows === undefined) return undefined
    for (const row of rows) {
      if (!matches(row, filter) || (track === from?.track && !isBehind(row, from))) continue
      if (found.length === limit) return pageOf(found, true, request)
      found.push(row)
    }
  }
  return pageOf(found, false, request)
}

interface PlaceInList {
  track: string
  sort: number
  key: string
}

const placeIn = (after: string, request: string): PlaceInList => {
  const [track, sort, key] = readCursor(after, request, isPlaceOf(3))
  return { track: String(track), sort: Number(sort), key: String(key) }
}

const isBehind = ({ sort, answer: { key } }: Row, place: PlaceInList): boolean =>
  sort > place.sort || (sort === place.sort && key > place.key)

/** In order; a category and what stands in it are of one track. */
const tracksOf = ({ track, category }: Filter, all: readonly string[]): readonly string[] => {
  const asked = track ?? category?.map(trackOf)
  return asked === undefined ? all : [...new Set(asked)].sort()
}

const filtered = ['track', 'tier', 'category', 'kind', 'optional'] as const

const matches = ({ answer }: Row, filter: Filter): boolean =>
  filtered.every(name => {
    const wanted = filter[name]
    if (wanted === undefined) return true
    const value = (answer as unknown as Record<string, never>)[name] as unknown // filters are offered only where the noun has the field
    return typeof wanted === 'boolean' ? value === wanted : (wanted as readonly unknown[]).includes(value)
  })

const pageOf = (rows: Row[], more: boolean, request: string): RowPage => ({
  rows,
  cursor: index => {
    const { answer, sort } = rows[index] as Row // one of the page
    return writeCursor(request, [answer.track, sort, answer.key])
  },
  more,
})
