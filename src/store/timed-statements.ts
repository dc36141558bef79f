import type Sqlite from 'better-sqlite3'
import { databaseWork } from '../runtime/diagnostics.ts'

/** The same connection: from now on it tells how long each statement took that it prepares, and calls `begin` before each. */
export const timed = (connection: Sqlite.Database, begin: () => void): Sqlite.Database => {
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
