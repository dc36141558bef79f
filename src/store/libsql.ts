import type Sqlite from 'better-sqlite3'
import type { Replication } from '../model/replication.ts'
import { type OpenOptions, openReadOnly } from './better-sqlite3.ts'
import type { Database } from './database.ts'
import { createPrimary, type PrimaryOptions, readToken } from './libsql-primary.ts'
import { cluster } from './tables.ts'

/** The libSQL servers of a node: the primary that takes its writes, and the replica that keeps the file it reads. */
export interface LibsqlOptions extends PrimaryOptions {
  replicaUrl: string | undefined
}

/**
 * Opens the file of a replica, which is read as any other file, and writes to its primary. A write resolves once the file has it,
 * so that the next read sees it. A file that replaces it is read once it has everything that the file before it had.
 */
export const openLibsql = (
  file: string,
  libsql: LibsqlOptions,
  options: OpenOptions = {},
): Database & { replication: Replication } => {
  const { current, ...replica } = openReadOnly(
    file,
    { ...options, check: false },
    {
      acceptNewer: true,
      mayBeMissing: true,
      mayReplace: (next, open) => countWrites(next) >= countWrites(open),
    },
  )
  const primary = createPrimary(libsql)
  const hasWrites = (writes: number): boolean => {
    // Looks for a new file.
    replica.version(true)
    const open = current()
    return open !== undefined && countWrites(open) >= writes
  }
  /** The writes that the primary had when this node started; 0 without a primary, or once the file has them. */
  let writesAtStart: Promise<number> | undefined
  const stopWaking = wakeReplica(libsql)
  return {
    ...replica,
    ...(options.readOnly ? {} : { write: work => primary.write(work, hasWrites), checkpoint: () => Promise.resolve() }),
    readinessError: async () => {
      writesAtStart ??= primary.countWrites().catch(() => 0)
      if (!hasWrites(await writesAtStart)) return new Error(notWhole, { cause: replica.readinessError() })
      writesAtStart = Promise.resolve(0)
      return undefined
    },
    replication: {
      isPrimaryReachable: () =>
        primary.countWrites().then(
          () => true,
          () => false,
        ),
      countMissingWrites: async () => {
        const writes = await primary.countWrites()
        const [row] = await replica.read.select({ writes: cluster.writes }).from(cluster)
        return Math.max(writes - (row as { writes: number }).writes, 0) // the migration adds the row
      },
      leaseEnd: async () => {
        const [row] = await replica.read.select({ leaseUntil: cluster.leaseUntil }).from(cluster)
        return (row as { leaseUntil: number }).leaseUntil
      },
    },
    close: () => {
      stopWaking()
      primary.close()
      replica.close()
    },
  }
}

const notWhole = 'the replica of this node does not have yet what the primary had when the node started'

/** The pause between two requests to the replica, in milliseconds. */
const wakeInterval = 1_000

/**
 * Sends a request to the replica now and every second: it copies nothing before its first request. A replica that does not answer is
 * seen by its lag alone, because reads go on without it.
 */
const wakeReplica = ({ replicaUrl, tokenFile }: LibsqlOptions): (() => void) => {
  if (replicaUrl === undefined) return () => undefined
  const wake = async (): Promise<void> => {
    const token = await readToken(tokenFile)
    const response = await fetch(new URL('/v2/pipeline', replicaUrl), {
      method: 'POST',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: '{"requests":[]}',
      signal: AbortSignal.timeout(wakeInterval),
    })
    await response.body?.cancel()
  }
  const wakeOrWait = () => void wake().catch(() => undefined)
  wakeOrWait()
  const timer = setInterval(wakeOrWait, wakeInterval).unref()
  return () => clearInterval(timer)
}

const countWrites = (connection: Sqlite.Database): number =>
  Number(connection.prepare('select writes from cluster').pluck().get())
