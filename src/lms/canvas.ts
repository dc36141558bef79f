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
    yield csvRow(columns)
    yield* groupsAndOutcomes(exported)
    for (const { noun, guid, title } of deleted(exported))
      yield noun === 'skill'
        ? row([guid, 'outcome', name(title), '', '', 'highest', '', 'deleted'])
        : row([guid, 'group', name(title), '', '', '', '', 'deleted'])
  },
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

const ratings = ['4', 'Exceeds', '3', 'Meets', '0', 'Not yet']
const mastery = '3'

/** Each group before what stands below it: Canvas looks for parents in the same file. */
const groupsAndOutcomes = function* (exported: Export): Iterable<string> {
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

const group = (guid: string, title: string, about: Content, parent: string): string =>
  row([guid, 'group', name(title), markup`${about}`.text, '', '', '', 'active', parent])

const outcome = (skill: Answer<'skill'>, about: string, parent: string): string =>
  row([skillId(skill), 'outcome', name(skill.title), about, '', 'highest', '', 'active', parent, mastery, ...ratings])

const row = (cells: string[]): string => csvRow([...cells, ...columns.slice(cells.length).map(() => '')])

const name = (title: string): string => cut(nameOf(title), 255)
