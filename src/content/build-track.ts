import { buildDocument, type Document, type Draft, writableFields } from '../model/document.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, plurals, type Tier } from '../model/vocabulary.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { fileKindList, fileKinds, nounsListedInTrack } from './file-kinds.ts'
import { type Finding, findingAbout } from './findings.ts'
import { checkSkillLinks, type ExternalSkillLink } from './markdown-links.ts'
import type { Entry } from './read-file.ts'
import type { TrackFiles } from './read-track-files.ts'
import { findingAt, type YamlPlace } from './yaml/yaml-file.ts'

/** A track built from its files as far as they could be read; complete only if there are no errors. */
export interface Track extends TrackFiles {
  document: Document
  /** The place of each entry in the files, by noun and slug. */
  locations: Map<string, Location>
  /** Names in a list or a cell. If their file is missing, only that is reported. */
  listedNames: Set<string>
  /** Links in Markdown to skills of other tracks, which are checked once all tracks are read. */
  links: ExternalSkillLink[]
}

export interface Location extends YamlPlace {
  /** The line of the roadmap that gives a skill its category and tier. */
  cell?: RoadmapCell | undefined
}

/** A line of the roadmap that places a skill. */
export interface RoadmapCell extends ListLine {
  category: string
  tier: Tier
}

export const buildTrack = (files: TrackFiles): Track => {
  const { entries } = files
  const cells = matchFiles(fileKinds.skill.path, entries.category.flatMap(cellsOf), entries.skill)
  const listed = nounsListedInTrack.map(noun => ({
    noun,
    ...matchFiles(fileKinds[noun].path, entries.track.flatMap(linesOf(noun)), entries[noun]),
  }))
  const document = toDocument(files, cells.named, new Map(listed.map(({ noun, named }) => [noun, named])))
  const { links, deadLinks } = checkSkillLinks(files, document)
  return {
    ...files,
    document,
    locations: locateEntries(files, cells.named),
    listedNames: new Set([
      ...entries.category.flatMap(cellsOf).map(({ slug }) => entryName('skill', slug)),
      ...nounsListedInTrack.flatMap(noun =>
        entries.track.flatMap(linesOf(noun)).map(({ slug }) => entryName(noun, slug)),
      ),
    ]),
    links,
    findings: [
      ...files.findings,
      ...[cells, ...listed].flatMap(({ findings }) => findings),
      ...findUnlisted(files, 'category', 'skill', cells.named),
      ...listed.flatMap(({ noun, named }) => findUnlisted(files, 'track', noun, named)),
      ...deadLinks,
    ],
  }
}

/** Returns the lines of a category that place skills. */
export const cellsOf = ({ file, path, slug: category, values }: Entry): RoadmapCell[] =>
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

/** Returns the lines of track.yaml that list the files of a noun. */
export const linesOf =
  (noun: Noun) =>
  ({ file, values }: Entry): ListLine[] =>
    (values[plurals[noun]] as string[]).map((slug, index) => ({ file, path: [plurals[noun], index], slug })) // by the track's schema

/** Reports files that no line names, unless some lines could not be read: one of those may name the file. */
const findUnlisted = (
  files: TrackFiles,
  lister: 'category' | 'track',
  noun: Noun,
  lines: Map<string, ListLine>,
): Finding[] => {
  const field = plurals[noun]
  const readable = files.entries[lister].every(
    ({ file, unread }) => file.value !== undefined && !unread.includes(field),
  )
  if (!readable || files.incomplete.has(lister)) return []
  return files.entries[noun]
    .filter(({ slug }) => !lines.has(slug))
    .map(({ file, slug }) =>
      findingAbout(
        file.displayPath,
        lister === 'category'
          ? unplacedSkillMessage(slug)
          : `track.yaml does not list this ${noun}: add the line "- ${slug}" under its ${field}`,
      ),
    )
}

const unplacedSkillMessage = (slug: string): string =>
  `roadmap.yaml does not place this skill: add the line "- ${slug}" in the category and under the tier where it belongs`

const toDocument = (
  { entries }: TrackFiles,
  cells: Map<string, RoadmapCell>,
  listed: ReadonlyMap<Noun, Map<string, ListLine>>,
): Document =>
  buildDocument(noun => {
    if (noun === 'skill')
      return sortByLines(cells, entries.skill).map(entry => ({
        ...toDraft('skill')(entry),
        ...cellFields(cells.get(entry.slug)),
      }))
    const lines = listed.get(noun)
    return (lines === undefined ? entries[noun] : sortByLines(lines, entries[noun])).map(toDraft(noun))
  })

/** Returns the fields of the noun itself, without those of the file that list other files. */
const toDraft = <N extends Noun>(noun: N) => {
  const written = Object.keys(writableFields(noun))
  return ({ slug, values }: Entry): Draft<N> =>
    Object.fromEntries([
      ['slug', slug],
      ...Object.entries(values).filter(([name]) => written.includes(name)),
    ]) as unknown as Draft<N> // read by a schema derived from the noun's
}

const sortByLines = (lines: Map<string, ListLine>, entries: Entry[]): Entry[] => {
  const places = new Map([...lines.keys()].map((slug, place) => [slug, place]))
  const placeOf = ({ slug }: Entry) => places.get(slug) ?? places.size
  return entries.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** Returns the category and tier of a skill. A skill without a cell is reported elsewhere and gets any place here. */
const cellFields = (cell: RoadmapCell | undefined): { category: string; tier: Tier } => ({
  category: cell?.category ?? '',
  tier: cell?.tier ?? 'beginner',
})

const locateEntries = ({ entries }: TrackFiles, cells: Map<string, RoadmapCell>): Map<string, Location> =>
  new Map(
    fileKindList.flatMap(({ noun }) =>
      entries[noun].map(({ file, path, slug }): [string, Location] => [
        entryName(noun, slug),
        { file, path, cell: noun === 'skill' ? cells.get(slug) : undefined },
      ]),
    ),
  )

export const entryName = (noun: Noun, slug: string): string => `${noun} ${slug}`

/** A line that names a file: in the order of sources or projects, or in a cell of the roadmap. */
export interface ListLine extends YamlPlace {
  slug: string
}

/** Matches the lines of a list with the files of a folder. Returns the valid lines, in order, and findings about the others. */
export const matchFiles = <L extends ListLine>(
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
          `"${line.slug}" is here a second time, after line ${findingAt(before, '').line}: remove one of the two`,
        ),
      )
    else if (there.has(line.slug)) named.set(line.slug, line)
    else findings.push(findingAt(line, `there is no file ${folder}${line.slug}.yaml${suggestFix(line.slug, files)}`))
  }
  return { named, findings }
}

const suggestFix = (slug: string, files: Entry[]): string => {
  const renamed = files.find(({ values }) => Array.isArray(values.formerly) && values.formerly.includes(slug))
  const suggestion =
    renamed?.slug ??
    nearest(
      slug,
      files.map(file => file.slug),
    )
  return didYouMean(suggestion, ': write that file, or remove this line')
}
