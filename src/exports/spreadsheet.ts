import type { TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { plainText } from '../text/html.ts'
import { csvRow } from './csv.ts'
import type { Format } from './format.ts'
import { nameOf } from './markup.ts'
import { bom, scopeOptions } from './options.ts'
import { tierTitles } from './select.ts'

/** Skills for people with a spreadsheet. */
export const spreadsheet: Format = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8',
  ending: '-skills.csv',
  description: 'A row a skill, for spreadsheets.',
  options: [bom, ...scopeOptions],
  chunks: function* ({ whole, chosen, asked }) {
    const columns = Object.entries(columnsOf(whole))
    if (asked.bom === 'true') yield '\ufeff'
    yield csvRow(columns.map(([name]) => name))
    for (const skill of chosen.skills) yield csvRow(columns.map(([, text]) => guarded(text(skill))))
  },
}

/** Several of something stand below each other in their cell. */
const columnsOf = (whole: TrackDocument): Record<string, (skill: Answer<'skill'>) => string> => {
  const tierTitle = tierTitles(whole)
  const [categories, skills, resources] = [named(whole.categories), named(whole.skills), named(whole.resources)]
  const urls = new Map(whole.resources.map(({ key, url }) => [key, url]))
  return {
    key: skill => skill.key,
    category: skill => categories(skill.category),
    tier: skill => nameOf(tierTitle(skill.tier)),
    position: skill => String(skill.position),
    title: skill => nameOf(skill.title),
    kind: skill => skill.kind,
    optional: skill => (skill.optional ? 'yes' : 'no'),
    summary: skill => plainText(skill.summary ?? ''),
    outcomes: skill => skill.outcomes.map(plainText).join('\n'),
    examples: skill => skill.examples.map(plainText).join('\n'),
    prerequisites: skill => skill.prerequisites.map(skills).join('\n'),
    resources: skill => skill.resources.map(resources).join('\n'),
    urls: skill => skill.resources.map(key => urls.get(key) ?? '').join('\n'),
    id: skill => skill.id,
    updatedAt: skill => skill.updatedAt,
  }
}

/** What is of another track is told by its key. */
const named = (list: readonly { key: string; title: string }[]): ((key: string) => string) => {
  const titles = new Map(list.map(({ key, title }) => [key, nameOf(title)]))
  return key => titles.get(key) ?? key
}

/** A spreadsheet would take these for the beginning of a formula. */
const guarded = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
