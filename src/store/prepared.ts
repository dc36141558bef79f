import type { Session } from './database.ts'
import { getTableColumns, type SQL, type SQLiteColumn, type SQLiteTable, sql } from './drizzle.ts'

/** Prepares a query once per connection, because building a query takes ten times as long as running it. */
export const preparedOnce = <Query>(prepare: (session: Session) => Query): ((session: Session) => Query) => {
  const queries = new WeakMap<Session, Query>()
  return session => {
    const query = queries.get(session) ?? prepare(session)
    queries.set(session, query)
    return query
  }
}

export const placeholder = (name: string): SQL<string> => sql<string>`${sql.placeholder(name)}`

interface InsertOptions {
  /** Columns that are not written. */
  without?: readonly string[]
  /** Columns whose value is an expression. */
  expressions?: Record<string, SQL>
  /** Keeps an existing row as it is, or updates it if it has the same value of `target`. */
  onConflict?: 'keep' | { target: SQLiteColumn; set: Record<string, SQL> }
}

/** Creates a function that inserts rows into a table. The names of their values are those of the columns; a missing value is null. */
export const createInsert = (
  table: SQLiteTable,
  { without = [], expressions = {}, onConflict }: InsertOptions = {},
): ((session: Session, rows: readonly object[]) => Promise<void>) => {
  const columns = Object.entries<SQLiteColumn>(getTableColumns(table)).filter(([name]) => !without.includes(name))
  const values = Object.fromEntries(columns.map(([name]) => [name, expressions[name] ?? placeholder(name)]))
  const prepared = preparedOnce(session => {
    const insert = session.insert(table).values(values)
    if (onConflict === 'keep') return insert.onConflictDoNothing().prepare()
    return (onConflict === undefined ? insert : insert.onConflictDoUpdate(onConflict)).prepare()
  })
  return async (session, rows) => {
    const insert = prepared(session)
    for (const row of rows) {
      const values: Record<string, unknown> = { ...row }
      await insert.run(Object.fromEntries(columns.map(([name, column]) => [name, encode(column, values[name])])))
    }
  }
}

const encode = (column: SQLiteColumn, value: unknown): unknown =>
  value === undefined || value === null ? null : column.mapToDriverValue(value)
