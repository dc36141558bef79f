import { dirname, join } from 'node:path'
import { isScalar, isSeq, type Node, type Pair } from 'yaml'
import { Refused } from '../errors.ts'
import { allDrafts } from '../model/document.ts'
import { Slug } from '../model/keys.ts'
import { visitReferences } from '../model/references.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { entryName, type Location, type Track } from './build-track.ts'
import { checkFreeSlug, checkSlug, openTracks, refuse } from './edit-track.ts'
import { writeFiles } from './write-files.ts'
import { addFieldAfter, appendItem, applyEdits, type Edit, formatScalar, replaceWord } from './yaml/edits.ts'
import { fieldAt, nodeAt, type YamlFile, type YamlPlace } from './yaml/yaml-file.ts'

export interface Renaming {
  /** The slug of its track; not needed if the folder has only one. */
  track?: string | undefined
  from: string
  to: string
}

/** Renames a skill: the name of its file and all references to it. Returns the paths of the changed files. */
export const renameSkill = async (folder: string, renaming: Renaming): Promise<string[]> => {
  const { track, all } = await openTracks(folder, renaming.track)
  const { file, cell } = locateSkill(track, renaming.from)
  const mistakes = [
    ...checkSlug(Slug, { slug: renaming.to }),
    ...checkFreeSlug(track, 'skill', renaming.to, renaming.from),
  ]
  if (mistakes.length > 0) return refuse(mistakes)
  const target = join(dirname(file.displayPath), `${renaming.to}.yaml`)
  const changes = [
    { file, edit: addFormerSlug(file, renaming.from) },
    { file: cell.file, edit: replaceWord(cell.file, nodeAt(cell.file, cell.path), renaming.to) },
    ...all.flatMap(other => editReferences(other, track.slug, renaming)),
  ]
  const texts = [...Map.groupBy(changes, change => change.file)].map(([changed, edits]): [string, string] => [
    changed === file ? target : changed.displayPath,
    applyEdits(
      changed.text,
      edits.map(({ edit }) => edit),
    ),
  ])
  await writeFiles(new Map(texts), [file.displayPath])
  return texts.map(([path]) => path)
}

/** A skill with its cell: `openTracks` rejects tracks with skills that have none. */
type PlacedSkill = Location & { cell: YamlPlace }

const locateSkill = (track: Track, slug: string): PlacedSkill => {
  const location = track.locations.get(entryName('skill', slug))
  if (location !== undefined) return location as PlacedSkill // see above
  const suggestion = nearest(
    slug,
    track.document.skills.map(skill => skill.slug),
  )
  throw new Refused(`there is no skill "${slug}" in ${track.folder}${didYouMean(suggestion)}`)
}

/** Adds the old slug to `formerly`, because keys with it must still resolve and the id is derived from the first slug. */
const addFormerSlug = (file: YamlFile, slug: string): Edit => {
  const names = fieldAt(file, [], 'formerly')?.value
  if (isSeq(names) && names.items.some(name => isScalar(name) && name.value === slug))
    return { start: 0, end: 0, text: '' }
  if (isSeq(names)) return appendItem(file, names, formatScalar(slug))
  return addFieldAfter(file, fieldAt(file, [], 'title') as Pair<Node>, `formerly: [${formatScalar(slug)}]`) // every skill has a title
}

interface FileEdit {
  file: YamlFile
  edit: Edit
}

const editReferences = (track: Track, owner: string, renaming: Renaming): FileEdit[] => {
  const names = referencesTo(track, owner, renaming)
  const changes: FileEdit[] = []
  for (const { noun, draft } of allDrafts(track.document))
    visitReferences(noun, draft, (target, reference, path) => {
      if (!names[target]?.includes(reference)) return
      const { file, path: start } = track.locations.get(entryName(noun, draft.slug)) as Location // every draft of the document was read from a file
      const renamed = reference.slice(0, -renaming.from.length) + renaming.to
      changes.push({ file, edit: replaceWord(file, nodeAt(file, [...start, ...path]), renamed) })
    })
  return changes
}

/** Returns the references to the skill that files of a track may contain; in its own track the slug suffices. */
const referencesTo = (track: Track, owner: string, { from }: Renaming): Record<string, string[]> => {
  const own = track.slug === owner
  return {
    skill: [`${owner}.${from}`, ...(own ? [from] : [])],
    any: [`${owner}.skill.${from}`, ...(own ? [`skill.${from}`] : [])],
  }
}
