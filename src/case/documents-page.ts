import type { Catalog } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Site, uriOf } from './addresses.ts'
import { documentAnswer } from './documents.ts'
import { inVersion } from './downgrade.ts'
import { collator, passes, valuesAt } from './filter.ts'
import type { Frameworks } from './frameworks.ts'
import type { ListQuery } from './list-query.ts'
import type { CFDocument } from './objects.ts'
import { everyTrack } from './tracks.ts'

/** A page of the list of documents, and the headers that lead on. */
export const documentsPage = async (
  catalog: Catalog,
  frameworks: Frameworks,
  site: Site,
  query: ListQuery,
): Promise<{ body: { CFDocuments: object[] }; headers: Record<string, string> }> => {
  // When a track last changed takes reading all of it: where it decides nothing, only the tracks of the page are read.
  const timely = query.sort === time || query.filter?.conditions.some(({ field }) => field === time) === true
  const rowOf = async (track: Answer<'track'>): Promise<CFDocument> => {
    const changedAt = await frameworks.changedAt(catalog, track.key)
    return inVersion(site, documentAnswer(site, track, changedAt ?? track.updatedAt))
  }
  const found: { track: Answer<'track'>; row: CFDocument }[] = []
  for (const track of await everyTrack(catalog)) {
    const row = timely ? await rowOf(track) : inVersion(site, documentAnswer(site, track, track.updatedAt))
    if (query.filter === undefined || passes(query.filter, row)) found.push({ track, row })
  }
  const sorted = query.sort === undefined ? found : sortedBy(found, query.sort, query.descending)
  const rows: object[] = []
  for (const { track, row } of sorted.slice(query.offset, query.offset + query.limit))
    rows.push(selected(timely ? row : await rowOf(track), query.fields))
  return {
    body: { CFDocuments: rows },
    headers: { 'x-total-count': String(found.length), link: links(site, query, found.length) },
  }
}

const time = 'lastChangeDateTime'

const sortedBy = <T extends { row: CFDocument }>(found: T[], field: string, descending: boolean): T[] => {
  const value = ({ row }: T) => valuesAt(row, field.split('.')).join()
  const turned = descending ? -1 : 1
  return found.sort((one, other) => turned * collator.compare(value(one), value(other)))
}

const selected = (row: CFDocument, fields: readonly string[] | undefined): object =>
  fields === undefined ? row : Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))

/** Absolute, as the standard shows them; the last page is as long as what is left. */
const links = (site: Site, { limit, offset, rest }: ListQuery, total: number): string => {
  const link = (rel: string, most: number, from: number) => {
    const query = new URLSearchParams({ ...rest, limit: String(most), offset: String(from) })
    return `<${uriOf(site, 'CFDocuments', '').slice(0, -1)}?${query}>; rel="${rel}"`
  }
  const last = Math.floor(Math.max(total - 1, 0) / limit) * limit
  return [
    ...(offset + limit < total ? [link('next', limit, offset + limit)] : []),
    link('last', Math.max(total - last, 1), last),
    link('first', limit, 0),
    ...(offset > 0 ? [link('prev', Math.min(limit, offset), Math.max(offset - limit, 0))] : []),
  ].join(', ')
}
