import type { Draft } from '../../model/document.ts'
import type { Tier } from '../../model/vocabulary.ts'
import type { ImportedFields, ItemCollector, Place } from './imported-track.ts'
import type { Block } from './markdown-blocks.ts'
import { type LinkPlacer, resourceKindOf } from './markdown-links.ts'
import { cellStarts, rowsOf } from './markdown-matrix.ts'
import type { Entry, Section } from './markdown-sections.ts'
import { linksOf, piecesOf, textOf, titleAndRest } from './markdown-text.ts'
import type { OtherNoun } from './noun-words.ts'
import { tierOfTitle } from './tier-words.ts'

export interface NounContext {
  collector: ItemCollector
  links: LinkPlacer
  lines: readonly string[]
  tier: Tier | undefined
}

/** Adds the items of a section about another noun. */
export const addOtherNoun = (noun: OtherNoun, section: Section, context: NounContext): void => {
  for (const table of section.tables) {
    if (noun === 'principle') addPrincipleTable(table, section.title, context)
    else context.collector.unplaced({ line: table.lines[0] + 1, column: 1 }, 'no column of this table names a tier')
  }
  if (noun === 'checklist') addChecklist(section, context)
  else if (noun === 'plan') addPlan(section, context)
  else if (noun === 'project') addProjects(section, context)
  else
    for (const entry of section.entries)
      (noun === 'resource' ? addResource : addPrinciple)(entry, section.title, context)
}

const addResource = ({ pieces, place }: Entry, heading: string, { collector, links }: NounContext): void => {
  const { title, rest } = titleAndRest(textOf(pieces))
  const [link] = linksOf(pieces)
  const url = link && links.addressOf(link.address)
  collector.add({
    noun: 'resource',
    ref: url ?? title,
    place,
    fields: {
      title,
      kind: resourceKindOf(`${heading} ${title}`, url),
      ...(url !== undefined && { url }),
      ...summary(rest),
    },
  })
}

const summary = (rest: string): { summary?: string } => (rest === '' ? {} : { summary: rest })

const principleKinds: [Draft<'principle'>['kind'], RegExp][] = [
  ['pitfall', /pitfall/i],
  ['practice', /practices/i],
  ['advice', /advice/i],
]

const principleKindOf = (heading: string): Draft<'principle'>['kind'] =>
  principleKinds.find(([, pattern]) => pattern.test(heading))?.[0] ?? 'rule'

const addPrinciple = ({ pieces, place, entries }: Entry, heading: string, { collector }: NounContext): void => {
  const kind = principleKindOf(heading)
  const { title, rest } = titleAndRest(textOf(pieces))
  const statements = [...(rest === '' ? [] : [rest]), ...entries.map(entry => textOf(entry.pieces))]
  collector.add({
    noun: 'principle',
    ref: `${kind} ${title}`,
    place,
    fields: { kind, title, ...(statements.length > 0 && { statements }) },
  })
}

/** Adds the rows of a table of principles: a title and statements; a row without a title continues the one above it. */
const addPrincipleTable = (table: Block, heading: string, { collector, lines }: NounContext): void => {
  const kind = principleKindOf(heading)
  let fields: ImportedFields<'principle'> & { statements: string[] } = { statements: [] }
  for (const row of rowsOf(table).slice(1)) {
    const [title = '', ...statements] = row.blocks.map(cell => textOf(piecesOf(cell.inline?.children)))
    if (title !== '') {
      fields = { kind, title, statements: [] }
      const place = { line: row.lines[0] + 1, column: (cellStarts(lines[row.lines[0]] as string)[0] as number) + 1 } // a row is a line of the text
      collector.add({ noun: 'principle', ref: `${kind} ${title}`, place, fields })
    }
    fields.statements.push(...statements.filter(text => text !== ''))
  }
}

const addChecklist = ({ title, place, entries }: Section, { collector, tier }: NounContext): void => {
  if (entries.length === 0) return
  const kind = /interview/i.test(title) ? 'interview' : /command/i.test(title) ? 'commands' : 'completion'
  const item = (text: string, group: string | null) => ({ text, command: null, note: null, group })
  const items = entries.flatMap(entry => {
    const text = textOf(entry.pieces)
    if (entry.entries.length === 0) return [item(text, null)]
    return entry.entries.map(({ pieces }) => item(textOf(pieces), text.replace(/:$/, '')))
  })
  collector.add({
    noun: 'checklist',
    ref: `${tier} ${title}`,
    place,
    fields: { title, kind, tier: tier ?? null, items },
  })
}

const stepPattern = /^(day|week|month|year)s?\s+(\d+)(?:\s*(?:[–—-]|to)\s*(\d+))?\s*[:–—-]\s*(.+)$/i
const openStepPattern = /^(?:beyond|after)\s+(\d+)\s+(day|week|month|year)s?\s*[:–—-]\s*(.+)$/i

const addPlan = ({ title, place, entries }: Section, { collector, tier }: NounContext): void => {
  const steps = entries.flatMap(({ pieces, place: at }) => {
    const text = textOf(pieces)
    const [, unit, from, to = from, work] = stepPattern.exec(text) ?? []
    const [, start, openUnit, laterWork] = openStepPattern.exec(text) ?? []
    if (unit !== undefined) return [planStep(unit, Number(from), Number(to), String(work))]
    if (openUnit !== undefined) return [planStep(openUnit, Number(start), null, String(laterWork))]
    collector.unplaced(at, 'a step of a plan begins with its time, such as "Weeks 1–2: "')
    return []
  })
  if (steps.length === 0) return
  const kind = /timeline/i.test(title) ? 'timeline' : 'plan'
  collector.add({ noun: 'plan', ref: `${tier} ${title}`, place, fields: { title, kind, tier: tier ?? null, steps } })
}

type PlanStep = Draft<'plan'>['steps'][number]

const planStep = (unit: string, from: number, to: number | null, text: string): PlanStep => ({
  unit: unit.toLowerCase() as PlanStep['unit'], // by the patterns
  from,
  to,
  text,
  plan: null,
  skills: [],
  projects: [],
})

const projectStart = /^project\s+([a-z0-9]{1,3})\s*[:–—-]\s*(.+)$/i

type ProjectFields = ImportedFields<'project'>

/**
 * Adds the projects of a section: its subsections and the items of its list. After "Project A: Title", items describe that project;
 * below a heading such as "Project roadmap", they describe one project.
 */
const addProjects = ({ title: heading, place: top, entries, sections }: Section, context: NounContext): void => {
  const { collector } = context
  const tier = context.tier ?? null
  const begin = (text: string, place: Place): ProjectFields => {
    const [, code, name = text] = projectStart.exec(text) ?? []
    const { title, rest } = titleAndRest(name)
    const project: ProjectFields = { title, tier, ...(code !== undefined && { code }), ...summary(rest) }
    collector.add({ noun: 'project', ref: `${tier} ${title}`, place, fields: project })
    return project
  }
  let current = /projects/i.test(heading) || entries.length === 0 ? undefined : begin(heading, top)
  for (const { pieces, place, entries: below } of entries) {
    const text = textOf(pieces)
    const isStart = projectStart.test(text)
    if (current !== undefined && !isStart) describe(current, text)
    else {
      const project = begin(text, place)
      for (const entry of below) describe(project, textOf(entry.pieces))
      if (isStart) current = project
    }
  }
  for (const child of sections) {
    const project = begin(child.title, child.place)
    for (const { text } of child.paragraphs) describe(project, text)
    for (const { pieces } of child.entries) describe(project, textOf(pieces))
  }
}

/** Adds a line to a project: features, milestones, technologies or a phase by its first word, else the summary, else a feature. */
const describe = (project: ProjectFields, text: string): void => {
  const [, phaseTier, phase] = /^phase \d+(?: \(([^)]*)\))?:\s*(.+)$/i.exec(text) ?? []
  const [, name = '', list = ''] = /^(features|milestones|stack|technologies):\s*(.+)$/i.exec(text) ?? []
  const open = project.phases?.at(-1)
  if (phase !== undefined)
    project.phases = [
      ...(project.phases ?? []),
      { tier: tierOfTitle(phaseTier ?? '')?.tier ?? null, title: phase, parts: [] },
    ]
  else if (/^features/i.test(name)) project.features = [...(project.features ?? []), ...partsOf(list, commas)]
  else if (/^milestones/i.test(name)) project.milestones = [...(project.milestones ?? []), ...partsOf(list, arrows)]
  else if (name !== '') project.stack = [...(project.stack ?? []), ...partsOf(list, commas)]
  else if (open !== undefined) open.parts.push(text)
  else if (project.summary === undefined) project.summary = text
  else project.features = [...(project.features ?? []), text]
}

const commas = /,(?![^(]*\))/
const arrows = /→|->|,(?![^(]*\))/

const partsOf = (list: string, separator: RegExp): string[] =>
  list
    .replace(/\.$/, '')
    .split(separator)
    .map(part => part.trim())
    .filter(part => part !== '')
