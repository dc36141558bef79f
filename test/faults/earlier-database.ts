import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { migrationsFolder } from '../../src/store/inspect.ts'

/** Makes the database that was there before the newest migration, with what this one of today holds. */
export const makeEarlier = (folder: string, today: string): string => {
  const file = `${folder}/earlier.db`
  const database = new Sqlite(file)
  database.pragma('journal_mode = WAL')
  database.pragma('foreign_keys = OFF')
  migrate(drizzle(database), { migrationsFolder: allButOne(folder) })
  copyRows(database, today)
  database.close()
  return file
}

const allButOne = (folder: string): string => {
  const earlier = `${folder}/migrations`
  cpSync(migrationsFolder, earlier, { recursive: true })
  const journal = `${earlier}/meta/_journal.json`
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'))
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, -1) }))
  return earlier
}

/** Of every table there is here, those columns that it has here. What the index for search keeps in tables of its own comes with it. */
const copyRows = (database: Sqlite.Database, from: string): void => {
  database.exec(`attach '${from}' as today`)
  const tables = database
    .prepare<[], { name: string }>("select name from main.sqlite_schema where type = 'table'")
    .all()
    .filter(({ name }) => !/^(__|search_)/.test(name))
  for (const { name } of tables) {
    const columns = database.prepare<[], { name: string }>(`pragma main.table_info("${name}")`).all()
    const names = [...(name === 'search' ? ['rowid'] : []), ...columns.map(column => `"${column.name}"`)]
    // What the tables count with is there already, and is to be as it was.
    if (name === 'sqlite_sequence') database.exec('delete from main.sqlite_sequence')
    database.exec(`insert into main."${name}" (${names}) select ${names} from today."${name}"`)
  }
  database.exec('detach today')
}
