import { schemas } from '../model/curriculum.ts'
import { buildDocument, type Document, type Draft, writableFields } from '../model/document.ts'
import { trackOf } from '../model/keys.ts'
import { skillLinkResolver } from '../model/skill-links.ts'
import { type Noun, plurals, type Tier, tiers } from '../model/vocabulary.ts'
import { checkLinks } from './check-markdown.ts'
import type { Entry } from './entry.ts'
import { kindList, kinds, listedInTrack } from './file-kinds.ts'
import { about, type Finding } from './findings.ts'
import { textsIn } from './normalize-texts.ts'
import { type Line, matchLines, type Place } from './roadmap-file.ts'
import type { TrackFiles } from './track-files.ts'
import { findingIn, nodeAt, offsetInside, type YamlFile } from './yaml/yaml-file.ts'

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

export interface OutwardLink {
  /** The key of the skill. */
  key: string
  file: YamlFile
  offset: number
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

/** The links in Markdown to skills of other tracks, and a finding for each link that leads nowhere. */
const linksIn = ({ slug, entries }: TrackFiles, { skills }: Document): { links: OutwardLink[]; dead: Finding[] } => {
  const skillNamed = skillLinkResolver(slug, skills)
  const slugs = skills.map(skill => skill.slug)
  const links: OutwardLink[] = []
  const dead: Finding[] = []
  for (const { noun } of kindList)
    for (const { file, path, values } of entries[noun])
      for (const { text, path: within, markup } of textsIn(schemas[noun], values)) {
        if (markup !== 'markdown') continue
        const found = checkLinks(text, skillNamed, slugs)
        const offsetOf = (index: number) => offsetInside(file, nodeAt(file, [...path, ...within]), index)
        for (const { index, ...remark } of found.remarks)
          dead.push(findingIn(file, { offset: offsetOf(index), ...remark }))
        for (const { index, key } of found.links)
          if (trackOf(key) !== slug) links.push({ key, file, offset: offsetOf(index) })
      }
  return { links, dead }
}

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
