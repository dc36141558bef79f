import { basename, join, resolve } from 'node:path'
import { isFileRole } from '../model/exercise.ts'
import { TrackSlug } from '../model/keys.ts'
import { pictureTypeOf } from '../model/picture.ts'
import { brokenRule } from '../query/explain.ts'
import { isPictureFile } from '../query/picture-file.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { type FileKind, fileKindList, fileKinds } from './file-kinds.ts'
import { type Finding, findingAbout } from './findings.ts'
import { slugFrom } from './slug-from-title.ts'

/** Returns the kind of file at a path within a track's folder; undefined if there is none. Files that end in `.yml` count too and are reported. */
export const fileKindOf = (path: string): FileKind | undefined =>
  fileKindList.find(({ path: own }) => {
    const name = path.replace(ending, '.yaml')
    return own === name || (own.endsWith('/') && name.startsWith(own) && /^[^/]+\.yaml$/.test(name.slice(own.length)))
  })

const ending = /\.ya?ml$/i

/** The place of a file of an exercise; without a role if it is directly in the folder of the exercise. */
export interface ExercisePath {
  slug: string
  role: string
  /** Relative to the folder of its role. */
  path: string
}

/** Splits `exercises/<slug>/<role>/<path>`; undefined for any other file. A picture outside the roles' folders belongs to a text. */
export const splitExercisePath = (path: string): ExercisePath | undefined => {
  if (!path.startsWith(fileKinds.exercise.path)) return undefined
  const [slug, role, ...names] = path.slice(fileKinds.exercise.path.length).split('/')
  if (slug === undefined || role === undefined || (!isFileRole(role) && pictureTypeOf(path) !== undefined))
    return undefined
  return names.length === 0 ? { slug, role: '', path: role } : { slug, role, path: names.join('/') }
}

/** Returns true for a file that is read: one of a kind, one of an exercise, or a picture. */
export const isTrackFile = (path: string): boolean =>
  fileKindOf(path) !== undefined || splitExercisePath(path) !== undefined || isPictureFile(path)

/** Returns the correct name of a file of this kind. */
export const expectedNameOf = (kind: FileKind, path: string): string =>
  isFolder(kind) ? `${slugFrom(nameIn(kind, path))}.yaml` : kind.path

/** Returns the name of a file in the folder of its kind, without its ending. */
export const nameIn = (kind: FileKind, path: string): string => path.slice(kind.path.length).replace(ending, '')

export const isFolder = (kind: FileKind): boolean => kind.path.endsWith('/')

/** Returns the slug of a track, which is the name of its folder. */
export const trackSlug = (folder: string): string => basename(resolve(folder))

/** Checks the names of a track's folder and of the files in it. */
export const checkFileNames = (folder: string, paths: string[]): Finding[] => [
  ...checkFolderName(folder),
  ...paths.flatMap(path => checkUnknownFile(folder, path)),
  ...noteIgnoredFiles(folder, paths),
]

const checkFolderName = (folder: string): Finding[] => {
  const broken = brokenRule(TrackSlug, trackSlug(folder))
  return broken === undefined
    ? []
    : [
        findingAbout(
          join(folder, 'track.yaml'),
          `the name of the folder is the track's slug, which ${broken}${renameHint(folder)}`,
        ),
      ]
}

const renameHint = (folder: string): string => {
  const slug = slugFrom(trackSlug(folder))
  return TrackSlug.safeParse(slug).success ? `; rename it to ${slug}` : ''
}

/** Reports a YAML file that is of no kind, or another file that was probably meant to be one. */
const checkUnknownFile = (folder: string, path: string): Finding[] => {
  if (isTrackFile(path) || !(ending.test(path) || isMisplaced(path))) return []
  const message = `no file of a track is called ${path}${suggestName(path)}`
  return [findingAbout(join(folder, path), message, ending.test(path) ? { severity: 'error' } : misplacedWarning)]
}

const misplacedWarning = {
  severity: 'warning',
  kind: 'files are in folders of which only YAML files are read',
} as const

/** Returns true for a file in a folder of YAML files that is neither a picture nor a usual leftover. */
const isMisplaced = (path: string): boolean =>
  !isLeftover(path) &&
  pictureTypeOf(path) === undefined &&
  fileKindList.some(kind => isFolder(kind) && path.startsWith(kind.path))

const isLeftover = (path: string): boolean => /^(readme|licen[cs]e)|\.(bak|orig|old|tmp|rej|log)$/i.test(basename(path))

/** Reports all files that are not read in one note. Pictures are not among them: a text may show them. */
const noteIgnoredFiles = (folder: string, paths: string[]): Finding[] => {
  const names = paths.filter(
    path => !isTrackFile(path) && !ending.test(path) && !isMisplaced(path) && pictureTypeOf(path) === undefined,
  )
  if (names.length === 0) return []
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  const message = `ignored, since a track has no such files: ${names.slice(0, 3).join(', ')}${more}`
  return [findingAbout(folder, message, { severity: 'note', kind: 'tracks have files that are ignored' })]
}

const suggestName = (path: string): string => {
  const name = slugFrom(withoutEnding(basename(path)))
  const known = fileKindList.map(kind => (isFolder(kind) ? kind.path + name : withoutEnding(kind.path)))
  const suggestion = nearest(withoutEnding(path), known)
  if (suggestion !== undefined) return didYouMean(`${suggestion}.yaml`)
  return `: the files of a track are ${fileKindList.map(kind => (isFolder(kind) ? `${kind.path}*.yaml` : kind.path)).join(', ')}`
}

const withoutEnding = (path: string): string => path.replace(/(\.ya?ml)?\.\w+$/i, '')
