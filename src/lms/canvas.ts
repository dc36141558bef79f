import type { Answer } from '../model/curriculum.ts'
import { deleted, narrowed } from './changed.ts'
import { csvRow } from './csv.ts'
import type { Export, Format } from './format.ts'
import { type Content, cut, markup, nameOf } from './markup.ts'
import { by, scopeOptions, since } from './options.ts'
import { tierTitles } from './scope.ts'
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
    yield canvasHeader
    for (const row of canvasRows(exported)) yield canvasRow(row)
    for (const { noun, guid, title } of deleted(exported))
      yield canvasRow({ guid, type: noun === 'skill' ? 'outcome' : 'group', title: name(title), state: 'deleted' })
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
  /** The group it stands below; empty at the top. */
  parent?: string
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

/** Each group before what stands below it: Canvas looks for parents in the same file. */
export const canvasRows = function* (exported: Export): Iterable<CanvasRow> {
  const { whole, asked } = exported
  const { track } = whole
  const [html, tierTitle] = [skillHtml(whole), tierTitles(whole)]
  yield group(track.key, track.title, paragraph(track.summary), '')
  for (const { category, cells } of branches(narrowed(exported))) {
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

export const canvasRow = ({ guid, type, title, description = '', state, parent = '' }: CanvasRow): string => {
  const method = type === 'outcome' ? 'highest' : ''
  const rated = type === 'outcome' && state === 'active' ? [mastery, ...ratings] : []
  const cells = [guid, type, title, description, '', method, '', state, parent, ...rated]
  return csvRow([...cells, ...columns.slice(cells.length).map(() => '')])
}

const name = (title: string): string => cut(nameOf(title), 255)
