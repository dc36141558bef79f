import { existsSync } from 'node:fs'
import { BadConfig, type Config } from '../config.ts'
import type { OpenOptions } from '../store/better-sqlite3.ts'
import { codeOf, explainUnusable } from '../store/database-errors.ts'
import { openStore, type Store } from '../store/open-store.ts'
import { writeInThread } from '../write/write-thread.ts'

/** Opens the database of the settings; throws `BadConfig` if it cannot be used. */
export const openDatabaseOf = (
  config: Pick<Config, 'DATABASE_URL' | 'MEMORY_BYTES' | 'READ_ONLY'> & Parameters<typeof libsqlOf>[0],
  { check = false }: Pick<OpenOptions, 'check'> = {},
): ReturnType<typeof openStore> => {
  const { DATABASE_URL, MEMORY_BYTES, READ_ONLY } = config
  try {
    return openStore(DATABASE_URL, {
      readOnly: READ_ONLY,
      check,
      pageCacheBytes: MEMORY_BYTES,
      libsql: libsqlOf(config),
    })
  } catch (failure) {
    throw databaseError(DATABASE_URL, failure)
  }
}

/** Returns the libSQL servers of the settings; undefined without `PRIMARY_URL`. */
const libsqlOf = ({
  PRIMARY_URL,
  PRIMARY_TOKEN_FILE,
  REPLICA_URL,
  WRITE_TIMEOUT_MS,
}: Pick<Config, 'PRIMARY_URL' | 'PRIMARY_TOKEN_FILE' | 'REPLICA_URL' | 'WRITE_TIMEOUT_MS'>) =>
  PRIMARY_URL === undefined
    ? undefined
    : {
        primaryUrl: PRIMARY_URL,
        tokenFile: PRIMARY_TOKEN_FILE,
        replicaUrl: REPLICA_URL,
        timeout: WRITE_TIMEOUT_MS,
      }

/** Returns the error for an operator about a database that cannot be used. */
export const databaseError = (url: string, failure: unknown): unknown => {
  const { code, name } = failure as NodeJS.ErrnoException // SQLite's errors have a code, those of a migration only a name
  const reason = explainUnusable(failure)?.message ?? `cannot be opened (${code ?? name})`
  return new BadConfig(`DATABASE_URL: ${url.slice('file:'.length)} ${reason}.`, { cause: failure })
}

/** Runs work on an open database and explains errors of the database in the same words as `openDatabaseOf`. */
export const explainDatabaseErrors = async (url: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (failure) {
    const isTheDatabase = codeOf(failure).startsWith('SQLITE_') && explainUnusable(failure) !== undefined
    throw isTheDatabase ? databaseError(url, failure) : failure
  }
}

/** Opens the writer of a service: the write thread or, in read-only mode, a writer that rejects every write. */
export const openWriter = async (config: Config, store: Store): Promise<ReturnType<typeof writeInThread>> => {
  if (!config.READ_ONLY)
    return writeInThread(new URL('write-thread.ts', import.meta.url), () => ({
      url: config.DATABASE_URL,
      options: store.threadOptions(),
    }))
  const { createWriter } = await import('../write/writer.ts')
  return {
    ...createWriter(store.catalog),
    ...store.webhookWrites,
    ...store.jsonWrites,
    recordUse: async () => undefined,
    close: async () => undefined,
  }
}

/** Returns true if the database file exists. Opening it would create it. */
export const databaseExists = ({ DATABASE_URL }: Config): boolean => existsSync(DATABASE_URL.slice('file:'.length))
