import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { UnusableDatabase } from './database-errors.ts'
import { getTableColumns, getTableName, is, snakeCase, Table } from './drizzle.ts'
import * as schema from './tables.ts'

/**
 * Opens a connection that keeps SQLite's temporary data in memory, so that the folder of the database is the only one that
 * has to be writable. SQLite would otherwise use /var/tmp, /tmp or the working directory, which a hardened service or
 * container has read-only: then large statements fail. Writes, loads, migrations and backups need the same memory either
 * way; only VACUUM, which nothing here runs, would need as much as the size of the database.
 */
export const connect = (file: string, options: Sqlite.Options = {}): Sqlite.Database => {
  const connection = new Sqlite(file, options)
  connection.pragma('temp_store = MEMORY')
  return connection
}

/** The `PRAGMA application_id` of this program's database files: "CURR". */
export const applicationId = 0x43555252

/** The first SQLite without the "WAL-reset bug", which can damage a database in WAL mode (sqlite.org/wal.html). */
const minimumSqliteVersion = '3.51.3'

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Returns when the newest migration of this program was created. */
export const newestMigration = (): number => {
  const journal = JSON.parse(readFileSync(`${migrationsFolder}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number }[]
  } // drizzle-kit writes this format
  return Math.max(...journal.entries.map(({ when }) => when))
}

/**
 * Returns the migration state of a database before anything is written to it. Throws if the file belongs to another program
 * or was migrated by a newer version of this one, unless `acceptNewer` is set and that version only added to the tables.
 */
export const inspectDatabase = (
  connection: Sqlite.Database,
  { acceptNewer = false } = {},
): 'current' | 'behind' | 'empty' => {
  assertSqliteVersion(String(connection.prepare('select sqlite_version()').pluck().get()))
  const tables = connection.prepare("select name from sqlite_master where type = 'table'").pluck().all()
  const id = Number(connection.pragma('application_id', { simple: true }))
  if (tables.length === 0 && [0, applicationId].includes(id)) return 'empty'
  const isOurs =
    id === applicationId || (id === 0 && tables.includes('__drizzle_migrations') && tables.includes('entries'))
  if (!isOurs) throw new UnusableDatabase('is the database of another program: name another file')
  const last = Number(connection.prepare('select max(created_at) from __drizzle_migrations').pluck().get())
  if (last > newestMigration() && !(acceptNewer && isExtended(connection)))
    throw new UnusableDatabase(
      'was made by a newer version of this program: start that version, or restore a backup from before the upgrade',
    )
  return last < newestMigration() ? 'behind' : 'current'
}

/** Returns true if a database has all tables and columns of this version, and no other columns that a row needs. */
const isExtended = (connection: Sqlite.Database): boolean => {
  const known = Object.values(schema).filter(one => is(one, Table))
  return known.every(table => {
    const found = connection.pragma(`table_info(${getTableName(table)})`) as {
      name: string
      notnull: number
      dflt_value: unknown
    }[] // sqlite.org/pragma.html#pragma_table_info
    const ours = new Set(Object.values(getTableColumns(table)).map(column => snakeCase(column.name)))
    const others = found.filter(({ name }) => !ours.delete(name))
    return ours.size === 0 && others.every(({ notnull, dflt_value }) => notnull === 0 || dflt_value !== null)
  })
}

export const assertSqliteVersion = (version: string): void => {
  const [actual, minimum] = [version, minimumSqliteVersion].map(one => one.split('.').map(Number))
  const [differing] = [0, 1, 2].filter(part => actual?.[part] !== minimum?.[part])
  if (differing !== undefined && Number(actual?.[differing]) < Number(minimum?.[differing]))
    throw new UnusableDatabase(
      `would be at risk: SQLite ${version} has a bug that damages databases, fixed in ${minimumSqliteVersion}. Run npm ci`,
    )
}

/** Checks the structure of every page, which takes about a second for 40 MB. */
export const passesQuickCheck = (connection: Sqlite.Database): boolean =>
  connection.pragma('quick_check(1)', { simple: true }) === 'ok'

/** The minimum time between two reads of the file, in milliseconds, however often a load balancer probes. A read takes about 1 ms. */
const probeInterval = 1_000

/**
 * Creates a readiness probe that reads the database file on a new connection, and returns the error or undefined. Open
 * connections cache pages and the file size, so they notice neither a truncated file nor an overwritten header.
 */
export const createFileProbe = (file: string, clock = () => performance.now()): (() => unknown) => {
  let size = statSync(file).size
  let checkedAt = Number.NEGATIVE_INFINITY
  let error: unknown
  const readFile = (): void => {
    const currentSize = statSync(file).size
    const connection = connect(file, { readonly: true, fileMustExist: true })
    try {
      connection.pragma('busy_timeout = 200')
      if (inspectDatabase(connection) !== 'current')
        throw new Error('the file of the database does not have its tables')
      connection.prepare('select max(seq) from changes').get()
      // The newest pages may be in the write-ahead log only, but pages that were in the file must still be there.
      const pages = connection.pragma('page_count', { simple: true })
      const fullSize = Number(pages) * Number(connection.pragma('page_size', { simple: true }))
      if (currentSize < Math.min(size, fullSize)) throw new Error('the file of the database was truncated')
      size = currentSize
    } finally {
      connection.close()
    }
  }
  return () => {
    if (clock() - checkedAt < probeInterval) return error
    checkedAt = clock()
    error = undefined
    try {
      readFile()
    } catch (failure) {
      error = failure
    }
    return error
  }
}
