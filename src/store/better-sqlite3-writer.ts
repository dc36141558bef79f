import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type Sqlite from 'better-sqlite3'
import type { Database, Session } from './database.ts'
import { codeOf, UnusableDatabase, unavailable } from './database-errors.ts'
import { applicationId, connect, inspectDatabase, migrationsFolder } from './database-file.ts'
import { drizzle, migrate, sql } from './drizzle.ts'
import { jsonFormat } from './stored-json.ts'

/** The busy timeout of SQLite, in milliseconds: a write waits this long for the lock that another process holds. */
const busyTimeout = 5_000

/** An acknowledged write is on the disk (FULL), and readers never wait for writers (WAL). */
const settings = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'trusted_schema = OFF']

/**
 * Opens the only connection that writes; creates or migrates the database if needed. `check` runs before anything is written.
 * While another process opens or closes the database, tries again: SQLite changes the journal mode without the busy timeout.
 */
export const openWriter = (file: string, check: (connection: Sqlite.Database) => void): Sqlite.Database => {
  makeFolder(dirname(file))
  const giveUp = performance.now() + busyTimeout
  for (;;)
    try {
      return tryToOpen(file, check)
    } catch (failure) {
      if (!codeOf(failure).startsWith('SQLITE_BUSY') || performance.now() > giveUp) throw failure
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryInterval)
    }
}

/** In milliseconds. */
const retryInterval = 20

const tryToOpen = (file: string, check: (connection: Sqlite.Database) => void): Sqlite.Database => {
  const connection = connect(file)
  try {
    connection.pragma(`busy_timeout = ${busyTimeout}`)
    const state = inspectDatabase(connection)
    check(connection)
    for (const setting of settings) connection.pragma(setting)
    // Set before the first migration, so that the next start recognizes the file of an interrupted one.
    if (Number(connection.pragma('application_id', { simple: true })) !== applicationId)
      connection.pragma(`application_id = ${applicationId}`)
    if (state !== 'current') migrateOnce(connection)
    markEmptyDatabase(connection)
    return connection
  } catch (failure) {
    connection.close()
    throw failure
  }
}

/** Creates a folder. In `/proc`, `/sys` and `/dev` Node's recursive mkdir never ends, so paths there are rejected before. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  if (/^\/(proc|sys|dev)(\/|$)/.test(resolve(folder)))
    throw new UnusableDatabase('is in a folder that cannot be created: name another path')
  mkdirSync(folder, { recursive: true })
}

/** Records that all JSON of an empty database has the current format, so that none is rebuilt after the first load. */
const markEmptyDatabase = (connection: Sqlite.Database): void => {
  connection
    .prepare('insert or ignore into json_formats select 1, ? where not exists (select 1 from entries)')
    .run(jsonFormat)
}

/** Migrates the database. If another process that started at the same time migrated it first, its result is used. */
const migrateOnce = (connection: Sqlite.Database): void => {
  try {
    migrateToNewest(connection)
  } catch (failure) {
    if (inspectDatabase(connection) !== 'current') throw failure
  }
}

/** Runs migrations without foreign keys: SQLite rebuilds a table by dropping it, which would cascade to rows that refer to it. */
const migrateToNewest = (connection: Sqlite.Database): void => {
  connection.pragma('foreign_keys = OFF')
  migrate(drizzle(connection), { migrationsFolder })
  connection.pragma('foreign_keys = ON')
}

/**
 * Closes a database so that its file alone holds everything, out of WAL mode: it then opens on a read-only disk too. If
 * another connection is open, the last one to close does this. A failure here loses nothing: commits are in the log.
 */
export const closeWriter = (writer: Sqlite.Database, isSameFile: () => boolean): void => {
  try {
    // If the file was moved, nothing may be written beside the file that now has its name.
    if (isSameFile()) for (const step of ['wal_checkpoint(TRUNCATE)', 'journal_mode = DELETE']) writer.pragma(step)
  } catch {
    // Another connection is open, or the disk is full.
  } finally {
    writer.close()
  }
}

/**
 * Creates the queue of writes: one transaction after another, because statements of two transactions must not mix on one
 * connection. `onEnd` is called after each. A write that fails does not affect the next one.
 */
export const createWriteQueue = (
  writer: Sqlite.Database,
  isSameFile: () => boolean,
  onEnd: () => void,
): Pick<Database, 'write' | 'checkpoint'> => {
  const session = drizzle(writer, { casing: 'snake_case' })
  const enqueue = createQueue()
  return {
    write: work =>
      enqueue(async () => {
        if (!isSameFile()) throw unavailable('The file of the database was moved or deleted: nothing is written.')
        const done = runTransaction(session, () => writer.inTransaction, work)
        return done.finally(onEnd).catch(failure => {
          throw explainWriteFailure(failure)
        })
      }),
    checkpoint: () => enqueue(async () => checkpoint(writer)),
  }
}

type Queue = <T>(work: () => Promise<T>) => Promise<T>

const createQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const turn = last.then(work, work)
    last = turn
    return turn
  }
}

const runTransaction = async <T>(
  session: Session,
  isOpen: () => boolean,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  await session.run(sql`BEGIN IMMEDIATE`)
  try {
    // References within a document may be written in any order; they are checked at the commit.
    await session.run(sql`PRAGMA defer_foreign_keys = ON`)
    const result = await work(session)
    await session.run(sql`COMMIT`)
    return result
  } catch (error) {
    // After some failures SQLite has already rolled back.
    if (isOpen()) await session.run(sql`ROLLBACK`)
    throw error
  }
}

/**
 * Moves the log into the file and empties it: frames that stay in the log would be read again after a kill, and damage in them
 * would hide newer pages of the file. It does not wait for a connection that reads for long, such as a backup; a later
 * checkpoint does the rest.
 */
const checkpoint = (writer: Sqlite.Database): void => {
  writer.pragma('busy_timeout = 200')
  try {
    writer.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // For example a full disk: commits are safe in the log, and reads continue.
  }
  writer.pragma(`busy_timeout = ${busyTimeout}`)
}

/** Turns an SQLite error that may go away (sqlite.org/rescode.html) into a failure with `Retry-After`; returns others as they are. */
const explainWriteFailure = (failure: unknown): unknown => {
  const code = codeOf(failure)
  if (code.startsWith('SQLITE_BUSY')) return unavailable('Another program is writing: try again.', failure)
  if (code.startsWith('SQLITE_FULL')) return unavailable('The disk is full: nothing was written.', failure, 507)
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/.test(code))
    return unavailable('The database cannot be written: nothing was written.', failure)
  return failure
}
