import { itemsIn, type TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { formatDuration, formatSpan, formatTotal } from '../model/duration-text.ts'
import { required } from '../model/graph.ts'
import { durationsOfTrack } from '../model/roadmap.ts'
import { alignmentLabel, codeAndTitle } from '../model/skill.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { embedMarkdown } from '../text/embed-markdown.ts'
import { codeSpan } from '../text/html.ts'
import { checklistOption, type Format, scopeOptions } from './format.ts'
import { encodeUrl } from './markup.ts'
import { pageAddresses } from './noun-html.ts'
import { groupByCategory, tierTitles } from './tree.ts'

/** A track as a Markdown file, to read or to tick. */
export const roadmap: Format = {
  name: 'markdown',
  mediaType: 'text/markdown; charset=utf-8',
  fileNameSuffix: '.md',
  description: 'A roadmap to read in Markdown, or with `checklist=true` to tick.',
  options: [checklistOption, ...scopeOptions],
  chunks: function* ({ document, selection, options, publicUrl }) {
    const bullet = options.checklist === 'true' ? '- [ ]' : '-'
    yield introduction(selection)
    yield* skillLines(document, selection, bullet)
    yield* sections(document, selection, bullet, publicUrl)
    if (selection.track.license !== null) yield paragraphLines(`License: ${selection.track.license}`)
  },
}

const introduction = ({ track }: TrackDocument): string => {
  const goals = track.tiers.map(
    ({ title, goal }) => `**${escapeMarkdown(title)}**${goal === null ? '' : `: ${escapeMarkdown(goal)}`}`,
  )
  return [
    `# ${escapeMarkdown(track.title)}\n`,
    paragraphLines(track.summary),
    paragraphLines(track.introduction),
    ...(goals.length === 0 ? [] : ['\n', ...goals.map(goal => listItem('-', 0, goal))]),
  ].join('')
}

const skillLines = function* (document: TrackDocument, selection: TrackDocument, bullet: string): Iterable<string> {
  const tierTitle = tierTitles(document)
  const titles = new Map(document.skills.map(({ key, title }) => [key, title]))
  const links = resourceLinks(document)
  const totals = durationsOfTrack(selection).categories
  for (const { category, depth, cells } of groupByCategory(selection)) {
    const heading = '#'.repeat(2 + depth)
    yield `\n${heading} ${escapeMarkdown(category.title)}\n${paragraphLines(category.summary)}${timeLine(formatTotal(required(totals, category.key)))}`
    for (const cell of cells) {
      yield `\n${heading}# ${escapeMarkdown(tierTitle(cell.tier))}\n\n`
      for (const skill of cell.skills) yield skillEntry(skill, titles, links, bullet)
    }
  }
}

/** Maps the keys of resources to links. */
const resourceLinks = ({ resources }: TrackDocument): ReadonlyMap<string, string> =>
  new Map(resources.map(({ key, title, url }) => [key, markdownLink(title, url)]))

/** A paragraph; empty without a duration. */
const timeLine = (duration: string | undefined): string => (duration === undefined ? '' : `\nTime: ${duration}\n`)

/** Writes a skill. A prerequisite in another track is shown by its key. */
const skillEntry = (
  skill: Item<'skill'>,
  titles: ReadonlyMap<string, string>,
  links: ReadonlyMap<string, string>,
  bullet: string,
): string => {
  const { summary, kind, optional, duration, outcomes, prerequisites, resources, alignments } = skill
  const remarks = [
    ...(kind === 'theoretical' ? ['theory'] : []),
    ...(optional ? ['optional'] : []),
    ...(duration === null ? [] : [formatDuration(duration)]),
  ]
  const aside = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`
  const prerequisiteTitles = prerequisites.map(key => escapeMarkdown(titles.get(key) ?? key))
  const resourceLinks = resources.map(key => links.get(key) ?? escapeMarkdown(key))
  return [
    listItem(
      bullet,
      0,
      `**${escapeMarkdown(codeAndTitle(skill))}**${aside}${summary === null ? '' : `: ${escapeMarkdown(summary)}`}`,
    ),
    ...outcomes.map(outcome => listItem('-', 1, escapeMarkdown(outcome))),
    ...(prerequisiteTitles.length === 0 ? [] : [listItem('-', 1, `After: ${prerequisiteTitles.join(', ')}`)]),
    ...(resourceLinks.length === 0 ? [] : [listItem('-', 1, `Learn it: ${resourceLinks.join(', ')}`)]),
    ...(alignments.length === 0
      ? []
      : [listItem('-', 1, `In other frameworks: ${alignments.map(alignmentLink).join(', ')}`)]),
  ].join('')
}

const alignmentLink = (alignment: Item<'skill'>['alignments'][number]): string => {
  const label = alignmentLabel(alignment)
  const link = markdownLink(label, alignment.url)
  return label === alignment.framework ? link : `${escapeMarkdown(alignment.framework)}: ${link}`
}

interface Context {
  bullet: string
  links: ReadonlyMap<string, string>
  titleOf: TitleOf
  /** Returns a Markdown text as a part of the file, whose highest headings have this level. */
  embed(text: string, level: number, id: string): string
}

/** The sections after the skills, in order; null for nouns that appear elsewhere in a roadmap. */
const linesByNoun: { readonly [N in Noun]: ((one: Item<N>, context: Context) => string[]) | null } = {
  track: null,
  source: null,
  category: null,
  skill: null,
  project: (one, context) => project(one, context),
  exercise: (one, context) => exercise(one, context),
  plan: (one, { titleOf }) => plan(one, titleOf),
  checklist: (one, { bullet }) => checklist(one, bullet),
  principle: one => principle(one),
  resource: one => resource(one),
}

/** Returns the title of a skill or project of the track. */
type TitleOf = (noun: 'skill' | 'project', key: string) => string

const createTitleOf = ({ skills, projects }: TrackDocument): TitleOf => {
  const titles = {
    skill: new Map(skills.map(({ key, title }) => [key, title])),
    project: new Map(projects.map(({ key, title }) => [key, title])),
  }
  return (noun, key) => required(titles[noun], key)
}

const sections = function* (
  document: TrackDocument,
  selection: TrackDocument,
  bullet: string,
  publicUrl: string,
): Iterable<string> {
  const { linkTo, pictureAt } = pageAddresses(document, publicUrl)
  const context: Context = {
    bullet,
    links: resourceLinks(document),
    titleOf: createTitleOf(document),
    embed: (text, level, id) => embedMarkdown(text, level, id, address => pictureAt(address) ?? linkTo(address)),
  }
  for (const noun of Object.keys(linesByNoun) as Noun[]) yield* section(selection, noun, context) // the table has a row for each noun
}

const section = function* <N extends Noun>(selection: TrackDocument, noun: N, context: Context): Iterable<string> {
  const lines = linesByNoun[noun]
  const list = itemsIn(selection, noun)
  if (lines === null || list.length === 0) return
  yield `\n## ${capitalize(plurals[noun])}\n`
  for (const one of list) yield `\n### ${escapeMarkdown(one.title)}\n${lines(one, context).join('')}`
}

const capitalize = (plural: string): string => plural.charAt(0).toUpperCase() + plural.slice(1)

/** A list with a heading line; empty when there are no texts. */
const listWithHeading = (heading: string, texts: readonly string[], bullet = '-'): string[] =>
  texts.length === 0 ? [] : [`\n${heading}:\n\n`, ...texts.map(text => listItem(bullet, 0, escapeMarkdown(text)))]

const project = (
  {
    slug,
    summary,
    duration,
    brief,
    starter,
    stack,
    features,
    milestones,
    phases,
    acceptance,
    resources,
  }: Item<'project'>,
  { bullet, links, embed }: Context,
): string[] => [
  paragraphLines(summary),
  timeLine(duration === null ? undefined : formatDuration(duration)),
  ...(brief === null ? [] : [embed(brief, 4, `project-${slug}`)]),
  ...(starter === null ? [] : [`\n${markdownLink('Code to begin with', starter)}\n`]),
  ...listWithHeading('Built with', stack),
  ...listWithHeading('It does', features),
  ...listWithHeading('Steps', milestones, bullet),
  ...phases.flatMap(({ title, parts }) => listWithHeading(escapeMarkdown(title), parts, bullet)),
  ...listWithHeading('Done when', acceptance, bullet),
  ...(resources.length === 0
    ? []
    : ['\nLook it up:\n\n', ...resources.map(key => listItem('-', 0, links.get(key) ?? escapeMarkdown(key)))]),
]

/** Writes an exercise. Hints, solutions and answers are collapsed where HTML is shown, as on GitHub; of files only the names are listed. */
const exercise = (
  { slug, kind, duration, summary, instructions, criteria, questions, files, hints, solution }: Item<'exercise'>,
  { bullet, embed }: Context,
): string[] => [
  `\n${[kind, duration === null ? undefined : formatDuration(duration)].filter(Boolean).join(', ')}\n`,
  paragraphLines(summary),
  ...(instructions === null ? [] : [embed(instructions, 4, `exercise-${slug}`)]),
  ...listWithHeading('Done when', criteria, bullet),
  ...questions.flatMap((one, index) => [
    `\n#### Question ${index + 1}\n`,
    embed(one.text, 5, `exercise-${slug}-${index + 1}`),
    ...(one.choices.length === 0 ? [] : ['\n']),
    ...one.choices.map(({ text }) => listItem('-', 0, escapeMarkdown(text))),
    ...collapsed(
      'Answer',
      answer(one, text => embed(text, 5, `exercise-${slug}-${index + 1}-answer`)),
    ),
  ]),
  ...listWithHeading(
    'Files',
    files.map(({ role, path }) => `\`${role}/${path}\``),
  ),
  ...hints.flatMap((hint, index) => collapsed(`Hint ${index + 1}`, [paragraphLines(hint)])),
  ...(solution === null ? [] : collapsed('Solution', [embed(solution, 4, `exercise-${slug}-solution`)])),
]

const answer = (
  { choices, answer, explanation }: Item<'exercise'>['questions'][number],
  embedded: (text: string) => string,
): string[] => [
  paragraphLines(answer),
  ...(choices.length === 0 ? [] : ['\n']),
  ...choices.map(({ text, correct, feedback }) =>
    listItem(
      '-',
      0,
      `**${correct ? 'Right' : 'Wrong'}**: ${escapeMarkdown(text)}${feedback === null ? '' : ` (${escapeMarkdown(feedback)})`}`,
    ),
  ),
  ...(explanation === null ? [] : [embedded(explanation)]),
]

const collapsed = (title: string, lines: readonly string[]): string[] => [
  `\n<details>\n<summary>${title}</summary>\n`,
  ...lines,
  '\n</details>\n',
]

/** The steps of a plan, each with its skills and projects in order. */
const plan = ({ steps }: Item<'plan'>, titleOf: TitleOf): string[] => [
  '\n',
  ...steps.flatMap(step => [
    listItem('-', 0, `**${formatSpan(step)}**: ${escapeMarkdown(step.text)}`),
    ...step.skills.map(key => listItem('-', 1, escapeMarkdown(titleOf('skill', key)))),
    ...step.projects.map(key => listItem('-', 1, escapeMarkdown(titleOf('project', key)))),
  ]),
]

const checklist = ({ items }: Item<'checklist'>, bullet: string): string[] => [
  '\n',
  ...items.map(({ text, command, note }) =>
    listItem(
      bullet,
      0,
      `${escapeMarkdown(text)}${command === null ? '' : `: ${inlineCode(command)}`}${note === null ? '' : ` (${escapeMarkdown(note)})`}`,
    ),
  ),
]

/** Formats a command as code with a fence longer than its own backticks (CommonMark, "Code spans"). */
const inlineCode = (command: string): string => {
  const line = command.replace(/\s+/g, ' ')
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)))
  return `${fence} ${line} ${fence}`
}

const principle = ({ statements, risk, remedy }: Item<'principle'>): string[] => [
  '\n',
  ...statements.map(text => listItem('-', 0, escapeMarkdown(text))),
  ...(risk === null ? [] : [listItem('-', 0, `Risk: ${escapeMarkdown(risk)}`)]),
  ...(remedy === null ? [] : [listItem('-', 0, `Remedy: ${escapeMarkdown(remedy)}`)]),
]

const resource = ({ title, url, kind, summary }: Item<'resource'>): string[] => [
  '\n',
  `${markdownLink(title, url)} (${kind})${summary === null ? '' : `: ${escapeMarkdown(summary)}`}\n`,
]

/** Writes a text as one line of Markdown; all markup but code spans is escaped. */
const escapeMarkdown = (text: string): string => {
  const line = text.replace(/\s+/g, ' ')
  let from = 0
  let out = ''
  for (const { 0: code, index } of line.matchAll(codeSpan)) {
    out += `${escapeCharacters(line.slice(from, index))}${code}`
    from = index + code.length
  }
  return escapeLineStart(`${out}${escapeCharacters(line.slice(from))}`)
}

const escapeCharacters = (text: string): string => text.replace(/[\\`*_[\]<>#~|&$]/g, '\\$&')

/** Escapes the characters that would begin a list or underline a heading. */
const escapeLineStart = (line: string): string => line.replace(/^[-+=]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2')

/** A paragraph; empty for null. */
const paragraphLines = (text: string | null): string => (text === null ? '' : `\n${escapeMarkdown(text)}\n`)

/** A line of a list. */
const listItem = (bullet: string, depth: number, text: string): string => `${'  '.repeat(depth)}${bullet} ${text}\n`

const markdownLink = (title: string, url: string | null): string =>
  url === null ? escapeMarkdown(title) : `[${escapeMarkdown(title)}](<${encodeUrl(url)}>)`
