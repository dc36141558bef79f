import { statSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'

/** A database file whose path may lead to another file later. */
export interface FollowedFile {
  /** Prepares statements that run on the connection that is open when they are used. */
  connection: Sqlite.Database
  /** Checks for a new file, and returns a number that changes with every commit and every new file. */
  version(): number
  /** Returns how many files have replaced the first one. */
  generation(): number
  /** Returns the error if the file at the path is not the one that is open; undefined if it is. */
  replacementError(): unknown
  close(): void
}

/**
 * Opens the file at a path, and every file that replaces it later. If a new file cannot be opened, the file before it is used
 * until the next one comes.
 */
export const followFile = (file: string, open: () => Sqlite.Database): FollowedFile => {
  let stamp = stampOf(file)
  let current = withVersion(open())
  let generation = 0
  let replacementError: unknown
  const checkFile = (): void => {
    const now = stampOf(file)
    if (now === undefined || !differs(now, stamp, current.isShared)) return
    stamp = now
    try {
      const next = withVersion(open())
      current.connection.close()
      current = next
      generation += 1
      replacementError = undefined
    } catch (cause) {
      replacementError = new Error('another file replaced the database and cannot be served', { cause })
    }
  }
  const prepare = (source: string): Sqlite.Statement<unknown[]> => {
    let preparedFor = generation
    let statement = current.connection.prepare(source)
    const currentStatement = () => {
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
      return generation * 2 ** 32 + Number(current.version.get())
    },
    generation: () => generation,
    replacementError: () => {
      checkFile()
      return stampOf(file) === undefined ? new Error('the file of the database was moved or deleted') : replacementError
    },
    close: () => current.connection.close(),
  }
}

const withVersion = (connection: Sqlite.Database) => ({
  connection,
  version: connection.prepare<[], number>('PRAGMA data_version').pluck(),
  /** In WAL mode other programs may write to the file, so a changed modification time does not mean a new file. */
  isShared: connection.pragma('journal_mode', { simple: true }) === 'wal',
})

interface FileStamp {
  identity: string
  modified: string
}

const stampOf = (file: string): FileStamp | undefined => {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat && { identity: `${stat.dev} ${stat.ino}`, modified: `${stat.mtimeMs} ${stat.size}` }
}

const differs = (now: FileStamp, before: FileStamp | undefined, isShared: boolean): boolean =>
  now.identity !== before?.identity || (!isShared && now.modified !== before.modified)
