import { Refused } from '../../errors.ts'
import { buildCompetencies } from '../../exports/moodle-framework.ts'
import type { Document } from '../../model/document.ts'
import { Text, Title } from '../../model/text.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { addCompetencies, type Competency, type WrittenCells } from './competencies.ts'
import { readCsvTable } from './csv-table.ts'
import { parseHtml } from './html-blocks.ts'
import { collectItems, type ImportedFields, type ImportedFile, type ImportedTrack } from './imported-track.ts'
import { toTrackDocument } from './own-items.ts'

export interface MoodleOptions {
  /** The slug of the track. */
  track: string
  /** The tier of new skills for which the file names none. */
  tier: Tier
}

/** Reads a competency framework as Moodle and the export `moodle.csv` write it. */
export const readMoodle = (
  file: ImportedFile,
  { track, tier }: MoodleOptions,
  existing: Document | undefined,
): ImportedTrack => {
  const collector = collectItems()
  const { rows, text } = readCsvTable(file, collector)
  const [head, ...body] = rows
  if (head === undefined || head.cells.length !== columns.length)
    throw new Refused(
      `${file.name} is not a competency framework of Moodle: its head has ${head?.cells.length ?? 0} columns instead of ${columns.length}, from "${columns[0]}" to "${columns.at(-1)}"`,
    )
  const frameworks: Row[] = []
  const competencies: Competency[] = []
  for (const { cells, place: placeOf } of body) {
    const place = placeOf(0)
    const row = Object.fromEntries(columns.map((name, index) => [name, cells[index]?.trim() ?? ''])) as Row // one entry a column
    if (isTrue(row['Is framework'])) {
      frameworks.push(row)
      if (frameworks.length > 1)
        collector.unplaced(place, `"${row['Short name']}" is another framework: the first one counts`)
    } else if (row['ID number'] === '' || row['Short name'] === '')
      collector.unplaced(place, 'a competency needs an ID number and a short name')
    else {
      competencies.push({ ...toCompetency(row), place })
      for (const name of ['Scale values', 'Rule type'] as const)
        if (row[name] !== '')
          collector.unplaced(
            place,
            `the ${name.toLowerCase()} of "${row['Short name']}": a track has no scales and rules`,
          )
    }
  }
  if (competencies.length === 0) throw new Refused(`${file.name} has no competencies`)
  const [framework] = frameworks
  const title = framework?.['Short name'] || 'General'
  const tiers = addCompetencies(competencies, {
    collector,
    existing,
    tier,
    fallback: title,
    written: writtenCells(existing),
  })
  return {
    track: { ...(framework && trackFields(framework, track)), tiers },
    items: collector.items,
    complete: ['category', 'skill'],
    notes: collector.notes,
    ...(text !== undefined && { text }),
  }
}

/** The columns in Moodle's order, by which its own import goes: their names depend on the language of the site. */
const columns = [
  'Parent ID number',
  'ID number',
  'Short name',
  'Description',
  'Description format',
  'Scale values',
  'Scale configuration',
  'Rule type',
  'Rule outcome',
  'Rule config',
  'Cross-referenced competency ID numbers',
  'Exported ID',
  'Is framework',
  'Taxonomy',
] as const

type Row = Record<(typeof columns)[number], string>

/** Returns true for a cell that PHP takes for true. */
const isTrue = (cell: string): boolean => cell !== '' && cell !== '0'

const toCompetency = (row: Row): Omit<Competency, 'place'> => ({
  id: row['ID number'],
  title: row['Short name'],
  description: cleanDescription(row.Description),
  format: row['Description format'] === '2' || row['Description format'] === '4' ? 'text' : 'html',
  parents: row['Parent ID number'] === '' ? [] : [row['Parent ID number']],
  isCategory: undefined,
  related: row['Cross-referenced competency ID numbers']
    .split(',')
    .flatMap(id => (id.trim() === '' ? [] : [id.trim().replaceAll('%2C', ',')])),
})

/** Removes the line that a synchronization adds, and writes backslashes as they are. */
const cleanDescription = (html: string): string =>
  html.replace(/<p><small>Kept in step by curriculum[^<]*<\/small><\/p>$/, '').replaceAll('&#92;', '\\')

const trackFields = (framework: Row, track: string): ImportedFields<'track'> => {
  const { blocks } = parseHtml(cleanDescription(framework.Description))
  const [summary, ...introduction] = blocks.map(({ text }) => text)
  const id = framework['ID number']
  return {
    ...(Title.safeParse(framework['Short name']).success && { title: framework['Short name'] }),
    summary: Text.safeParse(summary).data ?? null,
    introduction: Text.safeParse(introduction.join('\n\n')).data ?? null,
    externalId: id === '' || id === track ? null : id,
  }
}

const writtenCells = (existing: Document | undefined): ReadonlyMap<string, WrittenCells> => {
  if (existing === undefined) return new Map()
  const document = toTrackDocument(existing)
  return new Map(
    [...buildCompetencies(document, document, {})].map(({ idNumber, shortName, description }) => [
      idNumber,
      { title: shortName, description },
    ]),
  )
}
