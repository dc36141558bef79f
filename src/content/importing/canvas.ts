import { Refused } from '../../errors.ts'
import { buildCanvasRows } from '../../exports/canvas-csv.ts'
import type { Document } from '../../model/document.ts'
import { Text, Title } from '../../model/text.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { addCompetencies, type Competency, type WrittenCells } from './competencies.ts'
import { readCsvTable } from './csv-table.ts'
import { parseHtml, toPlainText } from './html-blocks.ts'
import {
  collectItems,
  type ImportedFields,
  type ImportedFile,
  type ImportedTrack,
  type ItemCollector,
  type Place,
} from './imported-track.ts'
import { isHtml } from './outcome-description.ts'
import { parseOwnId, toTrackDocument } from './own-items.ts'

export interface CanvasOptions {
  /** The slug of the track. */
  track: string
  /** The tier of new skills for which the file names none. */
  tier: Tier
}

/** Reads outcomes as Canvas and the export `canvas.csv` write them. */
export const readCanvas = (
  file: ImportedFile,
  { track, tier }: CanvasOptions,
  existing: Document | undefined,
): ImportedTrack => {
  const collector = collectItems()
  const { rows, text } = readCsvTable(file, collector)
  const [head, ...body] = rows
  const names = head?.cells.map(name => name.trim().toLowerCase()) ?? []
  const missing = required.filter(name => !names.includes(name))
  if (missing.length > 0)
    throw new Refused(
      `${file.name} is not a file of Canvas's outcomes: it has no column ${missing.join(' and no column ')}`,
    )
  const competencies: Competency[] = []
  for (const { cells, place: placeOf } of body) {
    const place = placeOf(0)
    const cell = (name: string): string => cells[names.indexOf(name)]?.trim() ?? ''
    const [id, title] = [cell('vendor_guid'), cell('title')]
    if (cell('workflow_state') === 'deleted')
      collector.note(place, `"${title}" is deleted in Canvas, and not imported; --prune removes it from the track`)
    else if (id === '' || title === '') collector.unplaced(place, 'a row needs a vendor_guid and a title')
    else if (!['group', 'outcome'].includes(cell('object_type')))
      collector.unplaced(
        place,
        `"${title}" is neither a group nor an outcome: its object_type is "${cell('object_type')}"`,
      )
    else {
      competencies.push(toCompetency(cell, place))
      reportUnplaced(cell, place, collector)
    }
  }
  if (competencies.length === 0) throw new Refused(`${file.name} has no outcomes`)
  const root = rootOf(competencies)
  const rest = competencies
    .filter(({ id }) => id !== root?.id)
    .map(one => ({ ...one, parents: one.parents.filter(parent => parent !== root?.id) }))
  const tiers = addCompetencies(rest, {
    collector,
    existing,
    tier,
    fallback: root?.title ?? 'General',
    written: writtenCells(existing),
  })
  return {
    track: { ...(root && trackFields(root, track)), tiers },
    items: collector.items,
    complete: ['category', 'skill'],
    notes: collector.notes,
    ...(text !== undefined && { text }),
  }
}

const required = ['vendor_guid', 'object_type', 'title']

const toCompetency = (cell: (name: string) => string, place: Place): Competency => {
  const description = cell('description')
  return {
    id: cell('vendor_guid'),
    title: cell('title'),
    description,
    format: isHtml(description) ? 'html' : 'text',
    parents: cell('parent_guids')
      .split(/\s+/)
      .filter(id => id !== ''),
    isCategory: cell('object_type') === 'group',
    related: [],
    place,
  }
}

/** The columns of texts that a track has no field for. */
const reportUnplaced = (cell: (name: string) => string, place: Place, collector: ItemCollector): void => {
  for (const name of ['display_name', 'friendly_description'])
    if (cell(name) !== '' && cell(name) !== cell('title'))
      collector.unplaced(place, `the ${name} of "${cell('title')}": "${cell(name).slice(0, 80)}"`)
}

/** Returns the group of the track, which an export of this service writes above the categories. */
const rootOf = (competencies: readonly Competency[]): Competency | undefined => {
  const tracks = new Set(competencies.flatMap(({ id }) => (parseOwnId(id) === undefined ? [] : [id.split('.')[0]])))
  return competencies.find(({ id, parents }) => parents.length === 0 && tracks.has(id))
}

const trackFields = ({ id, title, description }: Competency, track: string): ImportedFields<'track'> => ({
  ...(Title.safeParse(title).success && { title }),
  summary: Text.safeParse(toPlainText(parseHtml(description).blocks)).data ?? null,
  externalId: id === track ? null : id,
})

const writtenCells = (existing: Document | undefined): ReadonlyMap<string, WrittenCells> => {
  if (existing === undefined) return new Map()
  const document = toTrackDocument(existing)
  return new Map(
    [...buildCanvasRows({ document, selection: document }, {})].map(({ guid, title, description = '' }) => [
      guid,
      { title, description },
    ]),
  )
}
