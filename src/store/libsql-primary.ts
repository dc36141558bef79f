import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BatchStep, InStmt, InValue, RowsResult, Stream, WsClient } from '@libsql/hrana-client'
import { Failure } from '../errors.ts'
import { type Commit, deleteOldCommits, findCommit, insertCommit, selectLastCommit } from './commits.ts'
import type { Session } from './database.ts'
import { codeOf, unavailable } from './database-errors.ts'
import { migrationsFolder, newestMigration } from './database-file.ts'
import { createDeadline, createLock, type Deadline } from './deadline.ts'
import { loadRemoteDriver } from './drizzle.ts'
import { jsonFormat } from './stored-json.ts'

export interface PrimaryOptions {
  primaryUrl: string
  /** A file with the token for the primary and the replica. */
  tokenFile: string | undefined
  /** The time in milliseconds that a write waits for an answer. */
  timeout: number
}

/** The copy of the primary that a node reads. */
export interface Copy {
  /** Returns the last commit that the node has shown; undefined if it has shown none. */
  lastCommit(): Commit | undefined
  /** Returns true if it has the commit or, without one, anything. */
  has(commit: Commit | undefined): boolean
}

/** The connection to a primary, over which one transaction runs at a time. */
export interface Primary {
  /**
   * Runs `work` in a transaction, after all writes before it, and waits until the copy has it. Rejects with 503 if the primary does not
   * answer in time, or does not have the last commit of the copy.
   */
  write<T>(work: (session: Session) => Promise<T>, copy: Copy): Promise<T>
  /** Returns the last commit of the primary. */
  lastCommit(): Promise<Commit>
  close(): void
}

interface Connection {
  client: WsClient
  close(): void
}

/** The number of statements without rows that are on their way at a time. */
const maxSent = 1_000

/** The pause between two looks at the replica, in milliseconds. */
const pollInterval = 1

/** Creates the connection, which opens with the first write and again after it was lost. */
export const createPrimary = ({ primaryUrl, tokenFile, timeout }: PrimaryOptions): Primary => {
  // Loaded here, because a node without a primary never needs it.
  const { BatchCond, parseLibsqlUrl, WebSocket, WsClient } = createRequire(import.meta.url)(
    '@libsql/hrana-client',
  ) as typeof import('@libsql/hrana-client')
  const { drizzle, migrate } = loadRemoteDriver()
  const { hranaWsUrl } = parseLibsqlUrl(primaryUrl)
  const acquire = createLock()
  let connection: Connection | undefined
  let stream: Stream
  let deadline: Deadline

  const query = async (text: string, values: readonly unknown[] = []): Promise<unknown[][]> => {
    deadline.signal.throwIfAborted()
    const { rows } = await stream.query([text, values.map(toSql)])
    deadline.extend()
    return rows.map(row => Array.from(row))
  }
  /** Runs statements in one round trip, each one if those before it succeeded. */
  const queryAll = async (statements: readonly InStmt[]): Promise<unknown[][][]> => {
    deadline.signal.throwIfAborted()
    const batch = stream.batch()
    let before: BatchStep | undefined
    const results = statements.map(statement => {
      const step = batch.step()
      if (before !== undefined) step.condition(BatchCond.ok(before))
      before = step
      return step.query(statement)
    })
    const [, ...found] = await Promise.all([batch.execute(), ...results])
    deadline.extend()
    return found.map(result => (result as RowsResult).rows.map(row => Array.from(row))) // none was skipped, since none failed
  }
  /** Statements without rows that were sent. They run in order, so nothing has to wait for each. */
  let sent: Promise<unknown>[] = []
  /** Waits for the statements that were sent, and rejects with the error of the first that failed. */
  const settle = async (): Promise<void> => {
    const statements = sent
    sent = []
    await Promise.all(statements)
  }
  const send = async (text: string, values: readonly unknown[]): Promise<void> => {
    const statement = query(text, values)
    // Reported by settle.
    statement.catch(() => undefined)
    sent.push(statement)
    if (sent.length >= maxSent) await settle()
  }
  const session = drizzle(
    async (text, values, method) => {
      if (method === 'run') {
        await send(text, values)
        return { rows: [] }
      }
      const rows = await query(text, values)
      await settle()
      return { rows }
    },
    undefined, // The casing is read from the third parameter alone.
    { casing: 'snake_case' },
  )

  const transact = async <T>(
    work: (session: Session) => Promise<T>,
    { after, onCommit = () => undefined }: { after?: Commit | undefined; onCommit?: () => void } = {},
  ): Promise<{ result: T; commit: Commit }> => {
    // References within a document may be written in any order; they are checked at the commit.
    const begin = ['BEGIN IMMEDIATE', 'PRAGMA defer_foreign_keys = ON']
    const [, , known] = await queryAll(after === undefined ? begin : [...begin, [findCommit, [after.number, after.id]]])
    if (known?.length === 0) throw unavailable(otherHistory)
    // Of two errors the first is reported: it may have led to the other one.
    const result = await work(session).finally(settle)
    onCommit()
    const [[commit] = []] = await queryAll([insertCommit, deleteOldCommits, 'COMMIT'])
    return { result, commit: toCommit(commit) }
  }

  /** Checks the settings and the tables of the primary, which may be another one or have started again. */
  const prepare = async (): Promise<void> => {
    const [[synchronous] = []] = await query('PRAGMA synchronous')
    if (Number(synchronous) < 2) throw unavailable(notDurable)
    if (!(await isBehind(query))) return
    await query('PRAGMA foreign_keys = OFF')
    await transact(async () => {
      const run = async (texts: string[]): Promise<void> => {
        for (const text of texts) await query(text)
      }
      await migrate(session, run, { migrationsFolder })
      await query('insert or ignore into json_formats select 1, ? where not exists (select 1 from entries)', [
        jsonFormat,
      ])
    })
  }

  const open = async (): Promise<Connection> => {
    const token = await readToken(tokenFile)
    const socket = new WebSocket(hranaWsUrl as string, ['hrana3-protobuf', 'hrana2']) // the settings allow these URLs only
    const client = new WsClient(socket, token)
    const close = (): void => {
      client.close()
      // Otherwise the process waits half a minute for the server to close the connection too.
      socket.terminate()
    }
    return { client, close }
  }

  const connect = async (): Promise<WsClient> => {
    if (connection !== undefined && !connection.client.closed) return connection.client
    connection = await open()
    const { client, close } = connection
    stream = client.openStream()
    try {
      await prepare()
    } catch (failure) {
      close()
      throw failure
    }
    // Its foreign keys may be off.
    stream.close()
    return client
  }

  /** Runs `work` on a stream of its own, one at a time. A transaction that did not end is rolled back when its stream is closed. */
  const run = async <T>(own: Deadline, work: (client: WsClient) => Promise<T>): Promise<T> => {
    const release = await acquire(own.signal)
    deadline = own
    const disconnect = () => connection?.close()
    own.signal.addEventListener('abort', disconnect)
    try {
      const client = await connect()
      stream = client.openStream()
      sent = []
      return await work(client).finally(() => stream.close())
    } finally {
      own.signal.removeEventListener('abort', disconnect)
      release()
    }
  }

  const withDeadline = async <T>(work: (own: Deadline) => Promise<T>): Promise<T> => {
    const own = createDeadline(timeout)
    return work(own).finally(own.clear)
  }

  return {
    write: (work, copy) =>
      withDeadline(async own => {
        let failureMessage = notWritten
        const transactOn = (client: WsClient) =>
          transact(work, {
            after: copy.lastCommit(),
            onCommit: () => {
              failureMessage = maybeWritten
            },
          }).then(done => ({ ...done, client }))
        try {
          const { result, client, commit } = await run(own, transactOn)
          failureMessage = notVisible
          own.extend()
          while (!copy.has(commit)) {
            // Without its primary the replica does not get the write.
            if (client.closed) throw unavailable(notVisible)
            await sleep(pollInterval, undefined, { signal: own.signal })
          }
          return result
        } catch (failure) {
          throw explainFailure(failure, failureMessage)
        }
      }),
    lastCommit: () =>
      withDeadline(own =>
        run(own, async () => {
          const [commit] = await query(selectLastCommit)
          return toCommit(commit)
        }),
      ),
    close: () => connection?.close(),
  }
}

export const readToken = async (file: string | undefined): Promise<string | undefined> => {
  try {
    return file === undefined ? undefined : (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw unavailable('PRIMARY_TOKEN_FILE cannot be read: nothing was written.', cause)
  }
}

const notWritten = 'The primary cannot be reached, ends the connection or does not answer: nothing was written.'
const maybeWritten = 'The primary did not confirm the write: it may be stored, so read it again.'
const notVisible = 'The write is stored, but the replica of this node does not have it yet: read it again.'
const otherHistory =
  'The primary does not have the last write that this node has read: it is older or another one, so nothing is written. If that is intended, restart this node.'
const notDurable =
  'The primary may lose writes that it has confirmed, so nothing is written: set "durability_mode" of its namespace to "strong".'

/**
 * Turns a failure of the connection, or an error of the server that may go away, into a failure with `Retry-After`. An error of the
 * server has a code; one of the connection has none.
 */
const explainFailure = (failure: unknown, message: string): unknown => {
  if (failure instanceof Failure) return failure
  const code = codeOf(failure)
  if (code === 'SQLITE_FULL') return unavailable('The disk of the primary is full: nothing was written.', failure, 507)
  return temporary.test(code) || isOfConnection(failure) ? unavailable(message, failure) : failure
}

/** Codes of errors that are not a mistake in a statement. */
const temporary =
  /^(AUTH|BLOCKED|TRANSACTION_|STREAM_|SQLITE_(ABORT|BUSY|CANTOPEN|CORRUPT|INTERRUPT|IOERR|LOCKED|NOMEM|NOTADB|PROTOCOL|READONLY)$)/

/** Names of errors of the connection; `AbortError` is that of our own deadline. */
const connectionErrors = ['AbortError', 'ClientError', 'ClosedError', 'WebSocketError']

const isOfConnection = (failure: unknown): boolean =>
  failure instanceof Error && (connectionErrors.includes(failure.name) || isOfConnection(failure.cause))

/** Returns true if the tables of the primary are missing or older than those of this version, or if it has no commit yet. */
const isBehind = async (query: (text: string) => Promise<unknown[][]>): Promise<boolean> => {
  const tables = (await query("select name from sqlite_master where type = 'table'")).map(([name]) => name)
  if (tables.length === 0) return true
  if (!tables.includes('__drizzle_migrations') || !tables.includes('entries'))
    throw unavailable('PRIMARY_URL is the database of another program: nothing was written.')
  const [[last] = []] = await query('select max(created_at) from __drizzle_migrations')
  return Number(last) < newestMigration() || (await query(selectLastCommit)).length === 0
}

/** Converts a row of a statement that returns one row, the number and the id of a commit. */
const toCommit = (row: unknown): Commit => {
  const [number, id] = row as [number, string]
  return { number, id }
}

/** Sends whole numbers as such: the client would send them as floating-point numbers. */
const toSql = (value: unknown): InValue => (Number.isInteger(value) ? BigInt(value as number) : (value as InValue)) // Drizzle has encoded it
