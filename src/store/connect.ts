import Sqlite from 'better-sqlite3'

/**
 * Opens a connection that keeps SQLite's temporary data in memory, so that the folder of the database is the only one that
 * has to be writable. SQLite would otherwise use /var/tmp, /tmp or the working directory, which a hardened service or
 * container has read-only: then large statements fail. Writes, loads, migrations and backups need the same memory either
 * way; only VACUUM, which nothing here runs, would need as much as the database is large.
 */
export const connect = (file: string, options: Sqlite.Options = {}): Sqlite.Database => {
  const connection = new Sqlite(file, options)
  connection.pragma('temp_store = MEMORY')
  return connection
}
