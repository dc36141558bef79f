import type { Catalog } from '../catalog.ts'
import { openDatabase } from './better-sqlite3.ts'
import { openCatalog } from './catalog.ts'

/** The catalog in the database of this address: `file:` and a path. */
export const openStore = (url: string): { catalog: Catalog; close(): void } => {
  const database = openDatabase(url.slice('file:'.length))
  return { catalog: openCatalog(database), close: () => database.close() }
}
