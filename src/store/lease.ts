import { randomUUID } from 'node:crypto'
import { Failure } from '../errors.ts'
import type { Lease } from '../model/lease.ts'
import type { Database } from './database.ts'
import { eq, lt, or, sql } from './drizzle.ts'
import { lease } from './tables.ts'

/** The lease of a process that writes to its own file: no other process runs its jobs. */
export const ownLease: Lease = {
  take: async () => true,
  isHeld: () => true,
  release: async () => undefined,
}

/** The time after which another process may take a lease that was not renewed, in milliseconds. */
const maxAge = 10_000

/** The time after which the holder renews the lease, and others try to take it, in milliseconds. */
const renewal = 3_000

/** Creates the lease of a cluster, a row of the primary. Its time is that of the primary, so that clocks need not agree. */
export const createLease = ({ write }: Pick<Database, 'write'>, clock = () => performance.now()): Lease => {
  const holder = randomUUID()
  let isHeld = false
  let attemptedAt = Number.NEGATIVE_INFINITY
  const isOwnOrOver = or(eq(lease.holder, holder), lt(lease.expiresAt, now))
  const attempt = (duration: number): Promise<boolean> =>
    write(async session => {
      const taken = await session
        .update(lease)
        .set({ holder, expiresAt: sql`${now} + ${duration}` })
        .where(isOwnOrOver)
        .returning({ number: lease.number })
      // Nothing is written where another process holds it.
      if (taken.length === 0) throw heldByAnother
      return true
    }).catch((failure: unknown) => {
      // Without a primary nobody holds it: its jobs need the primary.
      if (failure === heldByAnother || failure instanceof Failure) return false
      throw failure
    })
  return {
    take: async () => {
      if (clock() - attemptedAt < renewal) return isHeld
      attemptedAt = clock()
      isHeld = await attempt(maxAge)
      return isHeld
    },
    isHeld: () => isHeld && clock() - attemptedAt < maxAge,
    release: async () => {
      if (isHeld) await attempt(0)
      isHeld = false
    },
  }
}

const heldByAnother = new Error('another process holds the lease')

/** The time in milliseconds since 1970. */
const now = sql`cast(unixepoch('subsec') * 1000 as integer)`
