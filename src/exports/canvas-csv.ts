import type { Answer } from '../model/curriculum.ts'
import { type Changed, candidates, deleted, type Scoped } from './changed-rows.ts'
import { csvRow } from './csv.ts'
import type { Export, Format } from './format.ts'
import { type Content, cut, markup, nameOf } from './markup.ts'
import { type Asked, by, scopeOptions, since } from './options.ts'
import { tierTitles } from './select.ts'
import { paragraph, skillHtml } from './skill-html.ts'
import { branches, categoryId, skillId } from './tree.ts'

/** Outcomes as Canvas imports them: it makes what is new, changes what it has and takes away what is deleted. */
export const canvas: Format = {
  name: 'canvas.csv',
  mediaType: 'text/csv; charset=utf-8',
  ending: '-canvas.csv',
  description: 'Outcomes for Canvas: import them on its Outcomes page or through its API, and again when they change.',
  options: [by('What an outcome stands below.', 'category', 'tier'), since, ...scopeOptions],
  chunks: function* (exported) {
    const { changed, asked } = exported
    yield canvasHeader
    for (const row of changed === undefined ? canvasRows(exported, asked) : changedRows(exported, changed))
      yield canvasRow(row)
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
  /** The group it stands below; empty at the top, and for what is deleted. */
  parent: string
}

/** `ratings` is the last that has a name; the cells behind it belong to it. */
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

export const canvasHeader = csvRow(columns)

const ratings = ['4', 'Exceeds', '3', 'Meets', '0', 'Not yet']
const mastery = '3'

/**
 * The rows that differ from those at the cursor, with the groups above them, and what is gone as deleted. A file without a row
 * is refused by Canvas, so the track's own group stands in it where nothing differs.
 */
const changedRows = ({ whole, chosen, asked }: Export, changed: Changed): CanvasRow[] => {
  const skills = candidates(chosen.skills, { whole, changed })
  const rows = [...canvasRows({ whole, chosen: { ...chosen, skills } }, asked)]
  const before = rowsBefore(changed.before, new Set(skills.map(({ id }) => id)), asked)
  const differing = rows.filter(row => before.get(row.guid) !== canvasRow(row))
  const gone = deleted(whole, changed).map(
    ({ noun, guid, title }): CanvasRow => ({
      guid,
      type: noun === 'skill' ? 'outcome' : 'group',
      title: name(title),
      state: 'deleted',
      parent: '',
    }),
  )
  return differing.length + gone.length === 0 ? rows.slice(0, 1) : [...withGroups(rows, differing), ...gone]
}

/** The rows of these skills and of all groups at the cursor, by their identifiers. */
const rowsBefore = (before: Scoped | undefined, ids: ReadonlySet<string>, asked: Asked): Map<string, string> => {
  if (before === undefined) return new Map()
  const { whole, chosen } = before
  const skills = chosen.skills.filter(({ id }) => ids.has(id))
  const rows = [...canvasRows({ whole, chosen: { ...chosen, skills } }, asked)]
  return new Map(rows.map(row => [row.guid, canvasRow(row)]))
}

/** Some of the rows, with every group above them: Canvas takes no row whose parents it has not read in the same file. */
export const withGroups = (rows: readonly CanvasRow[], some: readonly CanvasRow[]): CanvasRow[] => {
  const byGuid = new Map(rows.map(row => [row.guid, row]))
  const wanted = new Set(some)
  for (const row of some)
    for (let group = byGuid.get(row.parent); group !== undefined; group = byGuid.get(group.parent)) wanted.add(group)
  return rows.filter(row => wanted.has(row))
}

/** Each group before what stands below it. */
export const canvasRows = function* ({ whole, chosen }: Scoped, asked: Asked): Iterable<CanvasRow> {
  const { track } = whole
  const [html, tierTitle] = [skillHtml(whole), tierTitles(whole)]
  yield group(track.key, track.title, paragraph(track.summary), '')
  for (const { category, cells } of branches(chosen)) {
    const above = categoryId(category)
    yield group(above, category.title, paragraph(category.summary), track.key)
    for (const { id, tier, skills } of cells) {
      if (asked.by === 'tier') yield group(id, tierTitle(tier), undefined, above)
      for (const skill of skills) yield outcome(skill, html.description(skill).text, asked.by === 'tier' ? id : above)
    }
  }
}

const group = (guid: string, title: string, about: Content, parent: string): CanvasRow => ({
  guid,
  type: 'group',
  title: name(title),
  description: markup`${about}`.text,
  state: 'active',
  parent,
})

const outcome = (skill: Answer<'skill'>, description: string, parent: string): CanvasRow => ({
  guid: skillId(skill),
  type: 'outcome',
  title: name(skill.title),
  description,
  state: 'active',
  parent,
})

export const canvasRow = ({ guid, type, title, description = '', state, parent }: CanvasRow): string => {
  const method = type === 'outcome' ? 'highest' : ''
  const rated = type === 'outcome' && state === 'active' ? [mastery, ...ratings] : []
  const cells = [guid, type, title, description, '', method, '', state, parent, ...rated]
  return csvRow([...cells, ...columns.slice(cells.length).map(() => '')])
}

const name = (title: string): string => cut(nameOf(title), 255)
