import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { codeOf, UnusableDatabase } from './database-errors.ts'
import { connect, inspect } from './database-file.ts'

/** Told how far it is: pages done, and how many there are. */
export type Progress = (done: number, all: number) => void

/** So many pages are copied at a time: whoever writes meanwhile does not wait. */
const atOnce = 1_000

/**
 * Copies a database, also while it is written to, into one file that needs no other beside it. The copy is looked at before it
 * gets its name: there is a whole one, or none.
 */
export const backUp = async (from: string, to: string, progress: Progress): Promise<void> => {
  const source = connect(from, { readonly: true, fileMustExist: true })
  const unfinished = `${to}.unfinished`
  rmSync(unfinished, { force: true })
  try {
    // As of one moment: SQLite would begin again after each write of another, and where there are many never come to the end.
    source.exec('begin')
    inspect(source)
    await source.backup(unfinished, {
      progress: ({ totalPages, remainingPages }) => {
        progress(totalPages - remainingPages, totalPages)
        return atOnce
      },
    })
    progress(1, 1)
    finish(unfinished)
    sync(unfinished)
    renameSync(unfinished, to)
    sync(dirname(to))
  } finally {
    source.close()
    rmSync(unfinished, { force: true })
  }
}

/** Out of WAL, so that nothing is kept beside it, and looked at as a whole. */
const finish = (file: string): void => {
  const copy = connect(file)
  try {
    copy.pragma('journal_mode = DELETE')
    verify(copy)
  } finally {
    copy.close()
  }
}

/** Refuses what is not whole, not ours, or made by a newer version. */
const verify = (connection: Sqlite.Database): void => {
  if (inspect(connection) === 'empty') throw new UnusableDatabase('is empty: name another file')
  const found = connection.pragma('integrity_check(1)', { simple: true })
  const dangling = connection.pragma('foreign_key_check') as unknown[] // a row for each
  if (found !== 'ok' || dangling.length > 0) throw new UnusableDatabase(`is damaged (${found}): take another backup`)
}

/** What is at a path is on the disk afterwards: a file's bytes, a folder's names. */
const sync = (path: string): void => {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Puts a file that `backUp` made in the place of a database that nobody has open. What was there stays beside it under the name
 * that is answered; at every moment one of the two is at the path.
 */
export const putInPlace = (incoming: string, to: string): string | undefined => {
  const kept = existsSync(to) ? keep(to) : undefined
  renameSync(incoming, to)
  sync(dirname(to))
  return kept
}

/** A second name for what is there, with all that is in the log beside it. */
const keep = (file: string): string => {
  const kept = `${file}.before-restore-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  const logs = ['-wal', '-shm'].filter(ending => existsSync(file + ending))
  for (const ending of logs) linkSync(file + ending, kept + ending)
  const drop = (path: string): void => {
    for (const ending of logs) rmSync(path + ending, { force: true })
  }
  try {
    closeUp(file)
    drop(kept)
  } catch (cause) {
    // What is damaged is what backups are for: it is kept as it is, with its log.
    const inUse = /^SQLITE_(BUSY|LOCKED)/.test(codeOf(cause))
    drop(inUse ? kept : file)
    if (inUse) throw new UnusableDatabase('is in use: stop the service first', { cause })
  }
  linkSync(file, kept)
  return kept
}

/** Takes the log beside a database into it; fails where somebody has it open. */
const closeUp = (file: string): void => {
  const connection = connect(file, { timeout: 1_000 })
  try {
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.pragma('journal_mode = DELETE')
    connection.exec('begin exclusive; commit')
  } finally {
    connection.close()
  }
}

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
