import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import type { Database, Session } from './database.ts'
import { drizzle, migrate, sql } from './drizzle.ts'

/** Opens (and makes, where there is none) the database file and brings it up to the newest migration. */
export const openDatabase = (file: string, { onQuery }: { onQuery?: (query: string) => void } = {}): Database => {
  mkdirSync(dirname(file), { recursive: true })
  const writer = new Sqlite(file)
  for (const setting of settings) writer.pragma(setting)
  migrateTo(writer)
  const reader = new Sqlite(file, { readonly: true })
  reader.pragma('busy_timeout = 2000')
  const writing = drizzle(writer, { casing: 'snake_case' })
  const inTurn = queue()
  // On this connection the number moves with the commits of every other, the writer's among them.
  const dataVersion = reader.prepare<[], number>('PRAGMA data_version').pluck()
  const version = oncePerTurn(() => Number(dataVersion.get()))
  return {
    read: drizzle(reader, { casing: 'snake_case', logger: onQuery === undefined ? false : { logQuery: onQuery } }),
    write: work => inTurn(() => transaction(writing, work).finally(version.forget)),
    version: version.get,
    close: () => {
      reader.close()
      writer.pragma('wal_checkpoint(TRUNCATE)')
      writer.close()
    },
  }
}

/**
 * What was found holds until the event loop turns: requests that were waiting together are answered as of one moment, and
 * looking costs a system call or two.
 */
const oncePerTurn = (look: () => number) => {
  let found: number | undefined
  const forget = (): void => {
    found = undefined
  }
  const get = (): number => {
    if (found === undefined) {
      found = look()
      setImmediate(forget)
    }
    return found
  }
  return { get, forget }
}

/** An acknowledged write is on the disk (FULL); readers never wait for writers (WAL). */
const settings = [
  'busy_timeout = 2000',
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'trusted_schema = OFF',
]

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Foreign keys are off meanwhile: SQLite rebuilds a table by dropping it, which would delete by cascade what refers to it. */
const migrateTo = (connection: Sqlite.Database): void => {
  connection.pragma('foreign_keys = OFF')
  migrate(drizzle(connection), { migrationsFolder: migrations })
  connection.pragma('foreign_keys = ON')
}

const transaction = async <T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> => {
  await session.run(sql`BEGIN IMMEDIATE`)
  try {
    // References within a document may be written in any order; they are checked at the commit.
    await session.run(sql`PRAGMA defer_foreign_keys = ON`)
    const result = await work(session)
    await session.run(sql`COMMIT`)
    return result
  } catch (error) {
    await session.run(sql`ROLLBACK`)
    throw error
  }
}

/** One at a time, in the order asked for: statements of two writes must never mix on the one connection. */
const queue = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn
    return turn
  }
}
