import type { Filter, PageRequest } from '../catalog.ts'
import { trackOf } from '../model/names.ts'
import type { Row } from './answers.ts'
import { readCursor, writeCursor } from './list.ts'

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
  rowsOf: (track: string) => Iterable<Row> | undefined,
  allTracks: readonly string[],
  filter: Filter,
  { sort, after, limit }: PageRequest,
): RowPage | undefined => {
  const { source, skill, updatedSince } = filter
  const inCurriculumOrder = sort === 'default' || sort === 'position'
  if (!inCurriculumOrder || source !== undefined || skill !== undefined || updatedSince !== undefined) return undefined
  const from = after === undefined ? undefined : placeIn(after)
  const tracks = tracksOf(filter, allTracks).filter(track => from === undefined || track >= from.track)
  const found: Row[] = []
  for (const [index, track] of tracks.entries()) {
    const rows = index < mostTracks ? rowsOf(track) : undefined
    if (rows === undefined) return undefined
    for (const row of rows) {
      if (!matches(row, filter) || (track === from?.track && !isBehind(row, from))) continue
      if (found.length === limit) return pageOf(found, true)
      found.push(row)
    }
  }
  return pageOf(found, false)
}

interface PlaceInList {
  track: string
  sort: number
  key: string
}

const placeIn = (after: string): PlaceInList => {
  const [track, sort, key] = readCursor(after, { name: 'default', by: 3 })
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

const pageOf = (rows: Row[], more: boolean): RowPage => ({
  rows,
  cursor: index => {
    const { answer, sort } = rows[index] as Row // one of the page
    return writeCursor('default', [answer.track, sort, answer.key])
  },
  more,
})
