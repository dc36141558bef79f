import type Sqlite from 'better-sqlite3'
import { type OpenOptions, openReadOnly } from './better-sqlite3.ts'
import { type Commit, findCommit, selectLastCommit } from './commits.ts'
import type { Database } from './database.ts'
import { type Copy, createPrimary, type PrimaryOptions, readToken } from './libsql-primary.ts'
import { createReplicationLag, type ReplicationState } from './replication-lag.ts'
import { lease } from './tables.ts'

/** The libSQL servers of a node: the primary that takes its writes, and the replica that keeps the file it reads. */
export interface LibsqlOptions extends PrimaryOptions {
  replicaUrl: string | undefined
  /** The last commit that another thread of this node has shown. */
  lastCommit?: Commit | undefined
}

/**
 * Opens the database of a node in a cluster: reads use the file of its replica, writes go to the primary. A write resolves once the
 * file contains it, because the next read has to return it.
 */
export const openLibsql = (
  file: string,
  libsql: LibsqlOptions,
  options: OpenOptions = {},
): Database & Pick<Copy, 'lastCommit'> & { replication: ReplicationState } => {
  const replica = openReplica(file, libsql, options)
  const primary = createPrimary(libsql)
  /** The last commit that the primary had when this node started; undefined without a primary, or once the file has it. */
  let commitAtStart: Promise<Commit | undefined> | undefined
  return {
    ...replica,
    write: work => primary.write(work, replica),
    checkpoint: () => Promise.resolve(),
    readinessError: async () => {
      commitAtStart ??= primary.lastCommit().catch(() => undefined)
      if (!replica.has(await commitAtStart)) return new Error(notComplete, { cause: replica.fileError() })
      commitAtStart = Promise.resolve(undefined)
      return undefined
    },
    replication: {
      ...createReplicationLag(
        async () => (await primary.lastCommit()).number,
        () => replica.lastCommit()?.number ?? 0,
      ),
      leaseEnd: async () => {
        const [row] = await replica.read.select({ expiresAt: lease.expiresAt }).from(lease)
        return (row as { expiresAt: number }).expiresAt // the migration adds the row
      },
    },
    close: () => {
      primary.close()
      replica.close()
    },
  }
}

const notComplete = 'the replica of this node does not have yet what the primary had when the node started'

/** Opens the file of a replica without writing. A file that replaces it is read once it has the last commit that was shown. */
export const openReplica = (file: string, libsql: LibsqlOptions, options: OpenOptions = {}) => {
  /** True once the file was complete, so that it may have been shown. */
  let isShown = false
  let shown = libsql.lastCommit
  const lastShown = (open: Sqlite.Database | undefined): Commit | undefined => {
    try {
      if (isShown && open !== undefined) shown = lastCommitOf(open)
    } catch {
      // The open file is damaged; a file that replaces it has to have what was last read of it.
    }
    return shown
  }
  const { latest, ...replica } = openReadOnly(
    file,
    { ...options, check: false },
    {
      acceptNewer: true,
      mayBeMissing: true,
      accepts: (next, open) => hasCommit(next, lastShown(open)),
    },
  )
  const has = (commit: Commit | undefined): boolean => {
    const open = latest()
    const isFound = open !== undefined && hasCommit(open, commit)
    isShown ||= isFound
    return isFound
  }
  const stopWaking = wakeReplica(libsql)
  return {
    ...replica,
    has,
    lastCommit: () => lastShown(latest()),
    replication: undefined,
    /** Returns the error of the last file that could not be opened. */
    fileError: replica.readinessError,
    readinessError: () => (has(undefined) ? undefined : replica.readinessError()),
    close: () => {
      stopWaking()
      replica.close()
    },
  }
}

const lastCommitOf = (connection: Sqlite.Database): Commit | undefined =>
  connection.prepare<[], Commit>(selectLastCommit).get()

const hasCommit = (connection: Sqlite.Database, commit: Commit | undefined): boolean =>
  commit === undefined || connection.prepare(findCommit).get(commit.number, commit.id) !== undefined

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
