import type { Document } from '../model/document.ts'
import { type Draft, writtenShape } from '../model/draft.ts'
import { type Noun, type Tier, tiers } from '../model/vocabulary.ts'
import type { Entry } from './entry.ts'
import { about, type Finding } from './finding.ts'
import { type Kind, type KindName, kinds } from './kinds.ts'
import { type Line, matchLines, type Place } from './listing.ts'
import type { TrackFiles } from './track-files.ts'

/** A track put together from its files, as far as they could be read: whole only if nothing is wrong with it. */
export interface Track extends TrackFiles {
  document: Document
  /** Where each thing is written, by noun and slug. */
  homes: Map<string, Home>
  /** Names that stand in an order or a cell. If their file is not there, that alone is told. */
  listed: Set<string>
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
  const lines = {
    skill: files.entries.roadmap.flatMap(cellsOf),
    source: files.entries.track.flatMap(listed('sources')),
    project: files.entries.track.flatMap(listed('projects')),
  }
  const cells = matchLines('skills/', lines.skill, files.entries.skill)
  const sources = matchLines('sources/', lines.source, files.entries.source)
  const projects = matchLines('projects/', lines.project, files.entries.project)
  const homes = homesOf(files, cells.named)
  return {
    ...files,
    document: documentOf(files, [cells.named, sources.named, projects.named]),
    homes,
    listed: new Set(
      Object.entries(lines).flatMap(([noun, named]) => named.map(({ slug }) => nameOf(noun as Noun, slug))),
    ), // a key of the lines above
    findings: [
      ...files.findings,
      ...[cells, sources, projects].flatMap(({ findings }) => findings),
      ...unnamed(files, 'roadmap', 'skill', 'skills', cells.named),
      ...unnamed(files, 'track', 'source', 'sources', sources.named),
      ...unnamed(files, 'track', 'project', 'projects', projects.named),
    ],
  }
}

const cellsOf = ({ file, path, slug: category, values }: Entry): Cell[] =>
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

const listed =
  (field: 'sources' | 'projects') =>
  ({ file, values }: Entry): Line[] =>
    (values[field] as string[]).map((slug, index) => ({ file, path: [field, index], slug })) // by the track's schema

/** Files that no line names. Where lines could not be read, any of them may have named one. */
const unnamed = (
  files: TrackFiles,
  kind: 'roadmap' | 'track',
  named: KindName,
  field: string,
  lines: Map<string, Line>,
): Finding[] => {
  const readable = files.entries[kind].every(({ file, unread }) => file.value !== undefined && !unread.includes(field))
  if (!readable || files.incomplete.has(kinds[kind].noun)) return []
  return files.entries[named]
    .filter(({ slug }) => !lines.has(slug))
    .map(({ file, slug }) =>
      about(
        file.shownAs,
        kind === 'roadmap'
          ? unplacedSkill(slug)
          : `track.yaml does not list this ${named}: add the line "- ${slug}" under its ${field}`,
      ),
    )
}

const unplacedSkill = (slug: string): string =>
  `roadmap.yaml does not place this skill: add the line "- ${slug}" in the category and under the tier where it belongs`

const documentOf = (
  files: TrackFiles,
  [cells, sources, projects]: [Map<string, Cell>, Map<string, Line>, Map<string, Line>],
): Document => {
  const { entries } = files
  const [track] = entries.track.map(draftOf('track'))
  return {
    track: track as Draft<'track'>, // there is one such file, be it unreadable
    sources: inOrderOf(sources, entries.source).map(draftOf('source')),
    categories: entries.roadmap.map(draftOf('category')),
    skills: inOrderOf(cells, entries.skill).map(entry => ({
      ...draftOf('skill')(entry),
      ...placeIn(cells.get(entry.slug)),
    })),
    principles: entries.principles.map(draftOf('principle')),
    projects: inOrderOf(projects, entries.project).map(draftOf('project')),
    resources: entries.resources.map(draftOf('resource')),
    plans: entries.plans.map(draftOf('plan')),
    checklists: entries.checklists.map(draftOf('checklist')),
  }
}

/** What is the noun's own among the fields of a file: not what it says of other files. */
const draftOf = <N extends Noun>(noun: N) => {
  const written = Object.keys(writtenShape(noun))
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
    Object.entries<Kind>(kinds).flatMap(([name, { noun }]) =>
      entries[name as KindName].map(({ file, path, slug }): [string, Home] => [
        // a key of kinds
        nameOf(noun, slug),
        { file, path, cell: noun === 'skill' ? cells.get(slug) : undefined },
      ]),
    ),
  )

export const nameOf = (noun: Noun, slug: string): string => `${noun} ${slug}`
