import { type BaseSQLiteDatabase, type Placeholder, sql } from './drizzle.ts'

/** The Drizzle session that queries and writes get. Every query is awaited, so drivers may be synchronous or asynchronous. */
export type Session = BaseSQLiteDatabase<'sync' | 'async', unknown>

/** An open database: the port that each SQLite driver implements. */
export interface Database {
  /** The session of a read-only connection. */
  read: Session
  /**
   * Runs `work` in a transaction on the only connection that writes, after all writes before it. Rolls back if `work` rejects;
   * once the promise resolves, the changes are on the disk.
   */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Moves everything that was committed from the write-ahead log into the file, unless a reader takes long. */
  checkpoint(): Promise<void>
  /**
   * Returns a number that changes with every commit, by this process or another. Cheap enough to call for every request: it is
   * read once per turn of the event loop. With `fresh` it is read again if a statement ran since.
   */
  version(fresh?: boolean): number
  /** Returns how many files have replaced the first one. A read-only database opens each. */
  generation(): number
  /** Returns the error if the database cannot be relied on, because its file was replaced or is damaged; undefined if it can. */
  readinessError(): unknown | Promise<unknown>
  close(): void
}

/** Splits a list into chunks of at most `size` items, in order. SQLite limits the number of parameters of a statement. */
export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))

/**
 * Returns the limit of a prepared statement. SQLite plans a bare `limit ?` by its value, so it would compile the statement again for
 * each execution (sqlite.org/c3ref/prepare.html).
 */
export const boundLimit = (limit: number | Placeholder): Placeholder =>
  sql`cast(${limit} as integer)` as unknown as Placeholder // Drizzle writes any SQL here, whatever its types are
