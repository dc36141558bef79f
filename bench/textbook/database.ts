import Sqlite from 'better-sqlite3'
import { drizzle } from '../../src/store/drizzle.ts'

/** Opens the same file and tables as ours, with Drizzle alone. */
export const openTextbook = (file: string) => drizzle(new Sqlite(file, { readonly: true }), { casing: 'snake_case' })
export type Textbook = ReturnType<typeof openTextbook>
