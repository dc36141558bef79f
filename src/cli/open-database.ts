import { existsSync } from 'node:fs'
import { BadConfig, type Config } from '../config.ts'
import type { OpenOptions } from '../store/better-sqlite3.ts'
import { codeOf, explainUnusable } from '../store/database-errors.ts'
import { openStore, type Store } from '../store/open-store.ts'
import { writeInThread } from '../write/write-thread.ts'
import { createWriter } from '../write/writer.ts'

/** The store the environment names, or a sentence why it cannot be had. */
export const openDatabaseOf = (
  { DATABASE_URL, MEMORY_BYTES, READ_ONLY }: Pick<Config, 'DATABASE_URL' | 'MEMORY_BYTES' | 'READ_ONLY'>,
  { check = false }: Pick<OpenOptions, 'check'> = {},
): ReturnType<typeof openStore> => {
  try {
    return openStore(DATABASE_URL, MEMORY_BYTES, { readOnly: READ_ONLY, check })
  } catch (failure) {
    throw unusable(DATABASE_URL, failure)
  }
}

/** What stands in the way of a database, as an operator is told it. */
export const unusable = (url: string, failure: unknown): unknown => {
  const { code, name } = failure as NodeJS.ErrnoException // SQLite's errors have a code, those of a migration only a name
  const reason = explainUnusable(failure)?.message ?? `cannot be opened (${code ?? name})`
  return new BadConfig(`DATABASE_URL: ${url.slice('file:'.length)} ${reason}.`, { cause: failure })
}

/** Works with a database that is open: what is found to be wrong with it only then is told in the same words. */
export const orUnusable = async (url: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (failure) {
    const isTheDatabase = codeOf(failure).startsWith('SQLITE_') && explainUnusable(failure) !== undefined
    throw isTheDatabase ? unusable(url, failure) : failure
  }
}

/** What a running service writes with: a thread of its own, or where nothing is to be written, a sentence that says so. */
export const openWriter = ({ DATABASE_URL, READ_ONLY }: Config, store: Store): ReturnType<typeof writeInThread> =>
  READ_ONLY
    ? {
        ...createWriter(store.catalog),
        ...store.webhookWrites,
        recordUse: async () => undefined,
        close: async () => undefined,
      }
    : writeInThread(new URL('write-thread.ts', import.meta.url), { url: DATABASE_URL })

/** Whether there is a database yet: opening makes one. */
export const isDatabaseThere = ({ DATABASE_URL }: Config): boolean => existsSync(DATABASE_URL.slice('file:'.length))
