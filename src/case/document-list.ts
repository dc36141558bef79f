import type { Catalog } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { toDocument } from './documents.ts'
import { collator, matchesFilter, valuesAt } from './filter.ts'
import { type FrameworkCache, listTracks } from './framework-cache.ts'
import type { ListQuery } from './list-query.ts'
import type { CFDocument } from './objects.ts'
import { type Site, toVersion, uriOf } from './versions.ts'

/** Returns a page of the documents, and the headers with its links and the total count. */
export const listDocuments = async (
  catalog: Catalog,
  frameworks: FrameworkCache,
  site: Site,
  query: ListQuery,
): Promise<{ body: { CFDocuments: object[] }; headers: Record<string, string> }> => {
  // The change time needs the whole track: unless the query uses it, only the tracks of the page are read.
  const usesChangeTime =
    query.sort === changeTimeField || query.filter?.conditions.some(({ field }) => field === changeTimeField) === true
  const loadRow = async (track: Item<'track'>): Promise<CFDocument> => {
    const changedAt = await frameworks.changedAt(catalog, track.key)
    return toVersion(site, toDocument(site, track, changedAt ?? track.updatedAt))
  }
  const matches: { track: Item<'track'>; row: CFDocument }[] = []
  for (const track of await listTracks(catalog)) {
    const row = usesChangeTime ? await loadRow(track) : toVersion(site, toDocument(site, track, track.updatedAt))
    if (query.filter === undefined || matchesFilter(query.filter, row)) matches.push({ track, row })
  }
  const sorted = query.sort === undefined ? matches : sortRows(matches, query.sort, query.descending)
  const rows: object[] = []
  for (const { track, row } of sorted.slice(query.offset, query.offset + query.limit))
    rows.push(selectFields(usesChangeTime ? row : await loadRow(track), query.fields))
  return {
    body: { CFDocuments: rows },
    headers: { 'x-total-count': String(matches.length), link: linkHeader(site, query, matches.length) },
  }
}

const changeTimeField = 'lastChangeDateTime'

const sortRows = <T extends { row: CFDocument }>(found: T[], field: string, descending: boolean): T[] => {
  const value = ({ row }: T) => valuesAt(row, field.split('.')).join()
  const direction = descending ? -1 : 1
  return found.sort((one, other) => direction * collator.compare(value(one), value(other)))
}

const selectFields = (row: CFDocument, fields: readonly string[] | undefined): object =>
  fields === undefined ? row : Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))

/** Builds the Link header (RFC 8288) with absolute URLs, as in the standard; the last page may be shorter. */
const linkHeader = (site: Site, { limit, offset, pageParameters }: ListQuery, total: number): string => {
  const link = (rel: string, limit: number, offset: number) => {
    const query = new URLSearchParams({ ...pageParameters, limit: String(limit), offset: String(offset) })
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
