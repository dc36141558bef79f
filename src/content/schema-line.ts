import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { kinds } from './file-kinds.ts'
import type { Entry } from './read-file.ts'

/**
 * The line that points editors to the schema of a new file: to where those of its kind point, or others of the track, unless
 * that leads nowhere, for whole tracks are copied.
 */
export const schemaLine = (noun: Noun, path: string, entries: Partial<Record<Noun, Entry[]>>): string => {
  for (const other of [noun, ...nouns])
    for (const { file } of entries[other] ?? []) {
      const schema = linePattern.exec(file.text)?.[1]
      const named = other === noun ? schema : schema?.replace(/[^/]*$/, nameOf(noun))
      if (named?.includes('://')) return lineWith(named)
      const target = named && join(dirname(resolve(file.shownAs)), named)
      if (target && existsSync(target)) return lineTo(path, target)
    }
  return lineTo(path, join(ownSchemas, nameOf(noun)))
}

const linePattern = /^# yaml-language-server: *\$schema=(\S+)/
const ownSchemas = fileURLToPath(new URL('../../schema', import.meta.url))

const nameOf = (noun: Noun): string => `${kinds[noun].schema}.schema.json`

const lineTo = (path: string, schema: string): string =>
  lineWith(relative(dirname(resolve(path)), schema).replaceAll(sep, '/'))

const lineWith = (schema: string): string => `# yaml-language-server: $schema=${schema}`
