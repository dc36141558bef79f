import type { Catalog } from '../catalog.ts'
import type { ApiKeys } from '../model/api-key.ts'
import type { JsonReads, JsonWrites } from '../model/json-upkeep.ts'
import type { Lease } from '../model/lease.ts'
import type { Replication } from '../model/replication.ts'
import type { Webhooks, WebhookWrites } from '../model/webhook.ts'
import { createApiKeys } from './api-keys.ts'
import { type OpenOptions, openDatabase } from './better-sqlite3.ts'
import { openCatalog } from './catalog.ts'
import type { Database } from './database.ts'
import { createLease, ownLease } from './lease.ts'
import { type LibsqlOptions, openLibsql, openReplica } from './libsql.ts'
import { isJsonOutdated, rebuildJson } from './stored-json.ts'
import { createWebhooks, createWebhookWrites } from './webhooks.ts'

/** Everything that is stored in one database. */
export interface Store {
  catalog: Catalog
  keys: ApiKeys
  webhooks: Webhooks
  webhookWrites: WebhookWrites
  json: JsonReads
  jsonWrites: JsonWrites
  lease: Lease
  /** Undefined for a node with its own file. */
  replication: Replication | undefined
  /** Returns the options with which another thread opens the same store. */
  threadOptions(): StoreOptions
  close(): void
}

export interface StoreOptions extends OpenOptions {
  /** The libSQL servers of a node of a cluster: then the file is that of a replica, and writes go to the primary. */
  libsql?: LibsqlOptions | undefined
}

/** Opens the database at a URL, `file:` and a path. */
export const openStore = (url: string, { libsql, ...options }: StoreOptions = {}): Store => {
  const file = url.slice('file:'.length)
  if (libsql === undefined) {
    const database = openDatabase(file, options)
    return {
      ...createStore(database),
      lease: ownLease,
      replication: undefined,
      threadOptions: () => ({}),
      close: () => database.close(),
    }
  }
  const database = options.readOnly ? openReplica(file, libsql, options) : openLibsql(file, libsql, options)
  const lease = createLease(database)
  return {
    ...createStore(database),
    lease,
    replication: database.replication && { ...database.replication, holdsLease: lease.isHeld },
    threadOptions: () => ({ libsql: { ...libsql, lastCommit: database.lastCommit() } }),
    close: () => database.close(),
  }
}

/** Creates the store on a database that is already open. */
export const createStore = (database: Database): Omit<Store, 'lease' | 'replication' | 'threadOptions' | 'close'> => ({
  catalog: openCatalog(database),
  keys: createApiKeys(database),
  webhooks: createWebhooks(database),
  webhookWrites: createWebhookWrites(database),
  json: { isJsonOutdated: () => isJsonOutdated(database.read) },
  jsonWrites: { rebuildJson: () => database.write(rebuildJson) },
})
