import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { migrationsFolder } from '../../src/store/database-file.ts'

/** Creates a database in the schema before a migration, the newest one by default, with the content of a current database. */
export const createEarlierDatabase = (folder: string, today: string, before?: string): string => {
  const file = `${folder}/earlier.db`
  const database = new Sqlite(file)
  database.pragma('journal_mode = WAL')
  database.pragma('foreign_keys = OFF')
  migrate(drizzle(database), { migrationsFolder: migrationsBefore(folder, before) })
  copyRows(database, today)
  database.close()
  return file
}

const migrationsBefore = (folder: string, name: string | undefined): string => {
  const earlier = `${folder}/migrations`
  cpSync(migrationsFolder, earlier, { recursive: true })
  const journal = `${earlier}/meta/_journal.json`
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'))
  const end = name === undefined ? -1 : entries.findIndex(({ tag }: { tag: string }) => tag.endsWith(name))
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, end) }))
  return earlier
}

/** Copies the columns that both schemas have, of every table. FTS5 fills its own tables when rows are copied into `search`. */
const copyRows = (database: Sqlite.Database, from: string): void => {
  database.exec(`attach '${from}' as today`)
  const tables = database
    .prepare<[], { name: string }>("select name from main.sqlite_schema where type = 'table'")
    .all()
    .filter(({ name }) => !/^(__|search_)/.test(name))
  for (const { name } of tables) {
    const columns = database.prepare<[], { name: string }>(`pragma main.table_info("${name}")`).all()
    const names = [...(name === 'search' ? ['rowid'] : []), ...columns.map(column => `"${column.name}"`)]
    // The counters of autoincrement columns already exist, and must have the values of the current database.
    if (name === 'sqlite_sequence') database.exec('delete from main.sqlite_sequence')
    database.exec(`insert into main."${name}" (${names}) select ${names} from today."${name}"`)
  }
  database.exec('detach today')
}
