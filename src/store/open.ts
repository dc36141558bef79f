import type { Catalog } from '../catalog.ts'
import type { Keys } from '../keys.ts'
import { openDatabase } from './better-sqlite3.ts'
import { openCatalog } from './catalog.ts'
import { keysIn } from './keys.ts'

/** The catalog in the database of this address: `file:` and a path. `memoryBytes` is what may be kept of it in memory. */
export const openStore = (url: string, memoryBytes?: number): { catalog: Catalog; keys: Keys; close(): void } => {
  const database = openDatabase(url.slice('file:'.length))
  return { catalog: openCatalog(database, { memoryBytes }), keys: keysIn(database), close: () => database.close() }
}
