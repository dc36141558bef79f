import Sqlite from 'better-sqlite3'

/** What SQLite finds wrong with a database, by its own look at every page, index and reference; `ok` where nothing is. */
export const integrityOf = (file: string): string => {
  const database = new Sqlite(file)
  try {
    const dangling = database.pragma('foreign_key_check') as unknown[] // a row for each
    if (dangling.length > 0) return `${dangling.length} references lead nowhere`
    return String(database.pragma('integrity_check(5)', { simple: true }))
  } finally {
    database.close()
  }
}
