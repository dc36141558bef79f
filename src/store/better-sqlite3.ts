import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { Failure } from '../errors.ts'
import { databaseWork } from '../runtime/diagnostics.ts'
import type { Database, Session } from './database.ts'
import { codeOf, isDamaged, UnusableDatabase } from './database-errors.ts'
import { applicationId, connect, inspect, isWhole, migrationsFolder, probe } from './database-file.ts'
import { drizzle, migrate, sql } from './drizzle.ts'
import { follow } from './follow-replaced-file.ts'

export interface OpenOptions {
  /** Told every query that reads, as SQL. */
  onQuery?: (query: string) => void
  /** Whether nothing may be written, on a file system that may be read-only too. */
  readOnly?: boolean
  /** Whether to look at every page first, where that takes no time that anybody would notice. */
  check?: boolean
}

/** Opens a database file; one that may be written is made where there is none, and brought up to the newest migration. */
export const openDatabase = (file: string, options: OpenOptions = {}): Database =>
  options.readOnly ? openReadOnly(file, options) : openWritable(file, options)

const openWritable = (file: string, { onQuery, check = false }: OpenOptions): Database => {
  const writer = openWriter(file, check)
  const reader = openReader(file)
  // On this connection the number moves with the commits of every other, the writer's among them.
  const dataVersion = reader.prepare<[], number>('PRAGMA data_version').pluck()
  const version = oncePerTurn(() => Number(dataVersion.get()))
  const stillThere = watchFile(file)
  const readAnew = probe(file)
  const inTurn = queue()
  return {
    read: readSession(timed(reader, version.read), onQuery),
    write: writes(writer, inTurn, stillThere, version.forget),
    checkpoint: () => inTurn(async () => checkpoint(writer)),
    version: version.get,
    generation: () => 0,
    unready: () => (stillThere() ? readAnew() : new Error('the file of the database was moved or deleted')),
    close: () => {
      reader.close()
      closeWriter(writer, stillThere)
    },
  }
}

/** A copy that another may take the place of at any time. */
const openReadOnly = (file: string, { onQuery, check = false }: OpenOptions): Database => {
  const { connection, generation, displaced, close, ...followed } = follow(file, () => {
    const reader = openReader(file)
    try {
      if (check) refuseDamaged(reader, file)
    } catch (failure) {
      reader.close()
      throw failure
    }
    return reader
  })
  const version = oncePerTurn(followed.version)
  return {
    read: readSession(timed(connection, version.read), onQuery),
    write: readingAlone,
    checkpoint: readingAlone,
    version: version.get,
    generation,
    unready: displaced,
    close,
  }
}

const readSession = (connection: Sqlite.Database, onQuery: OpenOptions['onQuery']): Session =>
  drizzle(connection, {
    casing: 'snake_case',
    logger: onQuery === undefined ? false : { logQuery: onQuery },
  })

/** How long a write waits for another program that writes, in milliseconds. */
const patience = 5_000

const openWriter = (file: string, check: boolean): Sqlite.Database => {
  makeFolder(dirname(file))
  const connection = connect(file)
  try {
    connection.pragma(`busy_timeout = ${patience}`)
    const state = inspect(connection)
    if (check) refuseDamaged(connection, file)
    for (const setting of settings) connection.pragma(setting)
    // Before the first migration: one that is ended half way leaves a file that the next start takes for ours.
    if (Number(connection.pragma('application_id', { simple: true })) !== applicationId)
      connection.pragma(`application_id = ${applicationId}`)
    if (state !== 'current') migrateOnce(connection)
    return connection
  } catch (failure) {
    connection.close()
    throw failure
  }
}

/**
 * Closes a database so that its file alone holds everything, out of WAL mode: then it opens on a read-only disk too. Where
 * another connection is open, the last one to close does this. Whatever prevents it loses nothing: commits are in the log.
 */
const closeWriter = (writer: Sqlite.Database, stillThere: () => boolean): void => {
  try {
    // Of a file that was moved nothing may be left beside another one that now has its name.
    if (stillThere()) for (const step of ['wal_checkpoint(TRUNCATE)', 'journal_mode = DELETE']) writer.pragma(step)
  } catch {
    // Another connection is open, or the disk is full.
  } finally {
    writer.close()
  }
}

/** Of two that start at once one migrates: the other finds it done. */
const migrateOnce = (connection: Sqlite.Database): void => {
  try {
    migrateTo(connection)
  } catch (failure) {
    if (inspect(connection) !== 'current') throw failure
  }
}

const openReader = (file: string): Sqlite.Database => {
  const connection = connect(file, { readonly: true, fileMustExist: true })
  try {
    connection.pragma('busy_timeout = 2000')
    // Reads once: what cannot be read is told now, and the log beside the file is open from then on.
    if (inspect(connection) !== 'current') throw unmigrated
    return connection
  } catch (failure) {
    connection.close()
    throw codeOf(failure).startsWith('SQLITE_CANTOPEN') && isInWalMode(file) ? unclosed : failure
  }
}

/** The "file format read version" of a database file is 2 in WAL mode (sqlite.org/fileformat2.html, "File format version numbers"). */
const isInWalMode = (file: string): boolean => {
  const header = Buffer.alloc(20)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, header)
  closeSync(descriptor)
  return header[19] === 2
}

const unclosed = new UnusableDatabase(
  'was not closed by the service that wrote it, and what it left cannot be put in order on a read-only disk: where the disk can be written, make a copy with curriculum backup, or start and stop the service',
)

const unmigrated = new UnusableDatabase(
  'has not the tables of this version, and READ_ONLY=1 keeps it from making them: start once without, or take a newer copy',
)

/** Below `/proc` and its like making a folder never ends, as it is there and is not: what can be told is told before. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  if (/^\/(proc|sys|dev)(\/|$)/.test(resolve(folder)))
    throw new UnusableDatabase('stands in a folder that cannot be made there: name another path')
  mkdirSync(folder, { recursive: true })
}

/** In bytes: looking at all of it takes a fifth of a second. */
const quickToCheck = 16 * 1024 * 1024

const refuseDamaged = (connection: Sqlite.Database, file: string): void => {
  if (statSync(file).size <= quickToCheck && !isWhole(connection)) throw isDamaged
}

/** Whether the file that was opened is still the one at its path: who goes on writing to one that was deleted writes for nobody. */
const watchFile = (file: string): (() => boolean) => {
  const opened = statSync(file).ino
  return () => statSync(file, { throwIfNoEntry: false })?.ino === opened
}

const readingAlone = async (): Promise<never> => {
  throw new Failure('UNAVAILABLE', 'This node only reads: write to the one that writes.')
}

/** Writes one after another. What cannot be written is told as what it is, and the next write is tried anew. */
const writes = (
  writer: Sqlite.Database,
  inTurn: Queue,
  stillThere: () => boolean,
  forget: () => void,
): Database['write'] => {
  const session = drizzle(writer, { casing: 'snake_case' })
  return work =>
    inTurn(async () => {
      if (!stillThere()) throw unwritten('The file of the database was moved or deleted: nothing is written.')
      const done = transaction(session, () => writer.inTransaction, work)
      return done.finally(forget).catch(failure => {
        throw failureOf(failure)
      })
    })
}

/**
 * Empties the log too: frames that stay in it would be read again after a kill, and damage in them would hide newer pages
 * of the file. A connection that reads for long, as a backup does, is not waited for; a later checkpoint does the rest.
 */
const checkpoint = (writer: Sqlite.Database): void => {
  writer.pragma('busy_timeout = 200')
  try {
    writer.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // On a full disk, for example: commits are safe in the log, and reading goes on.
  }
  writer.pragma(`busy_timeout = ${patience}`)
}

const unwritten = (message: string, cause?: unknown, status = 503): Failure =>
  new Failure('UNAVAILABLE', message, { cause, status, headers: { 'retry-after': '5' } })

/** What SQLite cannot do now, it may later (sqlite.org/rescode.html). */
const failureOf = (failure: unknown): unknown => {
  const code = codeOf(failure)
  if (code.startsWith('SQLITE_BUSY')) return unwritten('Another program is writing: try again.', failure)
  if (code.startsWith('SQLITE_FULL'))
    return unwritten('There is no room left on the disk: nothing was written.', failure, 507)
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/.test(code))
    return unwritten('The database cannot be written to: nothing was written.', failure)
  return failure
}

/**
 * What was found holds until the event loop turns, unless it is asked for anew and something was read since: requests that were waiting
 * together are answered as of one moment, and looking costs a system call or two.
 */
const oncePerTurn = (look: () => number) => {
  let found: number | undefined
  const forget = (): void => {
    found = undefined
  }
  let hasRead = false
  const get = (fresh = false): number => {
    if (found === undefined) setImmediate(forget)
    if (found === undefined || (fresh && hasRead)) {
      found = look()
      hasRead = false
    }
    return found
  }
  const read = (): void => {
    hasRead = true
  }
  return { get, forget, read }
}

/** An acknowledged write is on the disk (FULL); readers never wait for writers (WAL). */
const settings = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'trusted_schema = OFF']

/** Foreign keys are off meanwhile: SQLite rebuilds a table by dropping it, which would delete by cascade what refers to it. */
const migrateTo = (connection: Sqlite.Database): void => {
  connection.pragma('foreign_keys = OFF')
  migrate(drizzle(connection), { migrationsFolder })
  connection.pragma('foreign_keys = ON')
}

const transaction = async <T>(
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
    // After some failures SQLite has rolled back by itself.
    if (isOpen()) await session.run(sql`ROLLBACK`)
    throw error
  }
}

type Queue = <T>(work: () => Promise<T>) => Promise<T>

/** One at a time, in the order asked for: statements of two writes must never mix on the one connection. */
const queue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const turn = last.then(work, work)
    last = turn
    return turn
  }
}

/** The same connection: from now on it tells how long each statement took that it prepares, and calls `begin` before each. */
const timed = (connection: Sqlite.Database, begin: () => void): Sqlite.Database => {
  const prepare = connection.prepare.bind(connection)
  return Object.assign(connection, { prepare: (source: string) => timedStatement(prepare(source), source, begin) })
}

/** The two by which Drizzle reads; `raw` and its like answer the statement itself. */
const timedStatement = (
  statement: Sqlite.Statement<unknown[]>,
  text: string,
  begin: () => void,
): Sqlite.Statement<unknown[]> => {
  const telling =
    <T>(read: (...values: unknown[]) => T) =>
    (...values: unknown[]): T => {
      begin()
      const start = performance.now()
      try {
        return read.apply(statement, values)
      } finally {
        databaseWork.publish({ kind: 'read', text, start, end: performance.now() })
      }
    }
  return Object.assign(statement, { all: telling(statement.all), get: telling(statement.get) })
}
