import { type CanvasRow, canvasHeaderLine, canvasRowLine, withParentGroups } from '../../exports/canvas-csv.ts'
import type { Held, RowError } from './site.ts'

/** What a place is to hold of a track. */
export interface Wanted {
  rows: CanvasRow[]
  /** The identifiers of all that the track holds, in scope or not. */
  whole: ReadonlySet<string>
  /** The track's slug, and those that it had. */
  slugs: readonly string[]
}

/** The rows to import: what differs, the groups above it, and what is gone as deleted; none where all is in step. `left` are sentences about what stays in Canvas. */
export const rowsFor = (
  { rows, whole, slugs }: Wanted,
  held: ReadonlyMap<string, Held>,
  shared: ReadonlySet<string>,
): { send: CanvasRow[]; words: string[]; left: string[] } => {
  const changed = rows.filter(row => differs(row, held.get(row.guid)))
  const { deleted, left } = gone(whole, slugs, held, shared)
  return {
    send: [...withParentGroups(rows, changed), ...deleted],
    words: [
      ...changed.map(row => `${held.has(row.guid) ? 'update' : 'create'} ${named(row)}`),
      ...deleted.map(row => `delete ${named(row)}`),
    ],
    left,
  }
}

/** A file of the rows, as Canvas imports it. */
export const fileOf = (rows: readonly CanvasRow[]): string => [canvasHeaderLine, ...rows.map(canvasRowLine)].join('')

/** What Canvas says of rows, with what stands there. */
export const explained = (rows: readonly CanvasRow[], errors: readonly RowError[]): string[] =>
  errors.map(([number, message]) => {
    const row = rows[number - 2] // the header is row 1
    return `${row === undefined ? `row ${number}` : named(row)}: ${message}`
  })

const named = ({ guid, title }: CanvasRow): string => `${guid} (${title})`

/** Canvas cleans descriptions: what counts is what they say and where they lead. */
const differs = ({ title, description = '', parent }: CanvasRow, there: Held | undefined): boolean =>
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
 * What was imported of the track and is no longer in it, outcomes before their groups and the deepest groups first. Canvas keeps
 * an outcome that something is aligned to, and deletes a group with all that is in it: a group that holds such an outcome, or
 * something made by hand, stays, with those above it.
 */
const gone = (
  whole: ReadonlySet<string>,
  slugs: readonly string[],
  held: ReadonlyMap<string, Held>,
  shared: ReadonlySet<string>,
): { deleted: CanvasRow[]; left: string[] } => {
  const prefixes = slugs.flatMap(slug => [`${slug}.skill.`, `${slug}.category.`])
  const isOurs = (guid: string) => prefixes.some(prefix => guid.startsWith(prefix)) || slugs.slice(1).includes(guid)
  const missing = [...held].filter(([guid]) => isOurs(guid) && !whole.has(guid))
  const aligned = missing.filter(([, { deletable }]) => !deletable).map(([guid]) => guid)
  const keeps = new Set([...shared, ...aligned])
  for (const guid of [...keeps])
    for (let up = held.get(guid)?.parents[0]; up !== undefined && !keeps.has(up); up = held.get(up)?.parents[0])
      keeps.add(up)
  const rows = missing.map(
    ([guid, { type, title }]): CanvasRow => ({ guid, type, title, state: 'deleted', parent: '' }),
  )
  const depth = ({ guid, type }: CanvasRow) => (type === 'outcome' ? Number.POSITIVE_INFINITY : guid.split('.').length)
  return {
    deleted: rows.filter(({ guid }) => !keeps.has(guid)).sort((one, other) => depth(other) - depth(one) || 0),
    left: rows
      .filter(({ guid }) => keeps.has(guid))
      .map(row => `${named(row)}: gone from the track, and ${reasons[row.type]}`),
  }
}

const reasons: Record<CanvasRow['type'], string> = {
  group: 'kept in Canvas for what else stands in it',
  outcome: 'kept in Canvas, where something is aligned to it or the token may not delete it',
}
