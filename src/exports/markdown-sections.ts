import { answersIn, type TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { formatSpan } from '../model/duration.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { block, item, linked, written } from './markdown-text.ts'

/** The sections below the skills, in order; null for nouns that stand elsewhere in a roadmap. */
const byNoun: { readonly [N in Noun]: ((one: Answer<N>, bullet: string) => string[]) | null } = {
  track: null,
  source: null,
  category: null,
  skill: null,
  project: (one, bullet) => project(one, bullet),
  plan: one => plan(one),
  checklist: (one, bullet) => checks(one, bullet),
  principle: one => principle(one),
  resource: one => resource(one),
}

export const sections = function* (chosen: TrackDocument, bullet: string): Iterable<string> {
  for (const noun of Object.keys(byNoun) as Noun[]) yield* section(chosen, noun, bullet) // the table has a row for each noun
}

const section = function* <N extends Noun>(chosen: TrackDocument, noun: N, bullet: string): Iterable<string> {
  const lines = byNoun[noun]
  const list = answersIn(chosen, noun)
  if (lines === null || list.length === 0) return
  yield `\n## ${titled(plurals[noun])}\n`
  for (const one of list) yield `\n### ${written(one.title)}\n${lines(one, bullet).join('')}`
}

const titled = (plural: string): string => plural.charAt(0).toUpperCase() + plural.slice(1)

/** A list under a line that says what it is; nothing where there is nothing. */
const listed = (heading: string, texts: readonly string[], bullet = '-'): string[] =>
  texts.length === 0 ? [] : [`\n${heading}:\n\n`, ...texts.map(text => item(bullet, 0, written(text)))]

const project = (
  { summary, stack, features, milestones, phases, acceptance }: Answer<'project'>,
  bullet: string,
): string[] => [
  block(summary),
  ...listed('Built with', stack),
  ...listed('It does', features),
  ...listed('Steps', milestones, bullet),
  ...phases.flatMap(({ title, parts }) => listed(written(title), parts, bullet)),
  ...listed('Done when', acceptance, bullet),
]

const plan = ({ steps }: Answer<'plan'>): string[] => [
  '\n',
  ...steps.map(step => item('-', 0, `**${formatSpan(step)}**: ${written(step.text)}`)),
]

const checks = ({ items }: Answer<'checklist'>, bullet: string): string[] => [
  '\n',
  ...items.map(({ text, command, note }) =>
    item(
      bullet,
      0,
      `${written(text)}${command === null ? '' : `: ${code(command)}`}${note === null ? '' : ` (${written(note)})`}`,
    ),
  ),
]

/** Word for word, whatever backticks it has. */
const code = (command: string): string => {
  const line = command.replace(/\s+/g, ' ')
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)))
  return `${fence} ${line} ${fence}`
}

const principle = ({ statements, risk, remedy }: Answer<'principle'>): string[] => [
  '\n',
  ...statements.map(text => item('-', 0, written(text))),
  ...(risk === null ? [] : [item('-', 0, `Risk: ${written(risk)}`)]),
  ...(remedy === null ? [] : [item('-', 0, `Remedy: ${written(remedy)}`)]),
]

const resource = ({ title, url, kind, summary }: Answer<'resource'>): string[] => [
  '\n',
  `${linked(title, url)} (${kind})${summary === null ? '' : `: ${written(summary)}`}\n`,
]
