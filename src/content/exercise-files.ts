import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import type { Document } from '../model/document.ts'
import { ExerciseFile, fileRoles, isFileRole, maxExerciseFiles } from '../model/exercise.ts'
import { brokenRule } from '../query/explain.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { fileKinds } from './file-kinds.ts'
import { splitExercisePath } from './file-names.ts'
import { type Finding, findingAbout } from './findings.ts'
import type { Entry } from './read-file.ts'

/** Adds their files to the entries of exercises, and reports each file that belongs to none or cannot be one. */
export const addExerciseFiles = (
  folder: string,
  entries: readonly Entry[],
  contents: Iterable<readonly [path: string, content: Buffer | Error]>,
): { entries: Entry[]; findings: Finding[] } => {
  const read = [...contents].flatMap(([path, content]) => {
    const place = splitExercisePath(path)
    return place === undefined ? [] : [{ slug: place.slug, ...readFile(join(folder, path), place, content) }]
  })
  const bySlug = Map.groupBy(read, ({ slug }) => slug)
  const slugs = entries.map(({ slug }) => slug)
  const at = (slug: string) => join(folder, fileKinds.exercise.path, slug)
  return {
    entries: entries.map(entry => {
      const files = bySlug.get(entry.slug)?.flatMap(({ file }) => file ?? []) ?? []
      return { ...entry, values: { ...entry.values, files } }
    }),
    findings: [
      ...read.filter(({ slug }) => slugs.includes(slug)).flatMap(({ finding }) => finding ?? []),
      ...[...bySlug].flatMap(([slug, files]) => {
        if (!slugs.includes(slug)) return [findingAbout(at(slug), missingExercise(slug, slugs))]
        return files.length > maxExerciseFiles ? [findingAbout(at(slug), tooManyFiles(files.length))] : []
      }),
    ],
  }
}

const missingExercise = (slug: string, slugs: string[]): string =>
  `there is no exercise for the files in this folder: write ${fileKinds.exercise.path}${slug}.yaml, or rename the folder${didYouMean(nearest(slug, slugs))}`

const tooManyFiles = (count: number): string =>
  `this exercise has ${count} files, and ${maxExerciseFiles} are the most: leave some of them out`

const readFile = (
  shownAs: string,
  { role, path }: { role: string; path: string },
  content: Buffer | Error,
): { file?: ExerciseFile; finding?: Finding } => {
  const report = (message: string) => ({ finding: findingAbout(shownAs, message) })
  if (content instanceof Error) return report(`this file cannot be read: ${content.message}`)
  if (!isFileRole(role)) return report(notInRole(role))
  const brokenName = brokenRule(ExerciseFile.shape.path, path)
  if (brokenName !== undefined) return report(`the path of the file in ${role}/ ${brokenName}: rename it`)
  if (!isUtf8(content))
    return report('this file is no text in UTF-8, and an exercise has only such: link to it instead')
  // The byte order mark is a part of the text, which is written back as it was.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
  const brokenText = brokenRule(ExerciseFile.shape.text, text)
  return brokenText === undefined
    ? { file: { path, role, text } }
    : report(`the text of this file ${brokenText}: change it, or link to it instead`)
}

const notInRole = (role: string): string => {
  const suggestion = role === '' ? undefined : nearest(role, fileRoles)
  return `this file is in no folder of a role: move it into ${fileRoles.slice(0, -1).join('/, ')}/ or ${fileRoles.at(-1)}/${didYouMean(suggestion && `${suggestion}/`)}`
}

/** Returns the texts of the files of exercises, by path within the track's folder. */
export const exerciseTextsOf = ({ exercises }: Document): Map<string, string> =>
  new Map(
    exercises.flatMap(({ slug, files }) =>
      files.map(({ role, path, text }) => [`${fileKinds.exercise.path}${slug}/${role}/${path}`, text] as const),
    ),
  )
