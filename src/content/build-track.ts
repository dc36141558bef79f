import { buildDocument, type Document, type Draft, writableFields } from '../model/document.ts'
import { type Noun, plurals, type Tier, tiers } from '../model/vocabulary.ts'
import { nearest } from '../query/suggest.ts'
import { kindList, kinds, listedInTrack } from './file-kinds.ts'
import { about, type Finding } from './findings.ts'
import { linksIn, type OutwardLink } from './markdown-links.ts'
import type { Entry } from './read-file.ts'
import type { TrackFiles } from './read-track-files.ts'
import { findingAt, type Place } from './yaml/yaml-file.ts'

/** A track put together from its files, as far as they could be read: whole only if nothing is wrong with it. */
export interface Track extends TrackFiles {
  document: Document
  /** Where each thing is written, by noun and slug. */
  homes: Map<string, Home>
  /** Names that stand in an order or a cell. If their file is not there, that alone is told. */
  listed: Set<string>
  /** Links in Markdown to skills of other tracks, which are checked when those are known. */
  links: OutwardLink[]
}

export interface Home extends Place {
  /** The cell of the roadmap that says a skill's category and tier. */
  cell?: Cell | undefined
}

/** A line of the roadmap that places a skill. */
export interface Cell extends Line {
  category: string
  tier: Tier
}

export const buildTrack = (files: TrackFiles): Track => {
  const { entries } = files
  const cells = matchLines(kinds.skill.path, entries.category.flatMap(cellsOf), entries.skill)
  const listed = listedInTrack.map(noun => ({
    noun,
    ...matchLines(kinds[noun].path, entries.track.flatMap(linesOf(noun)), entries[noun]),
  }))
  const document = documentOf(files, cells.named, new Map(listed.map(({ noun, named }) => [noun, named])))
  const { links, dead } = linksIn(files, document)
  return {
    ...files,
    document,
    homes: homesOf(files, cells.named),
    listed: new Set([
      ...entries.category.flatMap(cellsOf).map(({ slug }) => nameOf('skill', slug)),
      ...listedInTrack.flatMap(noun => entries.track.flatMap(linesOf(noun)).map(({ slug }) => nameOf(noun, slug))),
    ]),
    links,
    findings: [
      ...files.findings,
      ...[cells, ...listed].flatMap(({ findings }) => findings),
      ...unlisted(files, 'category', 'skill', cells.named),
      ...listed.flatMap(({ noun, named }) => unlisted(files, 'track', noun, named)),
      ...dead,
    ],
  }
}

/** The cells of a category that place skills. */
export const cellsOf = ({ file, path, slug: category, values }: Entry): Cell[] =>
  tiers.flatMap(
    tier =>
      (values.skills as Record<Tier, string[]>)[tier].map((slug, index) => ({
        file,
        path: [...path, 'skills', tier, index],
        slug,
        category,
        tier,
      })), // by the roadmap's schema
  )

/** The lines of track.yaml that list the files of a noun. */
const linesOf =
  (noun: Noun) =>
  ({ file, values }: Entry): Line[] =>
    (values[plurals[noun]] as string[]).map((slug, index) => ({ file, path: [plurals[noun], index], slug })) // by the track's schema

/** Files that no line names. Where lines could not be read, any of them may have named one. */
const unlisted = (files: TrackFiles, lister: 'category' | 'track', noun: Noun, lines: Map<string, Line>): Finding[] => {
  const field = plurals[noun]
  const readable = files.entries[lister].every(
    ({ file, unread }) => file.value !== undefined && !unread.includes(field),
  )
  if (!readable || files.incomplete.has(lister)) return []
  return files.entries[noun]
    .filter(({ slug }) => !lines.has(slug))
    .map(({ file, slug }) =>
      about(
        file.shownAs,
        lister === 'category'
          ? unplacedSkill(slug)
          : `track.yaml does not list this ${noun}: add the line "- ${slug}" under its ${field}`,
      ),
    )
}

const unplacedSkill = (slug: string): string =>
  `roadmap.yaml does not place this skill: add the line "- ${slug}" in the category and under the tier where it belongs`

const documentOf = (
  { entries }: TrackFiles,
  cells: Map<string, Cell>,
  listed: ReadonlyMap<Noun, Map<string, Line>>,
): Document =>
  buildDocument(noun => {
    if (noun === 'skill')
      return inOrderOf(cells, entries.skill).map(entry => ({
        ...draftOf('skill')(entry),
        ...placeIn(cells.get(entry.slug)),
      }))
    const lines = listed.get(noun)
    return (lines === undefined ? entries[noun] : inOrderOf(lines, entries[noun])).map(draftOf(noun))
  })

/** What is the noun's own among the fields of a file: not what it says of other files. */
const draftOf = <N extends Noun>(noun: N) => {
  const written = Object.keys(writableFields(noun))
  return ({ slug, values }: Entry): Draft<N> =>
    Object.fromEntries([
      ['slug', slug],
      ...Object.entries(values).filter(([name]) => written.includes(name)),
    ]) as unknown as Draft<N> // read by a schema derived from the noun's
}

const inOrderOf = (lines: Map<string, Line>, entries: Entry[]): Entry[] => {
  const places = new Map([...lines.keys()].map((slug, place) => [slug, place]))
  const placeOf = ({ slug }: Entry) => places.get(slug) ?? places.size
  return entries.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** A skill without a place is told of as such; until then any place will do. */
const placeIn = (cell: Cell | undefined): { category: string; tier: Tier } => ({
  category: cell?.category ?? '',
  tier: cell?.tier ?? 'beginner',
})

const homesOf = ({ entries }: TrackFiles, cells: Map<string, Cell>): Map<string, Home> =>
  new Map(
    kindList.flatMap(({ noun }) =>
      entries[noun].map(({ file, path, slug }): [string, Home] => [
        nameOf(noun, slug),
        { file, path, cell: noun === 'skill' ? cells.get(slug) : undefined },
      ]),
    ),
  )

export const nameOf = (noun: Noun, slug: string): string => `${noun} ${slug}`

/** A line that names a file: in the order of sources or projects, or in a cell of the roadmap. */
export interface Line extends Place {
  slug: string
}

/** Every file of a folder is named by one line, and what a line names is there. Answers the right lines, in order, and what is wrong with others. */
export const matchLines = <L extends Line>(
  folder: string,
  lines: L[],
  files: Entry[],
): { named: Map<string, L>; findings: Finding[] } => {
  const there = new Set(files.map(({ slug }) => slug))
  const named = new Map<string, L>()
  const findings: Finding[] = []
  for (const line of lines) {
    const before = named.get(line.slug)
    if (before !== undefined)
      findings.push(
        findingAt(
          line,
          `"${line.slug}" stands here a second time, after line ${findingAt(before, '').line}: it has one place`,
        ),
      )
    else if (there.has(line.slug)) named.set(line.slug, line)
    else findings.push(findingAt(line, `there is no file ${folder}${line.slug}.yaml: ${mend(line.slug, files)}`))
  }
  return { named, findings }
}

const mend = (slug: string, files: Entry[]): string => {
  const renamed = files.find(({ values }) => Array.isArray(values.formerly) && values.formerly.includes(slug))
  const meant =
    renamed?.slug ??
    nearest(
      slug,
      files.map(file => file.slug),
    )
  return meant === undefined ? 'write that file, or take this out' : `did you mean "${meant}"?`
}
