import Sqlite from 'better-sqlite3'

/** Makes a database file larger than is looked at page by page at a start (16 MiB), and than is copied at one go. */
export const enlarge = (file: string): void => {
  const database = new Sqlite(file)
  database.exec('create table ballast (bytes blob); insert into ballast values (zeroblob(17 * 1024 * 1024))')
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}
