import { statSync } from 'node:fs'
import { connect } from './connect.ts'
import { inspect } from './inspect-file.ts'

/** In milliseconds: however often a balancer asks, the disk is read so often at most. It takes about a millisecond. */
const pause = 1_000

/**
 * Reads a database file anew and returns why that fails, or undefined. Connections that are open keep pages and the size in
 * memory, so they notice neither that the file was cut short nor that its beginning was overwritten.
 */
export const probe = (file: string, clock = () => performance.now()): (() => unknown) => {
  let size = statSync(file).size
  let checked = Number.NEGATIVE_INFINITY
  let found: unknown
  const read = (): void => {
    const now = statSync(file).size
    const connection = connect(file, { readonly: true, fileMustExist: true })
    try {
      connection.pragma('busy_timeout = 200')
      if (inspect(connection) !== 'current') throw new Error('the file of the database does not have its tables')
      connection.prepare('select max(seq) from changes').get()
      // The newest pages may be in the write-ahead log alone; those that were in the file before must still be there.
      const pages = connection.pragma('page_count', { simple: true })
      const whole = Number(pages) * Number(connection.pragma('page_size', { simple: true }))
      if (now < Math.min(size, whole)) throw new Error('the file of the database was truncated')
      size = now
    } finally {
      connection.close()
    }
  }
  return () => {
    if (clock() - checked < pause) return found
    checked = clock()
    found = undefined
    try {
      read()
    } catch (failure) {
      found = failure
    }
    return found
  }
}
