import type { BaseSQLiteDatabase } from './drizzle.ts'

/** What queries and writes are given. Every query builder is awaited: one driver answers at once, another through promises. */
export type Session = BaseSQLiteDatabase<'sync' | 'async', unknown>

/** A database that is open: a port with one small file a driver. */
export interface Database {
  /** Reads only, on a connection no write uses. */
  read: Session
  /**
   * Runs `work` in a transaction of its own on the only connection that writes, after all writes before it.
   * Nothing of it stays where `work` throws; what it answers is on the disk when the promise is fulfilled.
   */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Moves all that was committed from the write-ahead log into the file itself, unless somebody is reading for long. */
  checkpoint(): Promise<void>
  /** A number that moves with every commit to the database, by this process or another; cheap enough to ask at every request. As of this turn of the event loop, or of this very moment where it is asked for `anew`. */
  version(fresh?: boolean): number
  /** How many files have taken the place of the one that was opened first: a database that only reads opens each. */
  generation(): number
  /** Returns why the database cannot be relied on: its file is another one now, or damaged. Returns undefined if it can. */
  unready(): unknown
  close(): void
}

/** Splits a list into chunks of at most `size` items, in order. */
export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))
