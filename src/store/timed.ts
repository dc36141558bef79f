import type Sqlite from 'better-sqlite3'
import { databaseWork } from '../diagnostics.ts'

/** The same connection: from now on it tells how long each statement took that it prepares. */
export const timed = (connection: Sqlite.Database): Sqlite.Database => {
  const prepare = connection.prepare.bind(connection)
  return Object.assign(connection, { prepare: (source: string) => timedStatement(prepare(source), source) })
}

/** The two by which Drizzle reads; `raw` and its like answer the statement itself. */
const timedStatement = (statement: Sqlite.Statement<unknown[]>, text: string): Sqlite.Statement<unknown[]> => {
  const telling =
    <T>(read: (...values: unknown[]) => T) =>
    (...values: unknown[]): T => {
      const start = performance.now()
      try {
        return read.apply(statement, values)
      } finally {
        databaseWork.tell({ kind: 'read', text, start, end: performance.now() })
      }
    }
  return Object.assign(statement, { all: telling(statement.all), get: telling(statement.get) })
}
