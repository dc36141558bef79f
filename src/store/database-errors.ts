import { Failure } from '../errors.ts'

/** An error that makes a database unusable. The message continues a sentence that begins with the path of the file. */
export class UnusableDatabase extends Error {}

/** Creates the failure of a write that may succeed later. */
export const unavailable = (message: string, cause?: unknown, status = 503): Failure =>
  new Failure('UNAVAILABLE', message, { cause, status, headers: { 'retry-after': '5' } })

/** Explains an error of SQLite or the operating system; returns undefined for an error that is not in the table. */
export const explainUnusable = (failure: unknown): UnusableDatabase | undefined => {
  if (failure instanceof UnusableDatabase) return failure
  const code = codeOf(failure)
  const prefix = Object.keys(reasons).find(one => code.startsWith(one))
  return prefix === undefined ? undefined : new UnusableDatabase(reasons[prefix], { cause: failure })
}

/** Returns the code of an error of SQLite or the operating system, also if Drizzle wrapped it; '' if it has none. */
export const codeOf = (failure: unknown): string => {
  for (let at = failure; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code
  return ''
}

const damaged =
  'is damaged. Put a backup in its place (curriculum restore <file>), or move it away with the files beside it that end in -wal and -shm: content from files is then loaded again'
const notWritable =
  'cannot be written by this user: grant write access to the file and its folder, or set READ_ONLY=1 to only read'

/** The reasons by prefix of the error code; the first prefix that matches applies. */
const reasons: Record<string, string> = {
  SQLITE_NOTADB: 'is not an SQLite database: name another file',
  SQLITE_CORRUPT: damaged,
  SQLITE_IOERR_SHORT_READ: damaged,
  SQLITE_IOERR_SHMSIZE: 'cannot be opened: the disk is full',
  SQLITE_READONLY: notWritable,
  SQLITE_CANTOPEN: 'cannot be opened: this user cannot read or write its folder, or it is not a file',
  SQLITE_BUSY: 'is locked by another program: stop that program, and try again',
  SQLITE_FULL: 'cannot be written: the disk is full',
  SQLITE_IOERR: 'cannot be read or written: the disk reports an error',
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOTDIR: 'is below a file, where a folder is needed: name another path',
  EEXIST: 'is below a file, where a folder is needed: name another path',
  ENOENT: 'is in a folder that cannot be created: name another path',
  ENOSPC: 'cannot be created: the disk is full',
}

export const damagedDatabase = new UnusableDatabase(damaged)

export const missingDatabase = new UnusableDatabase(
  'does not exist (or its folder cannot be read by this user), and with READ_ONLY=1 it is not created: copy a database to this path, such as one that "curriculum backup <file>" has written, or start once without READ_ONLY',
)
