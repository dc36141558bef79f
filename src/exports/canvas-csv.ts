import type { Item } from '../model/curriculum.ts'
import { codeAndTitle } from '../model/skill.ts'
import type { MarkupContent } from '../text/html.ts'
import { affectedSkills, deletedRows, type ScopedTrack, type TrackChanges } from './changed-rows.ts'
import { csvRow } from './csv.ts'
import {
  type ExportInput,
  type Format,
  groupingOption,
  type OptionValues,
  scopeOptions,
  sinceOption,
} from './format.ts'
import { markup, plainTitle, truncate } from './markup.ts'
import { createSkillHtml, paragraph } from './noun-html.ts'
import { categoryId, groupByCategory, skillId, tierTitles } from './tree.ts'

/** Outcomes for Canvas's import, which creates new ones, updates existing ones and removes deleted ones. */
export const canvas: Format = {
  name: 'canvas.csv',
  mediaType: 'text/csv; charset=utf-8',
  fileNameSuffix: '-canvas.csv',
  description: 'Outcomes for Canvas: import them on its Outcomes page or through its API, and again when they change.',
  options: [
    groupingOption('The group of an outcome: its category, or its tier within the category.', 'category', 'tier'),
    sinceOption,
    ...scopeOptions,
  ],
  chunks: function* (input) {
    const { changes, options } = input
    yield canvasHeaderLine
    for (const row of changes === undefined ? buildCanvasRows(input, options) : buildChangedRows(input, changes))
      yield canvasRowLine(row)
  },
}

/** A row of the file: a group or an outcome. */
export interface CanvasRow {
  guid: string
  type: 'group' | 'outcome'
  title: string
  /** HTML. */
  description?: string
  state: 'active' | 'deleted'
  /** The identifier of the parent group; empty at the top, and for deleted rows. */
  parent: string
}

/** `ratings` is the last named column; the cells after it also belong to it. */
const columns = [
  'vendor_guid',
  'object_type',
  'title',
  'description',
  'display_name',
  'calculation_method',
  'calculation_int',
  'workflow_state',
  'parent_guids',
  'mastery_points',
  'ratings',
  ...Array.from({ length: 5 }, () => ''),
]

export const canvasHeaderLine = csvRow(columns)

const ratings = ['4', 'Exceeds', '3', 'Meets', '0', 'Not yet']
const masteryPoints = '3'

/**
 * Returns the rows that differ from those at the cursor, with their parent groups, and the deleted ones. Canvas rejects a
 * file without rows, so the track's own group is included when nothing differs.
 */
const buildChangedRows = ({ document, selection, options }: ExportInput, changes: TrackChanges): CanvasRow[] => {
  const skills = affectedSkills(selection.skills, { document, changes })
  const rows = [...buildCanvasRows({ document, selection: { ...selection, skills } }, options)]
  const previous = mapPreviousRows(changes.previous, new Set(skills.map(({ id }) => id)), options)
  const differing = rows.filter(row => previous.get(row.guid) !== canvasRowLine(row))
  const deleted = deletedRows(document, changes).map(
    ({ noun, guid, title }): CanvasRow => ({
      guid,
      type: noun === 'skill' ? 'outcome' : 'group',
      title: limitedTitle(title),
      state: 'deleted',
      parent: '',
    }),
  )
  return differing.length + deleted.length === 0 ? rows.slice(0, 1) : [...withParentGroups(rows, differing), ...deleted]
}

/** Maps identifiers to the rows of these skills and of all groups at the cursor. */
const mapPreviousRows = (
  previous: ScopedTrack | undefined,
  ids: ReadonlySet<string>,
  options: OptionValues,
): Map<string, string> => {
  if (previous === undefined) return new Map()
  const { document, selection } = previous
  const skills = selection.skills.filter(({ id }) => ids.has(id))
  const rows = [...buildCanvasRows({ document, selection: { ...selection, skills } }, options)]
  return new Map(rows.map(row => [row.guid, canvasRowLine(row)]))
}

/** Returns the selected rows and all their parent groups: Canvas rejects a row whose parents are not earlier in the same file. */
export const withParentGroups = (rows: readonly CanvasRow[], selected: readonly CanvasRow[]): CanvasRow[] => {
  const byGuid = new Map(rows.map(row => [row.guid, row]))
  const included = new Set(selected)
  for (const row of selected)
    for (let group = byGuid.get(row.parent); group !== undefined; group = byGuid.get(group.parent)) included.add(group)
  return rows.filter(row => included.has(row))
}

/** Yields each group before its contents. */
export const buildCanvasRows = function* (
  { document, selection }: ScopedTrack,
  options: OptionValues,
): Iterable<CanvasRow> {
  const { track } = document
  const [html, tierTitle] = [createSkillHtml(document), tierTitles(document)]
  yield group(track.key, track.title, paragraph(track.summary), '')
  for (const { category, cells } of groupByCategory(selection)) {
    const groupId = categoryId(category)
    const parentId = category.parent === null ? track.key : categoryId({ key: category.parent })
    yield group(groupId, category.title, paragraph(category.summary), parentId)
    for (const { id, tier, skills } of cells) {
      if (options.by === 'tier') yield group(id, tierTitle(tier), undefined, groupId)
      for (const skill of skills)
        yield outcome(skill, html.description(skill).text, options.by === 'tier' ? id : groupId)
    }
  }
}

const group = (guid: string, title: string, description: MarkupContent, parent: string): CanvasRow => ({
  guid,
  type: 'group',
  title: limitedTitle(title),
  description: markup`${description}`.text,
  state: 'active',
  parent,
})

const outcome = (skill: Item<'skill'>, description: string, parent: string): CanvasRow => ({
  guid: skillId(skill),
  type: 'outcome',
  title: limitedTitle(codeAndTitle(skill)),
  description,
  state: 'active',
  parent,
})

export const canvasRowLine = ({ guid, type, title, description = '', state, parent }: CanvasRow): string => {
  const method = type === 'outcome' ? 'highest' : ''
  const ratingCells = type === 'outcome' && state === 'active' ? [masteryPoints, ...ratings] : []
  const cells = [guid, type, title, description, '', method, '', state, parent, ...ratingCells]
  return csvRow([...cells, ...columns.slice(cells.length).map(() => '')])
}

const limitedTitle = (title: string): string => truncate(plainTitle(title), 255)
