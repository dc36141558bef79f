import type { Catalog } from '../catalog.ts'
import type { ApiKeys } from '../model/api-key.ts'
import type { Webhooks, WebhookWrites } from '../model/webhook.ts'
import { keysIn } from './api-keys.ts'
import { type OpenOptions, openDatabase } from './better-sqlite3.ts'
import { openCatalog } from './catalog.ts'
import type { Database } from './database.ts'
import { webhooksIn, webhookWritesIn } from './webhooks.ts'

/** All that is kept in one database. */
export interface Store {
  catalog: Catalog
  keys: ApiKeys
  webhooks: Webhooks
  webhookWrites: WebhookWrites
  close(): void
}

/** The store in the database of this address: `file:` and a path. `memoryBytes` is what may be kept of it in memory. */
export const openStore = (url: string, memoryBytes?: number, options?: OpenOptions): Store => {
  const database = openDatabase(url.slice('file:'.length), options)
  return { ...storeOn(database, memoryBytes), close: () => database.close() }
}

/** The same on a database that is open. */
export const storeOn = (database: Database, memoryBytes?: number): Omit<Store, 'close'> => ({
  catalog: openCatalog(database, { memoryBytes }),
  keys: keysIn(database),
  webhooks: webhooksIn(database),
  webhookWrites: webhookWritesIn(database),
})
