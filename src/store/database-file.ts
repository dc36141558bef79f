import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { UnusableDatabase } from './database-errors.ts'

/**
 * Opens a connection that keeps SQLite's temporary data in memory, so that the folder of the database is the only one that
 * has to be writable. SQLite would otherwise use /var/tmp, /tmp or the working directory, which a hardened service or
 * container has read-only: then large statements fail. Writes, loads, migrations and backups need the same memory either
 * way; only VACUUM, which nothing here runs, would need as much as the database is large.
 */
export const connect = (file: string, options: Sqlite.Options = {}): Sqlite.Database => {
  const connection = new Sqlite(file, options)
  connection.pragma('temp_store = MEMORY')
  return connection
}

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

/** In milliseconds: however often a balancer asks, the disk is read so often at most. It takes about a millisecond. */
const pause = 1_000

/**
 * Reads a database file anew and returns why that fails, or undefined. Connections that are open keep pages and the size in
 * memory, so they notice neither that the file was cut short nor that its beginning was overwritten.
 */
export const probe = (file: string, clock = () => performance.now()): (() => unknown) => {
  let size = statSync(file).size
  let checked = Number.NEGATIVE_INFINITY
  let found: unknown
  const read = (): void => {
    const now = statSync(file).size
    const connection = connect(file, { readonly: true, fileMustExist: true })
    try {
      connection.pragma('busy_timeout = 200')
      if (inspect(connection) !== 'current') throw new Error('the file of the database does not have its tables')
      connection.prepare('select max(seq) from changes').get()
      // The newest pages may be in the write-ahead log alone; those that were in the file before must still be there.
      const pages = connection.pragma('page_count', { simple: true })
      const whole = Number(pages) * Number(connection.pragma('page_size', { simple: true }))
      if (now < Math.min(size, whole)) throw new Error('the file of the database was truncated')
      size = now
    } finally {
      connection.close()
    }
  }
  return () => {
    if (clock() - checked < pause) return found
    checked = clock()
    found = undefined
    try {
      read()
    } catch (failure) {
      found = failure
    }
    return found
  }
}
