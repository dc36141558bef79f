import Sqlite from 'better-sqlite3'
import { drizzle, getTableColumns, type SQLiteTable } from '../../src/store/drizzle.ts'
import { builtColumns } from '../../src/store/tables.ts'

/** Opens the same file and tables as ours, with Drizzle alone. */
export const openTextbook = (file: string) => drizzle(new Sqlite(file, { readonly: true }), { casing: 'snake_case' })
export type Textbook = ReturnType<typeof openTextbook>

/** A row or columns as a textbook would have them: without the stored JSON. */
export type WithoutJson<T> = Omit<T, (typeof builtColumns)[number]>

export const columnsOf = <T extends SQLiteTable>(table: T): WithoutJson<T['_']['columns']> =>
  Object.fromEntries(
    Object.entries(getTableColumns(table)).filter(([name]) => !builtColumns.some(built => built === name)),
  ) as WithoutJson<T['_']['columns']> // fromEntries forgets the names
