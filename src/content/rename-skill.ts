import { dirname, join } from 'node:path'
import { isScalar, isSeq, type Node, type Pair } from 'yaml'
import { Refused } from '../errors.ts'
import { allDrafts } from '../model/document.ts'
import { mapReferences } from '../model/references.ts'
import { nearest } from '../query/suggest.ts'
import { type Home, nameOf, type Track } from './build-track.ts'
import { freeSlug, openTracks } from './edit-track.ts'
import { writeFiles } from './write-files.ts'
import { addFieldAfter, append, applyEdits, type Edit, inYaml, replaceWord } from './yaml/edits.ts'
import { fieldAt, nodeAt, type Place, type YamlFile } from './yaml/yaml-file.ts'

export interface Renaming {
  track: string
  from: string
  to: string
}

/** Gives a skill another slug, in the name of its file and wherever files refer to it. Answers the paths of the files that changed. */
export const renameSkill = async (folder: string, renaming: Renaming): Promise<string[]> => {
  const { track, all } = await openTracks(folder, renaming.track)
  const { file, cell } = homeOf(track, renaming.from)
  const target = join(dirname(file.shownAs), `${freeSlug(track, renaming.to, renaming.from)}.yaml`)
  const changes = [
    { file, edit: noteFormerly(file, renaming.from) },
    { file: cell.file, edit: replaceWord(cell.file, nodeAt(cell.file, cell.path), renaming.to) },
    ...all.flatMap(other => referencesIn(other, renaming)),
  ]
  const texts = [...Map.groupBy(changes, change => change.file)].map(([changed, edits]): [string, string] => [
    changed === file ? target : changed.shownAs,
    applyEdits(
      changed.text,
      edits.map(({ edit }) => edit),
    ),
  ])
  await writeFiles(new Map(texts), [file.shownAs])
  return texts.map(([path]) => path)
}

/** Tracks are opened only if every skill has its cell. */
type Placed = Home & { cell: Place }

const homeOf = (track: Track, slug: string): Placed => {
  const home = track.homes.get(nameOf('skill', slug))
  if (home !== undefined) return home as Placed // see above
  const meant = nearest(
    slug,
    track.document.skills.map(skill => skill.slug),
  )
  throw new Refused(
    `there is no skill "${slug}"${meant === undefined ? ` in ${track.folder}` : `: did you mean "${meant}"?`}`,
  )
}

/** Keys of the earlier slug still have to lead to the skill, and its id comes from the first it had: that stays, be it the slug once more. */
const noteFormerly = (file: YamlFile, slug: string): Edit => {
  const names = fieldAt(file, [], 'formerly')?.value
  if (isSeq(names) && names.items.some(name => isScalar(name) && name.value === slug))
    return { start: 0, end: 0, text: '' }
  if (isSeq(names)) return append(file, names, inYaml(slug))
  return addFieldAfter(file, fieldAt(file, [], 'title') as Pair<Node>, `formerly: [${inYaml(slug)}]`) // every skill has a title
}

interface Change {
  file: YamlFile
  edit: Edit
}

const referencesIn = (track: Track, renaming: Renaming): Change[] => {
  const names = namesOf(track, renaming)
  const changes: Change[] = []
  for (const { noun, draft } of allDrafts(track.document))
    mapReferences(noun, draft, (target, reference, path) => {
      if (!names[target]?.includes(reference)) return reference
      const { file, path: start } = track.homes.get(nameOf(noun, draft.slug)) as Home // whatever a document holds was read from a file
      const renamed = reference.slice(0, -renaming.from.length) + renaming.to
      changes.push({ file, edit: replaceWord(file, nodeAt(file, [...start, ...path]), renamed) })
      return reference
    })
  return changes
}

/** How files of a track may refer to the skill: within its own track the slug will do. */
const namesOf = (track: Track, { track: owner, from }: Renaming): Record<string, string[]> => {
  const own = track.slug === owner
  return {
    skill: [`${owner}.${from}`, ...(own ? [from] : [])],
    any: [`${owner}.skill.${from}`, ...(own ? [`skill.${from}`] : [])],
  }
}
