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
import { connect, inspectDatabase } from './database-file.ts'

/** Called with the number of pages that were copied, and the number of all pages. */
export type Progress = (done: number, all: number) => void

/** The number of pages that are copied in one step, so that writes do not wait. */
const pagesPerStep = 1_000

/**
 * Copies a database, also while it is written to, into one file without a log beside it. The copy is verified before it gets
 * its name, so the file at `to` is complete or does not exist.
 */
export const backUp = async (from: string, to: string, progress: Progress): Promise<void> => {
  const source = connect(from, { readonly: true, fileMustExist: true })
  const unfinished = `${to}.unfinished`
  rmSync(unfinished, { force: true })
  try {
    // A read transaction fixes the state to copy: SQLite would restart after each write, and with many writes never finish.
    source.exec('begin')
    inspectDatabase(source)
    await source.backup(unfinished, {
      progress: ({ totalPages, remainingPages }) => {
        progress(totalPages - remainingPages, totalPages)
        return pagesPerStep
      },
    })
    progress(1, 1)
    finishCopy(unfinished)
    flush(unfinished)
    renameSync(unfinished, to)
    flush(dirname(to))
  } finally {
    source.close()
    rmSync(unfinished, { force: true })
  }
}

/** Leaves WAL mode, so that the file needs no log beside it, and verifies the whole copy. */
const finishCopy = (file: string): void => {
  const copy = connect(file)
  try {
    copy.pragma('journal_mode = DELETE')
    verify(copy)
  } finally {
    copy.close()
  }
}

/** Throws if the database is damaged, empty, of another program or of a newer version. */
const verify = (connection: Sqlite.Database): void => {
  if (inspectDatabase(connection) === 'empty') throw new UnusableDatabase('is empty: name another file')
  const result = connection.pragma('integrity_check(1)', { simple: true })
  const dangling = connection.pragma('foreign_key_check') as unknown[] // a row for each
  if (result !== 'ok' || dangling.length > 0) throw new UnusableDatabase(`is damaged (${result}): take another backup`)
}

/** Flushes a file's content, or a folder's entries, to the disk. */
const flush = (path: string): void => {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Replaces a database that no process has open by a file that `backUp` made. The old database stays beside it; its path is
 * returned. At every moment one of the two is at the path.
 */
export const replaceDatabase = (incoming: string, to: string): string | undefined => {
  const previous = existsSync(to) ? linkPrevious(to) : undefined
  renameSync(incoming, to)
  flush(dirname(to))
  return previous
}

/** Gives the database a second name, with everything from the log beside it, and returns that name. */
const linkPrevious = (file: string): string => {
  const previous = `${file}.before-restore-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  const logs = ['-wal', '-shm'].filter(ending => existsSync(file + ending))
  for (const ending of logs) linkSync(file + ending, previous + ending)
  const deleteLogs = (path: string): void => {
    for (const ending of logs) rmSync(path + ending, { force: true })
  }
  try {
    checkpointAndLock(file)
    deleteLogs(previous)
  } catch (cause) {
    // A damaged database stays as it is, with its log.
    const inUse = /^SQLITE_(BUSY|LOCKED)/.test(codeOf(cause))
    deleteLogs(inUse ? previous : file)
    if (inUse) throw new UnusableDatabase('is in use: stop the service first', { cause })
  }
  linkSync(file, previous)
  return previous
}

/** Moves the log into the database file; fails if another process has it open. */
const checkpointAndLock = (file: string): void => {
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
 * The path of the file with the time of the last backup. It is not stored in the database: a backup does not change what it
 * copies, and a restored database does not bring back the time of an older backup.
 */
const timeFile = (database: string): string => `${database}.last-backup`

/** Records the start time of a successful backup: it contains every write that was acknowledged before. */
export const recordBackup = (database: string, at: Date): void =>
  writeFileSync(timeFile(database), `${at.toISOString()}\n`)

/** Returns the start time of the newest backup of a database, in seconds since 1970; 0 if none is recorded. */
export const lastBackup = (database: string): number => {
  try {
    return Date.parse(readFileSync(timeFile(database), 'utf8').trim()) / 1_000 || 0
  } catch {
    return 0
  }
}
