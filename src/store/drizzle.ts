import { createRequire } from 'node:module'

// Drizzle by its CommonJS files: the same code, but as ES modules it takes 100 MB and half a second more to load, for each
// of its files makes Node copy the 180 kB of its package.json. drizzle-kit reads this file as CommonJS, where import.meta
// is empty and __filename is defined.
const loader = (here: string = __filename) => createRequire(here)
const load = loader(import.meta.url)

// The exports of the files, with the package's types.
const drizzleOrm = load('drizzle-orm') as typeof import('drizzle-orm')
const sqliteCore = load('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core')

export const {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  getTableName,
  gt,
  gte,
  inArray,
  is,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  ne,
  notInArray,
  or,
  sql,
  Table,
} = drizzleOrm
export const { blob, getTableConfig, index, integer, primaryKey, sqliteTable, text } = sqliteCore
export const { drizzle } = load('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3')
export const { migrate } = load(
  'drizzle-orm/better-sqlite3/migrator',
) as typeof import('drizzle-orm/better-sqlite3/migrator')
/** Returns the name of a column in SQL, as Drizzle's `casing: 'snake_case'` does. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** Loads the driver that runs statements by a callback, for writes over a network. A node without a primary never needs it. */
export const loadRemoteDriver = () => ({
  ...(load('drizzle-orm/sqlite-proxy') as typeof import('drizzle-orm/sqlite-proxy')),
  ...(load('drizzle-orm/sqlite-proxy/migrator') as typeof import('drizzle-orm/sqlite-proxy/migrator')),
})
export type { Placeholder, SQL, Subquery } from 'drizzle-orm'
export type { AnySQLiteColumn, BaseSQLiteDatabase, SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
