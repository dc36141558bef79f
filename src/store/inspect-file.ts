import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type Sqlite from 'better-sqlite3'
import { UnusableDatabase } from './database-errors.ts'

/** Of files that are ours (`PRAGMA application_id`): "CURR". */
export const applicationId = 0x43555252

/** SQLite before this may damage a database in WAL mode (sqlite.org/wal.html, "the WAL-reset bug"). */
const leastVersion = '3.51.3'

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** When the newest migration of this program was made. */
const newest = (): number => {
  const journal = JSON.parse(readFileSync(`${migrationsFolder}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number }[]
  } // drizzle-kit writes it so
  return Math.max(...journal.entries.map(({ when }) => when))
}

/**
 * Looks at a database before anything is written to it: whether it is at the newest migration, behind it, or empty. One that
 * is not ours, or that a newer program has made, is refused.
 */
export const inspect = (connection: Sqlite.Database): 'current' | 'behind' | 'empty' => {
  assertVersion(String(connection.prepare('select sqlite_version()').pluck().get()))
  const tables = connection.prepare("select name from sqlite_master where type = 'table'").pluck().all()
  const id = Number(connection.pragma('application_id', { simple: true }))
  if (tables.length === 0 && [0, applicationId].includes(id)) return 'empty'
  const ours =
    id === applicationId || (id === 0 && tables.includes('__drizzle_migrations') && tables.includes('entries'))
  if (!ours) throw new UnusableDatabase('is the database of another program: name another file')
  const last = Number(connection.prepare('select max(created_at) from __drizzle_migrations').pluck().get())
  if (last > newest())
    throw new UnusableDatabase(
      'was made by a newer version of this program: start that one, or restore a backup from before',
    )
  return last === newest() ? 'current' : 'behind'
}

export const assertVersion = (version: string): void => {
  const [a, b] = [version, leastVersion].map(one => one.split('.').map(Number))
  const [differing] = [0, 1, 2].filter(part => a?.[part] !== b?.[part])
  if (differing !== undefined && Number(a?.[differing]) < Number(b?.[differing]))
    throw new UnusableDatabase(
      `would be at risk: SQLite ${version} has a bug that damages databases; ${leastVersion} has not. Run npm ci`,
    )
}

/** Whether every page is as it should be: about a second for 40 MB. */
export const isWhole = (connection: Sqlite.Database): boolean =>
  connection.pragma('quick_check(1)', { simple: true }) === 'ok'
