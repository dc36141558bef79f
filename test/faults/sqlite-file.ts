import Sqlite from 'better-sqlite3'

/** Checks every page, index and reference with SQLite; returns `ok`, or the first problems. */
export const checkIntegrity = (file: string): string => {
  const database = new Sqlite(file)
  try {
    const dangling = database.pragma('foreign_key_check') as unknown[] // a row for each
    if (dangling.length > 0) return `${dangling.length} references are dangling`
    return String(database.pragma('integrity_check(5)', { simple: true }))
  } finally {
    database.close()
  }
}

/** Makes a database file larger than a start checks page by page (16 MiB), and than a backup copies in one step. */
export const enlargeDatabase = (file: string): void => {
  const database = new Sqlite(file)
  database.exec('create table ballast (bytes blob); insert into ballast values (zeroblob(17 * 1024 * 1024))')
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}
