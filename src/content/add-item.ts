import { join } from 'node:path'
import { type Draft, draftsOf } from '../model/document.ts'
import { Slug, slugOf } from '../model/keys.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { brokenRule } from '../query/explain.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { buildTrack, cellsOf, type ListLine, linesOf, type RoadmapCell, type Track } from './build-track.ts'
import { checkFreeSlug, checkSlug, findTrackFolder, listNames, refuse, rejectErrors } from './edit-track.ts'
import { type FileKind, fileKinds, nounsListedInTrack } from './file-kinds.ts'
import { isFolder } from './file-names.ts'
import type { YamlFields, YamlValue } from './file-values.ts'
import { readTrackFiles } from './read-track-files.ts'
import { schemaLine } from './schema-line.ts'
import { writeFiles } from './write-files.ts'
import { formatBlock } from './yaml/format-value.ts'
import { rewriteFile } from './yaml/rewrite-file.ts'
import type { Path } from './yaml/yaml-file.ts'

/** A new item of a track, as the command line gives it. */
export interface NewItem {
  noun: 'category' | 'skill' | 'project' | 'exercise' | 'resource' | 'plan'
  slug?: string | undefined
  title?: string | undefined
  /** The slug of its track; not needed if the folder has only one. */
  track?: string | undefined
  /** The slug of the item that it follows; without one it comes last. */
  after?: string | undefined
  kind?: string | undefined
  url?: string | undefined
  tier?: string | undefined
  /** The category of a skill; not needed with `after`, or if the roadmap names the skill already. */
  category?: string | undefined
  /** The category that a category is a part of. */
  parent?: string | undefined
  /** The skills that an exercise practises. */
  skills?: string[] | undefined
}

/**
 * Writes a new item: its file, or its entry in the file of its noun, and its line in the list that gives it its place.
 * Returns the paths of the written files. Refuses with all mistakes at once, and writes nothing then.
 */
export const addItem = async (folder: string, item: NewItem): Promise<string[]> => {
  const mistakes = [...checkSlug(Slug, item), ...checkValues(item)]
  const found = await findTrackFolder(folder, item.track)
  if (found.folder === undefined) return refuse([found.mistake, ...mistakes])
  const files = await readTrackFiles(found.folder)
  const track = buildTrack(files)
  const kind = fileKinds[item.noun]
  const listFile = kind.listedIn ?? kind.path
  // Errors in other files do not matter: only the list is edited.
  rejectErrors(
    folder,
    files.findings.filter(({ file }) => file === join(track.folder, listFile)),
  )
  const place = findPlace(track, item)
  mistakes.push(...checkFreeSlug(track, item.noun, item.slug), ...checkReferences(track, item), ...place.mistakes)
  if (mistakes.length > 0) return refuse(mistakes)
  const texts = [
    ...(isFolder(kind) ? [newFile(track, kind, item)] : []),
    ...(place.list === undefined ? [] : [addToList(track, kind, listFile, place.list, item)]),
  ]
  await writeFiles(new Map(texts))
  return texts.map(([path]) => path)
}

/** Checks the values that need no track. */
const checkValues = ({ noun, ...item }: NewItem): string[] =>
  (['title', 'kind', 'url'] as const).flatMap(name => {
    const schema = fileKinds[noun].entry.shape[name]
    const broken = schema && brokenRule(schema, item[name])
    return broken === undefined ? [] : [`--${name} ${broken}`]
  })

/** Checks that the track has what the item refers to. */
const checkReferences = (track: Track, { noun, category, tier, parent, skills = [] }: NewItem): string[] => {
  const own = track.document.track.tiers.map(one => one.tier)
  return [
    ...checkKnown('category', category, slugsOf(track, 'category')),
    ...checkKnown('tier', tier, own.length > 0 ? own : tiers),
    ...checkKnown('category', parent, slugsOf(track, 'category')),
    ...(parent !== undefined && ancestors(track.document.categories, parent).length === 2
      ? [`"${parent}" is on the third level, and categories nest on three levels at most: choose a parent further up`]
      : []),
    ...(noun === 'exercise' && skills.length === 0 ? ['--skill is missing: name a skill that it practises'] : []),
    ...skills.flatMap(skill => checkKnown('skill', skill, slugsOf(track, 'skill'))),
  ]
}

const slugsOf = ({ document }: Track, noun: Noun): string[] => draftsOf(document, noun).map(({ slug }) => slug)

const checkKnown = (what: string, given: string | undefined, known: readonly string[]): string[] => {
  if (given === undefined || known.includes(given)) return []
  const others = known.length === 0 ? ': there are none yet' : `: choose one of ${listNames(known)}`
  return [`there is no ${what} "${given}"${didYouMean(nearest(given, known), others)}`]
}

/** Returns the categories above one, at most two: further up there is none, or a cycle. */
const ancestors = (categories: readonly Draft<'category'>[], slug: string): string[] => {
  const parentOf = (child: string | undefined): string[] => {
    const parent = categories.find(one => one.slug === child)?.parent
    return parent ? [slugOf(parent)] : []
  }
  const [above] = parentOf(slug)
  return [...parentOf(slug), ...parentOf(above)]
}

/** The list in a file that gives an item its place, and its index there; the end without one. */
interface ListPlace {
  path: Path
  index?: number
}

/** Finds the list that an item is added to; none if a list names it already, before its file is written. */
const findPlace = (track: Track, item: NewItem): { list?: ListPlace; mistakes: string[] } => {
  const { noun, slug, after, category, tier } = item
  const listFile = fileKinds[noun].listedIn
  const lines = linesOfNoun(track, noun)
  const named = lines.find(line => line.slug === slug)
  if (named !== undefined && listFile !== undefined)
    return {
      mistakes: [
        ...checkCell(named, item, 'or move it there'),
        ...(after === undefined ? [] : [`${listFile} names "${slug}" already: leave out --after, or move its line`]),
      ],
    }
  const before = lines.find(line => line.slug === after)
  if (before !== undefined)
    return {
      list: { path: before.path.slice(0, -1), index: Number(before.path.at(-1)) + 1 },
      mistakes: checkCell(before, item, 'or name a skill of that cell with --after'),
    }
  if (after !== undefined) {
    const known = lines.map(line => line.slug)
    return { mistakes: checkKnown(noun, after, known) }
  }
  if (noun === 'skill' && (category === undefined || tier === undefined))
    return { mistakes: ['roadmap.yaml does not name this skill yet: name its cell with --category and --tier'] }
  return { list: endOfList(track, item), mistakes: [] }
}

/** Returns the lines that give the items of a noun their places. */
const linesOfNoun = ({ entries }: Track, noun: NewItem['noun']): (ListLine & Partial<RoadmapCell>)[] => {
  if (noun === 'skill') return entries.category.flatMap(cellsOf)
  return fileKinds[noun].listedIn === undefined ? entries[noun] : entries.track.flatMap(linesOf(noun))
}

/** Checks that the cell of a line is the one that the item names, if it names one. */
const checkCell = (line: ListLine & Partial<RoadmapCell>, { category, tier }: NewItem, advice: string): string[] => {
  if (line.category === undefined) return []
  if ((category ?? line.category) === line.category && (tier ?? line.tier) === line.tier) return []
  return [
    `roadmap.yaml has "${line.slug}" in the category "${line.category}" and the tier "${line.tier}": leave out --category and --tier, ${advice}`,
  ]
}

const endOfList = ({ document }: Track, { noun, category, tier, parent }: NewItem): ListPlace => {
  const { categories } = document
  if (noun === 'skill') {
    const index = categories.findIndex(({ slug }) => slug === category)
    return { path: ['categories', index, 'skills', String(tier)] }
  }
  if (parent === undefined) return { path: fileKinds[noun].list ?? [plurals[noun]] }
  const last = categories.findLastIndex(({ slug }) => slug === parent || ancestors(categories, slug).includes(parent))
  return { path: ['categories'], index: last + 1 }
}

const newFile = (track: Track, kind: FileKind, item: NewItem): [string, string] => {
  const path = join(track.folder, kind.path, `${item.slug}.yaml`)
  return [path, `${schemaLine(item.noun, path, track.entries)}\n${formatBlock(fieldsToWrite(item), 0)}\n`]
}

/** Returns the file of a list with the item added; everything else in it stays. */
const addToList = (
  track: Track,
  kind: FileKind,
  listFile: string,
  place: ListPlace,
  item: NewItem,
): [string, string] => {
  const path = join(track.folder, listFile)
  const file = track.files.get(listFile)
  const added = isFolder(kind) ? String(item.slug) : { slug: String(item.slug), ...fieldsToWrite(item) }
  if (file === undefined) return [path, `${schemaLine(item.noun, path, track.entries)}\n${formatBlock([added], 0)}\n`]
  const before = file.value as YamlValue // the file has no errors
  return [path, rewriteFile(file, before, insert(before, place.path, place.index, added))]
}

/** Returns a value with an item inserted into the list at a path. Lists and mappings that are missing are added. */
const insert = (
  value: YamlValue | undefined,
  [step, ...rest]: Path,
  index: number | undefined,
  added: YamlValue,
): YamlValue => {
  if (step === undefined || typeof step === 'number') {
    const list = (value ?? []) as YamlValue[] // the path leads to a list
    return step === undefined
      ? list.toSpliced(index ?? list.length, 0, added)
      : list.with(step, insert(list[step], rest, index, added))
  }
  const fields = (value ?? {}) as YamlFields // likewise
  const changed = Object.entries({ ...fields, [step]: insert(fields[step], rest, index, added) })
  return Object.fromEntries(changed.sort(([a], [b]) => fieldOrder.indexOf(a) - fieldOrder.indexOf(b)))
}

/** The order of the fields that contain lists of slugs; all others stand before them. */
const fieldOrder: string[] = [...tiers, ...nounsListedInTrack.map(noun => plurals[noun])]

/** Returns the fields of an item as an author writes them. */
const fieldsToWrite = ({ noun, title, kind, url, tier, parent, skills }: NewItem): YamlFields => {
  const values: Record<string, YamlValue | undefined> = {
    kind,
    title: title?.trim(),
    tier: noun === 'skill' ? undefined : tier,
    parent,
    url,
    skills: skills && [...new Set(skills)],
    questions: kind === 'quiz' ? exampleQuestions : undefined,
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** A quiz without a question is not valid. */
const exampleQuestions = [
  { text: 'The question?', choices: [{ text: 'The right answer', correct: true }, { text: 'Another answer' }] },
]
