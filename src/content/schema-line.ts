import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Entry } from './entry.ts'
import { type KindName, kinds } from './kinds.ts'

/**
 * The line that points editors to the schema of a new file: to where those of its kind point, or others of the track, unless
 * that leads nowhere, for whole tracks are copied.
 */
export const schemaLine = (kind: KindName, path: string, entries: Partial<Record<KindName, Entry[]>>): string => {
  for (const other of [kind, ...kindNames])
    for (const { file } of entries[other] ?? []) {
      const schema = linePattern.exec(file.text)?.[1]
      const named = other === kind ? schema : schema?.replace(/[^/]*$/, nameOf(kind))
      if (named?.includes('://')) return lineWith(named)
      const target = named && join(dirname(resolve(file.shownAs)), named)
      if (target && existsSync(target)) return lineTo(path, target)
    }
  return lineTo(path, join(ownSchemas, nameOf(kind)))
}

const kindNames = Object.keys(kinds) as KindName[] // its own keys
const linePattern = /^# yaml-language-server: *\$schema=(\S+)/
const ownSchemas = fileURLToPath(new URL('../../schema', import.meta.url))

const nameOf = (kind: KindName): string => `${kind}.schema.json`

const lineTo = (path: string, schema: string): string =>
  lineWith(relative(dirname(resolve(path)), schema).replaceAll(sep, '/'))

const lineWith = (schema: string): string => `# yaml-language-server: $schema=${schema}`
