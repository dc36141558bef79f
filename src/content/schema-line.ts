import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { fileKinds } from './file-kinds.ts'
import type { Entry } from './read-file.ts'

/**
 * Returns the first line of a new file, which points editors to its JSON Schema: to the folder that the track's other files
 * point to, if that exists, or to the schemas of this project.
 */
export const schemaLine = (noun: Noun, path: string, entries: Partial<Record<Noun, Entry[]>>): string => {
  for (const other of [noun, ...nouns])
    for (const { file } of entries[other] ?? []) {
      const schema = linePattern.exec(file.text)?.[1]
      const named = other === noun ? schema : schema?.replace(/[^/]*$/, schemaFileName(noun))
      if (named?.includes('://')) return lineWith(named)
      const target = named && join(dirname(resolve(file.displayPath)), named)
      if (target && existsSync(target)) return lineTo(path, target)
    }
  return lineTo(path, join(ownSchemas, schemaFileName(noun)))
}

const linePattern = /^# yaml-language-server: *\$schema=(\S+)/
const ownSchemas = fileURLToPath(new URL('../../schema', import.meta.url))

const schemaFileName = (noun: Noun): string => `${fileKinds[noun].schema}.schema.json`

const lineTo = (path: string, schema: string): string =>
  lineWith(relative(dirname(resolve(path)), schema).replaceAll(sep, '/'))

const lineWith = (schema: string): string => `# yaml-language-server: $schema=${schema}`
