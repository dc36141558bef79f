import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { BadConfig } from '../../config.ts'
import type { LogOutput } from '../log-output.ts'
import { type Order, Report } from './messages.ts'
import { wholeLines } from './whole-lines.ts'

export interface Ending {
  code: number | null
  signal: string | null
}

/** A process of the service, as its supervisor sees it. */
export interface WorkerProcess {
  pid: number | undefined
  /** Fulfilled with where it listens, once it does; rejected where it ends before. */
  listening: Promise<string>
  /** Fulfilled when it has ended and its last line is passed on. */
  ended: Promise<Ending>
  tell(order: Order): void
  kill(): void
}

/** Starts a worker. Its log goes to `output` without waiting for it, so that no worker waits for the reader of the log. */
export const startWorker = (
  env: Record<string, string>,
  output: LogOutput,
  hear: (from: WorkerProcess, report: Report) => void,
): WorkerProcess => {
  const worker = cluster.fork(env)
  const { stdout } = worker.process as { stdout: Readable } // the supervisor sets a pipe for each worker's stdout
  const lines = stdout.pipe(wholeLines())
  lines.on('data', (whole: Buffer) => output.write(whole.toString()))
  const started: WorkerProcess = {
    pid: worker.process.pid,
    listening: listeningOf(worker),
    ended: endOf(worker, lines),
    tell: order => worker.send(order, untold),
    kill: () => worker.process.kill('SIGKILL'),
  }
  worker.on('message', message => hear(started, Report.parse(message)))
  return started
}

/** One that has just ended hears nothing more, and that it has ended is noticed elsewhere. */
const untold = (): void => undefined

const listeningOf = async (worker: Worker): Promise<string> => {
  const first = await Promise.race([
    once(worker, 'message').then(([message]) => Report.parse(message)),
    once(worker, 'exit').then(() => undefined),
  ])
  if (first?.report === 'listening') return first.origin
  throw new BadConfig(
    first?.report === 'refused'
      ? first.sentence
      : 'WORKERS cannot be started: one ended before it listened. What stands above says why, or the system ended it.',
  )
}

const endOf = async (worker: Worker, lines: Readable): Promise<Ending> => {
  const [[code, signal]] = await Promise.all([once(worker, 'exit'), finished(lines)])
  return { code, signal }
}
