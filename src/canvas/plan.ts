import { type CanvasRow, canvasHeader, canvasRow } from '../lms/canvas.ts'
import type { Held, RowError } from './site.ts'

/** What a place is to hold of a track. */
export interface Wanted {
  rows: CanvasRow[]
  /** The identifiers of all that the track holds, in scope or not. */
  whole: ReadonlySet<string>
  /** The track's slug, and those that it had. */
  slugs: readonly string[]
}

/** The rows to import: what differs, the groups above it, and what is gone as deleted. None where all is in step. */
export const rowsFor = (
  { rows, whole, slugs }: Wanted,
  held: ReadonlyMap<string, Held>,
  shared: ReadonlySet<string>,
): { send: CanvasRow[]; words: string[]; left: string[] } => {
  const changed = rows.filter(row => differs(row, held.get(row.guid)))
  const { deleted, left } = gone(whole, slugs, held, shared)
  const above = new Set<string>()
  const byGuid = new Map(rows.map(row => [row.guid, row]))
  for (const row of changed) for (let up = row.parent; up; up = byGuid.get(up)?.parent) above.add(up)
  const sent = new Set(changed)
  return {
    send: [...rows.filter(row => sent.has(row) || above.has(row.guid)), ...deleted],
    words: [
      ...changed.map(row => `${held.has(row.guid) ? 'update' : 'create'} ${named(row)}`),
      ...deleted.map(row => `delete ${named(row)}`),
    ],
    left: left.map(named),
  }
}

/** A file of the rows, as Canvas imports it. */
export const fileOf = (rows: readonly CanvasRow[]): string => [canvasHeader, ...rows.map(canvasRow)].join('')

/** What Canvas says of rows, with what stands there. */
export const explained = (rows: readonly CanvasRow[], errors: readonly RowError[]): string[] =>
  errors.map(([number, message]) => {
    const row = rows[number - 2] // the header is row 1
    return `${row === undefined ? `row ${number}` : named(row)}: ${message}`
  })

const named = ({ guid, title }: CanvasRow): string => `${guid} (${title})`

/** Canvas cleans descriptions: what counts is what they say and where they lead. */
const differs = ({ title, description = '', parent = '' }: CanvasRow, there: Held | undefined): boolean =>
  there === undefined ||
  there.title !== title ||
  said(there.description) !== said(description) ||
  there.parents.length !== 1 ||
  (there.parents[0] ?? '') !== parent

const said = (html: string): string => {
  const links = [...html.matchAll(/\shref="([^"]*)"/g)].map(([, address]) => address)
  return decoded([html.replace(/<[^>]*>/g, ' '), ...links].join(' '))
    .replace(/\s+/g, ' ')
    .trim()
}

const decoded = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

/**
 * What was imported of the track and is no longer in it, outcomes before their groups and the deepest groups first. A group
 * in which somebody has put something of his own stays, with those above it: deleting it would delete that too.
 */
const gone = (
  whole: ReadonlySet<string>,
  slugs: readonly string[],
  held: ReadonlyMap<string, Held>,
  shared: ReadonlySet<string>,
): { deleted: CanvasRow[]; left: CanvasRow[] } => {
  const prefixes = slugs.flatMap(slug => [`${slug}.skill.`, `${slug}.category.`])
  const isOurs = (guid: string) => prefixes.some(prefix => guid.startsWith(prefix)) || slugs.slice(1).includes(guid)
  const keeps = new Set(shared)
  for (const guid of shared)
    for (let up = held.get(guid)?.parents[0]; up !== undefined && !keeps.has(up); up = held.get(up)?.parents[0])
      keeps.add(up)
  const rows = [...held]
    .filter(([guid]) => isOurs(guid) && !whole.has(guid))
    .map(([guid, { type, title }]): CanvasRow => ({ guid, type, title, state: 'deleted' }))
  const depth = ({ guid, type }: CanvasRow) => (type === 'outcome' ? Number.POSITIVE_INFINITY : guid.split('.').length)
  return {
    deleted: rows.filter(({ guid }) => !keeps.has(guid)).sort((one, other) => depth(other) - depth(one) || 0),
    left: rows.filter(({ guid }) => keeps.has(guid)),
  }
}
