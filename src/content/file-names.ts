import { basename, join, resolve } from 'node:path'
import { TrackSlug } from '../model/keys.ts'
import { nearest } from '../query/suggest.ts'
import { type Kind, kindList } from './file-kinds.ts'
import { about, type Finding } from './findings.ts'
import { slugFrom } from './slug-from-title.ts'

/** The kind of file that a path within a track's folder is; undefined where it is none. A file that ends in `.yml` is one that has to be renamed. */
export const kindOf = (path: string): Kind | undefined =>
  kindList.find(({ path: own }) => {
    const name = path.replace(ending, '.yaml')
    return own === name || (own.endsWith('/') && name.startsWith(own) && /^[^/]+\.yaml$/.test(name.slice(own.length)))
  })

const ending = /\.ya?ml$/i

/** The name of a file of some kind as it would be right. */
export const rightNameOf = (kind: Kind, path: string): string =>
  isFolder(kind) ? `${slugFrom(nameIn(kind, path))}.yaml` : kind.path

/** The name of a file in a folder of its kind, without its ending. */
export const nameIn = (kind: Kind, path: string): string => path.slice(kind.path.length).replace(ending, '')

export const isFolder = (kind: Kind): boolean => kind.path.endsWith('/')

/** The name of a track's folder is its slug. */
export const trackSlug = (folder: string): string => basename(resolve(folder))

/** What is wrong with the names of a track's folder and of the files in it. */
export const misnamed = (folder: string, paths: string[]): Finding[] => [
  ...badFolder(folder),
  ...paths.flatMap(path => unclaimed(folder, path)),
  ...ignored(folder, paths),
]

const badFolder = (folder: string): Finding[] => {
  const [issue] = TrackSlug.safeParse(trackSlug(folder)).error?.issues ?? []
  return issue === undefined
    ? []
    : [
        about(
          join(folder, 'track.yaml'),
          `the name of the folder is the track's slug: ${issue.message}${renaming(folder)}`,
        ),
      ]
}

const renaming = (folder: string): string => {
  const slug = slugFrom(trackSlug(folder))
  return TrackSlug.safeParse(slug).success ? `; rename it to ${slug}` : ''
}

/** A YAML file that no kind of file claims, or another file that was probably meant as one. */
const unclaimed = (folder: string, path: string): Finding[] => {
  if (kindOf(path) !== undefined || !(ending.test(path) || isMisplaced(path))) return []
  const message = `no file of a track is called ${path}: ${rightName(path)}`
  return [about(join(folder, path), message, ending.test(path) ? { severity: 'error' } : misplaced)]
}

const misplaced = { severity: 'warning', kind: 'files stand where only YAML files are read' } as const

/** Only YAML belongs into the folder of a kind, other than what people and programs leave anywhere. */
const isMisplaced = (path: string): boolean =>
  !isLeft(path) && !pictures.test(path) && kindList.some(kind => isFolder(kind) && path.startsWith(kind.path))

const isLeft = (path: string): boolean =>
  /^(readme|licen[cs]e|thumbs\.db$|desktop\.ini$)|\.(bak|orig|old|tmp|rej|log)$/i.test(basename(path))

/** One line for all files that are not read, so that nobody waits for them to be served. A picture may be of a text. */
const ignored = (folder: string, paths: string[]): Finding[] => {
  const names = paths.filter(
    path => kindOf(path) === undefined && !ending.test(path) && !isMisplaced(path) && !pictures.test(path),
  )
  if (names.length === 0) return []
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  const message = `ignored, since a track has no such files: ${names.slice(0, 3).join(', ')}${more}`
  return [about(folder, message, { severity: 'note', kind: 'tracks have files that are ignored' })]
}

const pictures = /\.(png|jpe?g|webp|gif|svg)$/i

const rightName = (path: string): string => {
  const name = slugFrom(withoutEnding(basename(path)))
  const known = kindList.map(kind => (isFolder(kind) ? kind.path + name : withoutEnding(kind.path)))
  const meant = nearest(withoutEnding(path), known)
  if (meant !== undefined) return `did you mean ${meant}.yaml?`
  return `the files of a track are ${kindList.map(kind => (isFolder(kind) ? `${kind.path}*.yaml` : kind.path)).join(', ')}`
}

const withoutEnding = (path: string): string => path.replace(/(\.ya?ml)?\.\w+$/i, '')
