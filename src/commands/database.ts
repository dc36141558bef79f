import { existsSync } from 'node:fs'
import { BadConfig, type Config } from '../config.ts'
import { openStore } from '../store/open.ts'
import { threaded } from '../writing/threaded.ts'

/** The store the environment names, or one sentence why it cannot be had. */
export const openDatabaseOf = ({ DATABASE_URL, MEMORY_BYTES }: Config): ReturnType<typeof openStore> => {
  try {
    return openStore(DATABASE_URL, MEMORY_BYTES)
  } catch (failure) {
    const { code, name } = failure as NodeJS.ErrnoException // SQLite's errors have a code, those of a migration only a name
    throw new BadConfig(`DATABASE_URL names a database that cannot be opened (${code ?? name}).`, { cause: failure })
  }
}

/** What a running service writes with: a thread of its own. */
export const openWriter = ({ DATABASE_URL }: Config): ReturnType<typeof threaded> =>
  threaded(new URL('writer.ts', import.meta.url), { url: DATABASE_URL })

/** Whether there is a database yet: opening makes one. */
export const isDatabaseThere = ({ DATABASE_URL }: Config): boolean => existsSync(DATABASE_URL.slice('file:'.length))
