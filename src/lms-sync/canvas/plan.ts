import { type CanvasRow, canvasHeaderLine, canvasRowLine, withParentGroups } from '../../exports/canvas-csv.ts'
import type { CanvasObject, RowError } from './site.ts'

/** The outcomes of a track that Canvas should have. */
export interface WantedOutcomes {
  rows: CanvasRow[]
  /** The identifiers of everything in the track, in scope or not. */
  allGuids: ReadonlySet<string>
  /** The track's slug, and its former ones. */
  slugs: readonly string[]
}

/**
 * Returns the rows to import: differing ones, their parent groups, and removed ones as deleted; none when Canvas is up to
 * date. `notices` are sentences about objects that stay in Canvas although the track no longer has them.
 */
export const planImport = (
  { rows, allGuids, slugs }: WantedOutcomes,
  existing: ReadonlyMap<string, CanvasObject>,
  groupsWithOthers: ReadonlySet<string>,
): { rows: CanvasRow[]; changes: string[]; notices: string[] } => {
  const changed = rows.filter(row => differs(row, existing.get(row.guid)))
  const { deleted, notices } = findRemoved(allGuids, slugs, existing, groupsWithOthers)
  return {
    rows: [...withParentGroups(rows, changed), ...deleted],
    changes: [
      ...changed.map(row => `${existing.has(row.guid) ? 'update' : 'create'} ${rowLabel(row)}`),
      ...deleted.map(row => `delete ${rowLabel(row)}`),
    ],
    notices,
  }
}

/** Formats the rows as a file for Canvas's import. */
export const toCsv = (rows: readonly CanvasRow[]): string => [canvasHeaderLine, ...rows.map(canvasRowLine)].join('')

/** Formats the errors of an import, with the identifier and title of each row. */
export const explainErrors = (rows: readonly CanvasRow[], errors: readonly RowError[]): string[] =>
  errors.map(([number, message]) => {
    const row = rows[number - 2] // the header is row 1
    return `${row === undefined ? `row ${number}` : rowLabel(row)}: ${message}`
  })

const rowLabel = ({ guid, title }: CanvasRow): string => `${guid} (${title})`

/** Compares a row with its object. Canvas changes the HTML of descriptions, so only their text and link targets are compared. */
const differs = ({ title, description = '', parent }: CanvasRow, current: CanvasObject | undefined): boolean =>
  current === undefined ||
  current.title !== title ||
  comparableText(current.description) !== comparableText(description) ||
  current.parents.length !== 1 ||
  (current.parents[0] ?? '') !== parent

const comparableText = (html: string): string => {
  const links = [...html.matchAll(/\shref="([^"]*)"/g)].map(([, address]) => address)
  return decodeEntities([html.replace(/<[^>]*>/g, ' '), ...links].join(' '))
    .replace(/\s+/g, ' ')
    .trim()
}

const decodeEntities = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

/**
 * Finds what was imported from the track and is no longer in it: outcomes before their groups, the deepest groups first.
 * Canvas does not delete an aligned outcome, but deletes a group with all its contents: so a group that contains such an
 * outcome, or something that no sync imported, stays, and so do its parents.
 */
const findRemoved = (
  allGuids: ReadonlySet<string>,
  slugs: readonly string[],
  existing: ReadonlyMap<string, CanvasObject>,
  shared: ReadonlySet<string>,
): { deleted: CanvasRow[]; notices: string[] } => {
  const prefixes = slugs.flatMap(slug => [`${slug}.skill.`, `${slug}.category.`])
  const isOurs = (guid: string) => prefixes.some(prefix => guid.startsWith(prefix)) || slugs.slice(1).includes(guid)
  const missing = [...existing].filter(([guid]) => isOurs(guid) && !allGuids.has(guid))
  const aligned = missing.filter(([, { deletable }]) => !deletable).map(([guid]) => guid)
  const retained = new Set([...shared, ...aligned])
  for (const guid of [...retained])
    for (
      let up = existing.get(guid)?.parents[0];
      up !== undefined && !retained.has(up);
      up = existing.get(up)?.parents[0]
    )
      retained.add(up)
  const rows = missing.map(
    ([guid, { type, title }]): CanvasRow => ({ guid, type, title, state: 'deleted', parent: '' }),
  )
  const depthOf = (guid: string | undefined): number =>
    guid === undefined ? 0 : 1 + depthOf(existing.get(guid)?.parents[0])
  const depth = ({ guid, type }: CanvasRow) => (type === 'outcome' ? Number.POSITIVE_INFINITY : depthOf(guid))
  return {
    deleted: rows.filter(({ guid }) => !retained.has(guid)).sort((one, other) => depth(other) - depth(one) || 0),
    notices: rows
      .filter(({ guid }) => retained.has(guid))
      .map(row => `${rowLabel(row)}: no longer in the track, but ${reasons[row.type]}`),
  }
}

const reasons: Record<CanvasRow['type'], string> = {
  group: 'stays in Canvas because it contains something else',
  outcome: 'stays in Canvas because something is aligned to it or the token may not delete it',
}
