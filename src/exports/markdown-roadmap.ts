import type { TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import type { Format } from './format.ts'
import { sections } from './markdown-sections.ts'
import { block, item, linked, written } from './markdown-text.ts'
import { checklist, scopeOptions } from './options.ts'
import { tierTitles } from './select.ts'
import { branches } from './tree.ts'

/** A track to read, or to tick, where Markdown is shown. */
export const roadmap: Format = {
  name: 'markdown',
  mediaType: 'text/markdown; charset=utf-8',
  ending: '.md',
  description: 'A roadmap to read in Markdown, or with `checklist=true` to tick.',
  options: [checklist, ...scopeOptions],
  chunks: function* ({ whole, chosen, asked }) {
    const bullet = asked.checklist === 'true' ? '- [ ]' : '-'
    yield introduction(chosen)
    yield* skills(whole, chosen, bullet)
    yield* sections(chosen, bullet)
    if (chosen.track.license !== null) yield block(`License: ${chosen.track.license}`)
  },
}

const introduction = ({ track }: TrackDocument): string => {
  const goals = track.tiers.map(
    ({ title, goal }) => `**${written(title)}**${goal === null ? '' : `: ${written(goal)}`}`,
  )
  return [
    `# ${written(track.title)}\n`,
    block(track.summary),
    block(track.introduction),
    ...(goals.length === 0 ? [] : ['\n', ...goals.map(goal => item('-', 0, goal))]),
  ].join('')
}

const skills = function* (whole: TrackDocument, chosen: TrackDocument, bullet: string): Iterable<string> {
  const tierTitle = tierTitles(whole)
  const titles = new Map(whole.skills.map(({ key, title }) => [key, title]))
  const links = new Map(whole.resources.map(({ key, title, url }) => [key, linked(title, url)]))
  for (const { category, cells } of branches(chosen)) {
    yield `\n## ${written(category.title)}\n${block(category.summary)}`
    for (const cell of cells) {
      yield `\n### ${written(tierTitle(cell.tier))}\n\n`
      for (const skill of cell.skills) yield entry(skill, titles, links, bullet)
    }
  }
}

/** What is of another track is told by its key. */
const entry = (
  { title, summary, kind, optional, outcomes, prerequisites, resources }: Answer<'skill'>,
  titles: ReadonlyMap<string, string>,
  links: ReadonlyMap<string, string>,
  bullet: string,
): string => {
  const remarks = [...(kind === 'theoretical' ? ['theory'] : []), ...(optional ? ['optional'] : [])]
  const aside = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`
  const after = prerequisites.map(key => written(titles.get(key) ?? key))
  const where = resources.map(key => links.get(key) ?? written(key))
  return [
    item(bullet, 0, `**${written(title)}**${aside}${summary === null ? '' : `: ${written(summary)}`}`),
    ...outcomes.map(outcome => item('-', 1, written(outcome))),
    ...(after.length === 0 ? [] : [item('-', 1, `After: ${after.join(', ')}`)]),
    ...(where.length === 0 ? [] : [item('-', 1, `Learn it: ${where.join(', ')}`)]),
  ].join('')
}
