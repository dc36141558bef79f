import { statSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'

/** Reads the file at a path, whichever file that is at the moment. */
export interface Followed {
  /** Prepares statements that run on the connection that is open when they are used. */
  connection: Sqlite.Database
  /** A number that moves with every commit to the file, and when another file takes its place; looks for one. */
  version(): number
  /** How many files have taken the place of the first. */
  generation(): number
  /** Why the file at the path is not the one that is open; undefined if it is. */
  displaced(): unknown
  close(): void
}

/**
 * Opens the file at a path, and whatever file takes its place later. A file that cannot be opened is not used: the one
 * before goes on being read, until yet another takes its place.
 */
export const follow = (file: string, open: () => Sqlite.Database): Followed => {
  let stamp = stampOf(file)
  let current = opened(open())
  let generation = 0
  let displaced: unknown
  const look = (): void => {
    const now = stampOf(file)
    if (now === undefined || !differs(now, stamp, current.isShared)) return
    stamp = now
    try {
      const next = opened(open())
      current.connection.close()
      current = next
      generation += 1
      displaced = undefined
    } catch (cause) {
      displaced = new Error('another file took the place of the database and is not served', { cause })
    }
  }
  const prepare = (source: string): Sqlite.Statement<unknown[]> => {
    let preparedFor = generation
    let statement = current.connection.prepare(source)
    const now = () => {
      if (preparedFor !== generation) statement = current.connection.prepare(source)
      preparedFor = generation
      return statement
    }
    const followed = {
      all: (...values: unknown[]) => now().all(...values),
      raw: () => {
        now().raw()
        return followed
      },
    }
    return followed as unknown as Sqlite.Statement<unknown[]> // all that Drizzle reads by where queries are awaited
  }
  return {
    connection: { prepare } as unknown as Sqlite.Database, // nothing else of it is used for reading
    version: () => {
      look()
      return generation * 2 ** 32 + Number(current.version.get())
    },
    generation: () => generation,
    displaced: () => {
      look()
      return stampOf(file) === undefined ? new Error('the file of the database was moved or deleted') : displaced
    },
    close: () => current.connection.close(),
  }
}

const opened = (connection: Sqlite.Database) => ({
  connection,
  version: connection.prepare<[], number>('PRAGMA data_version').pluck(),
  /** In WAL mode other programs may write to the file: that it was modified says nothing then. */
  isShared: connection.pragma('journal_mode', { simple: true }) === 'wal',
})

interface Stamp {
  name: string
  modified: string
}

const stampOf = (file: string): Stamp | undefined => {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat && { name: `${stat.dev} ${stat.ino}`, modified: `${stat.mtimeMs} ${stat.size}` }
}

const differs = (now: Stamp, before: Stamp | undefined, isShared: boolean): boolean =>
  now.name !== before?.name || (!isShared && now.modified !== before.modified)
