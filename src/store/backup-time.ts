import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Stands beside the database and not in it: a backup does not change what it copies, and a restored database does not take
 * the time of an older backup back.
 */
const fileBeside = (database: string): string => `${database}.last-backup`

/** Records when a backup that succeeded was begun: all that was acknowledged before is in it. */
export const recordBackup = (database: string, at: Date): void =>
  writeFileSync(fileBeside(database), `${at.toISOString()}\n`)

/** Returns when the newest backup of a database was begun, in seconds since 1970; 0 where none is recorded. */
export const lastBackup = (database: string): number => {
  try {
    return Date.parse(readFileSync(fileBeside(database), 'utf8').trim()) / 1_000 || 0
  } catch {
    return 0
  }
}
