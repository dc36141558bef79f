import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { Failure } from '../errors.ts'
import { databaseWork } from '../runtime/diagnostics.ts'
import { closeWriter, createWriteQueue, openWriter } from './better-sqlite3-writer.ts'
import type { Database, Session } from './database.ts'
import { codeOf, damagedDatabase, missingDatabase, UnusableDatabase } from './database-errors.ts'
import { connect, createFileProbe, inspectDatabase, passesQuickCheck } from './database-file.ts'
import { drizzle } from './drizzle.ts'
import { type FollowOptions, followFile } from './follow-replaced-file.ts'

export interface OpenOptions {
  /** Called with the SQL of every query that reads. */
  onQuery?: (query: string) => void
  /** Opens the file without writing anything, also on a read-only file system. */
  readOnly?: boolean
  /** The memory for pages of the file, in bytes; SQLite's default if it is absent. */
  pageCacheBytes?: number
  /** Checks every page first, unless the file is so large that this takes noticeable time. */
  check?: boolean
}

/** Opens a database file. Unless `readOnly` is set, it is created if it does not exist, and migrated. */
export const openDatabase = (file: string, options: OpenOptions = {}): Database =>
  options.readOnly ? openReadOnly(file, options) : openWritable(file, options)

const openWritable = (file: string, { onQuery, check = false, pageCacheBytes }: OpenOptions): Database => {
  const writer = openWriter(file, connection => check && rejectDamaged(connection, file))
  const reader = openReader(file, pageCacheBytes)
  // data_version of this connection changes with the commits of every other connection, such as the writer.
  const dataVersion = reader.prepare<[], number>('PRAGMA data_version').pluck()
  const version = oncePerTurn(() => Number(dataVersion.get()))
  const isSameFile = watchFile(file)
  const probeFile = createFileProbe(file)
  const { write, checkpoint } = createWriteQueue(writer, isSameFile, version.forget)
  return {
    read: readSession(timeStatements(reader, version.noteRead), onQuery),
    write,
    checkpoint,
    version: version.get,
    generation: () => 0,
    readinessError: () => (isSameFile() ? probeFile() : new Error('the file of the database was moved or deleted')),
    close: () => {
      reader.close()
      closeWriter(writer, isSameFile)
    },
  }
}

/** Opens a file that another file may replace at any time. `latest` looks for a new file, and returns the connection that is open. */
export const openReadOnly = (
  file: string,
  { onQuery, check = false, pageCacheBytes }: OpenOptions,
  { acceptNewer = false, ...follow }: FollowOptions & { acceptNewer?: boolean } = {},
): Database & { latest(): Sqlite.Database | undefined } => {
  if (!follow.mayBeMissing && !existsSync(file)) throw missingDatabase
  const open = (): Sqlite.Database => {
    const reader = openReader(file, pageCacheBytes, acceptNewer)
    try {
      if (check) rejectDamaged(reader, file)
    } catch (failure) {
      reader.close()
      throw failure
    }
    return reader
  }
  const { connection, current, generation, replacementError, close, ...followed } = followFile(file, open, follow)
  const version = oncePerTurn(followed.version)
  return {
    read: readSession(timeStatements(connection, version.noteRead), onQuery),
    write: rejectWrite,
    checkpoint: rejectWrite,
    version: version.get,
    generation,
    readinessError: replacementError,
    latest: () => {
      followed.version()
      // What the caller reads may be newer than the version of this turn.
      version.forget()
      return current()
    },
    close,
  }
}

const rejectWrite = async (): Promise<never> => {
  throw new Failure('UNAVAILABLE', 'This node is read-only: write to the node that serves writes.')
}

const readSession = (connection: Sqlite.Database, onQuery: OpenOptions['onQuery']): Session =>
  drizzle(connection, {
    casing: 'snake_case',
    logger: onQuery === undefined ? false : { logQuery: onQuery },
  })

const openReader = (file: string, pageCacheBytes: number | undefined, acceptNewer = false): Sqlite.Database => {
  const connection = connect(file, { readonly: true, fileMustExist: true })
  try {
    connection.pragma('busy_timeout = 2000')
    // A negative size is in KiB (sqlite.org/pragma.html#pragma_cache_size).
    if (pageCacheBytes !== undefined) connection.pragma(`cache_size = -${Math.ceil(pageCacheBytes / 1024)}`)
    // The first read reports a file that cannot be read now rather than later, and opens the log beside it.
    if (inspectDatabase(connection, { acceptNewer }) !== 'current') throw notMigrated
    return connection
  } catch (failure) {
    connection.close()
    throw codeOf(failure).startsWith('SQLITE_CANTOPEN') && isInWalMode(file) ? notClosed : failure
  }
}

/** Reads the "file format read version" from the header: it is 2 in WAL mode (sqlite.org/fileformat2.html). */
const isInWalMode = (file: string): boolean => {
  const header = Buffer.alloc(20)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, header)
  closeSync(descriptor)
  return header[19] === 2
}

const notClosed = new UnusableDatabase(
  'was not closed by the service that wrote it, and its log cannot be recovered on a read-only disk: on a writable disk, make a copy with curriculum backup, or start and stop the service',
)

const notMigrated = new UnusableDatabase(
  'does not have the tables of this version, and READ_ONLY=1 forbids migrating it: start once without READ_ONLY, or use a newer copy',
)

/** The size of a database, in bytes, up to which a start checks all pages; this takes a fifth of a second. */
const maxCheckedSize = 16 * 1024 * 1024

const rejectDamaged = (connection: Sqlite.Database, file: string): void => {
  if (statSync(file).size <= maxCheckedSize && !passesQuickCheck(connection)) throw damagedDatabase
}

/** Returns a check that the path still leads to the file that was opened: writes to a deleted file would be lost. */
const watchFile = (file: string): (() => boolean) => {
  const opened = statSync(file).ino
  return () => statSync(file, { throwIfNoEntry: false })?.ino === opened
}

/**
 * Caches a version until the next turn of the event loop, because reading it takes a system call or two. Requests that were
 * waiting together see one version. With `fresh` it is read again if a statement ran since.
 */
const oncePerTurn = (readVersion: () => number) => {
  let version: number | undefined
  const forget = (): void => {
    version = undefined
  }
  let hasRead = false
  const get = (fresh = false): number => {
    if (version === undefined) setImmediate(forget)
    if (version === undefined || (fresh && hasRead)) {
      version = readVersion()
      hasRead = false
    }
    return version
  }
  const noteRead = (): void => {
    hasRead = true
  }
  return { get, forget, noteRead }
}

/** Publishes the duration of every statement that the connection prepares from now on, and calls `onRead` before each. */
const timeStatements = (connection: Sqlite.Database, onRead: () => void): Sqlite.Database => {
  const prepare = connection.prepare.bind(connection)
  return Object.assign(connection, { prepare: (source: string) => timedStatement(prepare(source), source, onRead) })
}

/** Wraps the two methods by which Drizzle reads; `raw` and similar methods return the statement itself. */
const timedStatement = (
  statement: Sqlite.Statement<unknown[]>,
  text: string,
  onRead: () => void,
): Sqlite.Statement<unknown[]> => {
  const timed =
    <T>(read: (...values: unknown[]) => T) =>
    (...values: unknown[]): T => {
      onRead()
      const start = performance.now()
      try {
        return read.apply(statement, values)
      } finally {
        databaseWork.publish({ kind: 'read', text, start, end: performance.now() })
      }
    }
  return Object.assign(statement, { all: timed(statement.all), get: timed(statement.get) })
}
