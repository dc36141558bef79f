import type { Served } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { csvRow } from './csv.ts'
import type { Format } from './format.ts'
import { cut, type Markup, markup, nameOf } from './markup.ts'
import { by, idnumber, scopeOptions } from './options.ts'
import { tierTitles } from './scope.ts'
import { paragraph, skillHtml } from './skill-html.ts'
import { branches, type Cell, categoryId, skillId } from './tree.ts'

/** A competency framework as Moodle imports it. */
export const moodle: Format = {
  name: 'moodle.csv',
  mediaType: 'text/csv; charset=utf-8',
  ending: '-moodle.csv',
  description: 'A competency framework for Moodle: import it under Site administration, Competencies.',
  options: [by('What stands between a category and its skills.', 'tier', 'category'), idnumber, ...scopeOptions],
  chunks: function* ({ whole, chosen, asked }) {
    const row = rowsOf(whole, chosen)
    const tiered = asked.by !== 'category'
    yield csvRow(columns)
    yield framework(chosen.track, asked.idnumber ?? chosen.track.slug, tiered)
    for (const { category, cells } of branches(chosen)) {
      yield row.category(category)
      for (const cell of cells) {
        if (tiered) yield row.cell(cell)
        for (const skill of cell.skills) yield row.skill(skill, tiered ? cell.id : categoryId(category))
      }
    }
  },
}

/** Moodle goes by their order. */
const columns = [
  'Parent ID number',
  'ID number',
  'Short name',
  'Description',
  'Description format',
  'Scale values',
  'Scale configuration',
  'Rule type (optional)',
  'Rule outcome (optional)',
  'Rule config (optional)',
  'Cross-referenced competency ID numbers',
  'Exported ID (optional)',
  'Is framework',
  'Taxonomy',
]

const html = '1'

/** A scale that every Moodle has, and what stands for having learnt it. */
const scale = 'Not yet competent,Competent'
const scaleConfiguration =
  '[{"scaleid":"1"},{"id":1,"scaledefault":1,"proficient":0},{"id":2,"scaledefault":0,"proficient":1}]'

const framework = ({ title, summary, introduction }: Answer<'track'>, id: string, tiered: boolean): string => {
  const about = described(markup`${paragraph(summary)}${paragraph(introduction)}`)
  const levels = tiered ? 'domain,level,skill' : 'domain,skill'
  return csvRow(['', id, shortName(title), about, html, scale, scaleConfiguration, '', '', '', '', '', '1', levels])
}

const competency = (parent: string, id: string, name: string, about: Markup, related: string[] = []): string =>
  csvRow([parent, id, name, described(about), html, '', '', '', '0', 'null', related.join(','), '', '', ''])

const rowsOf = (whole: Served, chosen: Served) => {
  const [html, tierTitle] = [skillHtml(whole), tierTitles(whole)]
  const goals = new Map(whole.track.tiers.map(({ tier, goal }) => [tier, goal]))
  const inside = new Set(chosen.skills.map(({ key }) => key))
  return {
    category: (category: Answer<'category'>): string =>
      competency('', categoryId(category), shortName(category.title), markup`${paragraph(category.summary)}`),
    cell: ({ id, category, tier }: Cell): string =>
      competency(
        categoryId(category),
        id,
        groupName(category.title, tierTitle(tier)),
        markup`${paragraph(goals.get(tier) ?? null)}`,
      ),
    skill: (skill: Answer<'skill'>, parent: string): string =>
      competency(
        parent,
        skillId(skill),
        shortName(skill.title),
        html.description(skill),
        skill.prerequisites.filter(key => inside.has(key)).map(key => skillId({ key })),
      ),
  }
}

/** PHP's reader of CSV takes a backslash before a quote for an escape. */
const described = ({ text }: Markup): string => text.replaceAll('\\', '&#92;')

const longest = 100

const shortName = (title: string): string => cut(readable(title), longest)

/** Both are told, however long one of them is. */
const groupName = (category: string, tier: string): string => {
  const name = `${readable(category)}: ${readable(tier)}`
  return [...name].length <= longest ? name : `${cut(readable(category), 58)}: ${cut(readable(tier), 40)}`
}

/**
 * A title as a short name, which is neither HTML nor left as it is: what looks like a tag is taken out, so that angle
 * brackets become others; and a backslash before a quote or at the end breaks the file, so that another stroke stands there.
 */
const readable = (title: string): string => angled(nameOf(title)).replace(/\\(?="|$)/g, '∖')

const angled = (name: string): string => {
  let open = 0
  return name.replace(/<(?! )|>/g, bracket => {
    if (bracket === '<') {
      open++
      return '‹'
    }
    if (open === 0) return bracket
    open--
    return '›'
  })
}
