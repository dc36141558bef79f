/** Why a database cannot be used, in a sentence that goes on from the name of its file. */
export class UnusableDatabase extends Error {}

/** What SQLite and the system say of a file, in words; undefined where they say something unforeseen. */
export const whyUnusable = (failure: unknown): UnusableDatabase | undefined => {
  if (failure instanceof UnusableDatabase) return failure
  const code = codeOf(failure)
  const known = Object.keys(reasons).find(prefix => code.startsWith(prefix))
  return known === undefined ? undefined : new UnusableDatabase(reasons[known], { cause: failure })
}

/** The code that SQLite or the system gave: Drizzle wraps their errors. */
export const codeOf = (failure: unknown): string => {
  for (let at = failure; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code
  return ''
}

const damaged =
  'is damaged. Put a backup in its place (curriculum restore <file>), or move it away with the files beside it that end in -wal and -shm: what stands in files is loaded anew'
const notWritable =
  'cannot be written to by this user: give it the right to write the file and its folder, or set READ_ONLY=1 to read alone'

/** By the beginning of the code. */
const reasons: Record<string, string> = {
  SQLITE_NOTADB: 'is not an SQLite database: name another file',
  SQLITE_CORRUPT: damaged,
  SQLITE_IOERR_SHORT_READ: damaged,
  SQLITE_IOERR_SHMSIZE: 'cannot be opened: the disk is full',
  SQLITE_READONLY: notWritable,
  SQLITE_CANTOPEN: 'cannot be opened: its folder may not be read or written by this user, or it is no file',
  SQLITE_BUSY: 'is in use by another program that does not let go of it: stop that one, and try again',
  SQLITE_FULL: 'cannot be written to: the disk is full',
  SQLITE_IOERR: 'cannot be read or written: the disk fails',
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOTDIR: 'stands below a file where a folder should be: name another path',
  EEXIST: 'stands below a file where a folder should be: name another path',
  ENOENT: 'stands in a folder that cannot be made there: name another path',
  ENOSPC: 'cannot be made: the disk is full',
}

export const isDamaged = new UnusableDatabase(damaged)
