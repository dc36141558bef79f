import { basename, join, resolve } from 'node:path'
import { TrackSlug } from '../model/names.ts'
import { nearest } from '../suggest.ts'
import { about, type Finding } from './finding.ts'
import { type Kind, kindList } from './kinds.ts'
import { slugFrom } from './references.ts'

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

/** A file that no kind of file claims. What is not YAML is left alone, except where only YAML belongs. */
const unclaimed = (folder: string, path: string): Finding[] => {
  const isYaml = ending.test(path)
  const isMisplaced = kindList.some(kind => isFolder(kind) && path.startsWith(kind.path))
  if (kindOf(path) !== undefined || !(isYaml || isMisplaced)) return []
  const message = `no file of a track is called ${path}: ${rightName(path)}`
  return [about(join(folder, path), message, isYaml ? 'error' : 'warning')]
}

const rightName = (path: string): string => {
  const name = slugFrom(withoutEnding(basename(path)))
  const known = kindList.map(kind => (isFolder(kind) ? kind.path + name : withoutEnding(kind.path)))
  const meant = nearest(withoutEnding(path), known)
  if (meant !== undefined) return `did you mean ${meant}.yaml?`
  return `the files of a track are ${kindList.map(kind => (isFolder(kind) ? `${kind.path}*.yaml` : kind.path)).join(', ')}`
}

const withoutEnding = (path: string): string => path.replace(/\.\w+$/, '')
