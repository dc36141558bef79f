import { type Stats, statSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { Failure } from '../errors.ts'

/** A database file whose path may lead to another file later. */
export interface FollowedFile {
  /** Prepares statements that run on the connection that is open when they are used. */
  connection: Sqlite.Database
  /** Returns the connection that is open; undefined if there was no file yet. */
  current(): Sqlite.Database | undefined
  /** Checks for a new file, and returns a number that changes with every commit and every new file. */
  version(): number
  /** Returns how many files have replaced the first one. */
  generation(): number
  /** Returns the error if the file at the path is not the one that is open; undefined if it is. */
  replacementError(): unknown
  close(): void
}

export interface FollowOptions {
  /** Returns true if a file may be used, after the one that is open if there is one; by default every file that can be opened. */
  accepts?: (next: Sqlite.Database, current: Sqlite.Database | undefined) => boolean
  /** True if there may be no file yet that can be opened: reads are rejected until there is one. */
  mayBeMissing?: boolean
}

/** The pause before the same file is tried again, in milliseconds. */
const retryInterval = 100

/**
 * Opens the file at a path, and every file that replaces it later. While a new file cannot be opened or is not accepted, the one
 * before it is used.
 */
export const followFile = (
  file: string,
  open: () => Sqlite.Database,
  { accepts = () => true, mayBeMissing = false }: FollowOptions = {},
): FollowedFile => {
  let current: OpenedFile | undefined
  let generation = 0
  let replacementError: unknown
  let tried: { stamp: FileStamp | undefined; at: number } | undefined
  const openNext = (stamp: FileStamp | undefined): void => {
    const next = { ...withVersion(open()), stamp }
    if (!accepts(next.connection, current?.connection)) {
      next.connection.close()
      return
    }
    if (current !== undefined) generation += 1
    current?.connection.close()
    current = next
  }
  const checkFile = (): void => {
    const stamp = stampOf(file)
    if (stamp === undefined) return
    if (current !== undefined && !differs(stamp, current.stamp, current.isShared)) {
      replacementError = undefined
      return
    }
    if (tried !== undefined && !differs(stamp, tried.stamp, true) && performance.now() < tried.at + retryInterval)
      return
    tried = { stamp, at: performance.now() }
    replacementError = undefined
    try {
      openNext(stamp)
    } catch (cause) {
      replacementError = new Error('another file replaced the database and cannot be served', { cause })
    }
  }
  if (mayBeMissing) checkFile()
  else openNext(stampOf(file))
  const prepare = (source: string): Sqlite.Statement<unknown[]> => {
    let preparedFor: number | undefined
    let statement: Sqlite.Statement<unknown[]>
    const currentStatement = () => {
      if (current === undefined) throw new Failure('UNAVAILABLE', noFile, { headers: { 'retry-after': '1' } })
      if (preparedFor !== generation) statement = current.connection.prepare(source)
      preparedFor = generation
      return statement
    }
    const followed = {
      all: (...values: unknown[]) => currentStatement().all(...values),
      raw: () => {
        currentStatement().raw()
        return followed
      },
    }
    return followed as unknown as Sqlite.Statement<unknown[]> // the only methods that Drizzle calls for awaited queries
  }
  return {
    connection: { prepare } as unknown as Sqlite.Database, // reads use nothing else of it
    version: () => {
      checkFile()
      return generation * 2 ** 32 + Number(current?.version.get() ?? 0)
    },
    current: () => current?.connection,
    generation: () => generation,
    replacementError: () => {
      checkFile()
      if (stampOf(file) === undefined) return new Error('the file of the database was moved or deleted')
      return replacementError
    },
    close: () => current?.connection.close(),
  }
}

const noFile = 'This node has no data yet: its replica is being filled.'

interface OpenedFile extends ReturnType<typeof withVersion> {
  stamp: FileStamp | undefined
}

const withVersion = (connection: Sqlite.Database) => ({
  connection,
  version: connection.prepare<[], number>('PRAGMA data_version').pluck(),
  /** In WAL mode other programs may write to the file, so a changed modification time does not mean a new file. */
  isShared: connection.pragma('journal_mode', { simple: true }) === 'wal',
})

type FileStamp = Pick<Stats, 'dev' | 'ino' | 'mtimeMs' | 'size'>

const stampOf = (file: string): FileStamp | undefined => statSync(file, { throwIfNoEntry: false })

const differs = (now: FileStamp, before: FileStamp | undefined, isShared: boolean): boolean =>
  now.ino !== before?.ino ||
  now.dev !== before.dev ||
  (!isShared && (now.mtimeMs !== before.mtimeMs || now.size !== before.size))
