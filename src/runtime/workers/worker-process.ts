import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { type Readable, Transform } from 'node:stream'
import { finished } from 'node:stream/promises'
import { BadConfig } from '../../config.ts'
import type { LogOutput } from '../log-output.ts'
import { type Command, Report } from './messages.ts'

export interface WorkerExit {
  code: number | null
  signal: string | null
}

/** A worker process, as the supervisor sees it. */
export interface WorkerProcess {
  pid: number | undefined
  /** Resolves with the origin once the worker listens; rejects when it exits before. */
  listening: Promise<string>
  /** Resolves when the process has exited and its last log line was passed on. */
  exited: Promise<WorkerExit>
  send(command: Command): void
  kill(): void
}

/** Starts a worker. Its log lines go to `output`, which does not block: no worker waits for the reader of the log. */
export const startWorker = (
  env: Record<string, string>,
  output: LogOutput,
  onReport: (from: WorkerProcess, report: Report) => void,
): WorkerProcess => {
  const worker = cluster.fork(env)
  const { stdout } = worker.process as { stdout: Readable } // the supervisor sets a pipe for each worker's stdout
  const lines = stdout.pipe(wholeLines())
  lines.on('data', (whole: Buffer) => output.write(whole.toString()))
  const started: WorkerProcess = {
    pid: worker.process.pid,
    listening: waitUntilListening(worker),
    exited: waitForExit(worker, lines),
    send: command => worker.send(command, ignoreFailure),
    kill: () => worker.process.kill('SIGKILL'),
  }
  worker.on('message', message => onReport(started, Report.parse(message)))
  return started
}

/** Sending to a worker that has just exited fails; its exit is handled in `exited`. */
const ignoreFailure = (): void => undefined

const waitUntilListening = async (worker: Worker): Promise<string> => {
  const first = await Promise.race([
    once(worker, 'message').then(([message]) => Report.parse(message)),
    once(worker, 'exit').then(() => undefined),
  ])
  if (first?.report === 'listening') return first.origin
  throw new BadConfig(
    first?.report === 'refused'
      ? first.sentence
      : 'WORKERS cannot be started: a worker ended before it listened. The reason is in the output above, unless the system killed the process.',
  )
}

const waitForExit = async (worker: Worker, lines: Readable): Promise<WorkerExit> => {
  const [[code, signal]] = await Promise.all([once(worker, 'exit'), finished(lines)])
  return { code, signal }
}

const newline = 0x0a

/**
 * Passes on whole lines. Several processes that write to one pipe mix their lines if one is longer than PIPE_BUF (4096
 * bytes), as a URL in a log line can be. So only the supervisor writes, and each worker has a pipe to it.
 */
export const wholeLines = (): Transform => {
  let incomplete: Buffer[] = []
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const end = chunk.lastIndexOf(newline) + 1
      if (end > 0) {
        this.push(Buffer.concat([...incomplete, chunk.subarray(0, end)]))
        incomplete = []
      }
      if (end < chunk.length) incomplete.push(chunk.subarray(end))
      done()
    },
    // A worker may be killed in the middle of a line: it is ended, so that it does not damage the next one.
    flush(done) {
      done(null, incomplete.length === 0 ? null : Buffer.concat([...incomplete, Buffer.of(newline)]))
    },
  })
}
