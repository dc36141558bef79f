import cluster from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogOutput } from '../log-output.ts'
import type { Logger } from '../logger.ts'
import { createCrew } from './crew.ts'
import type { WorkerProcess } from './worker-process.ts'

export interface Work {
  /** The program that a worker is, its arguments, and what it finds in its environment beside ours. */
  program: string
  args: string[]
  env: Record<string, string>
}

/**
 * Starts `count` workers and replaces those that end. If one cannot start at first, none does. Each worker drains by itself
 * when it is ordered to stop.
 */
export const supervise = async (count: number, { program, args, env }: Work, log: Logger, output: LogOutput) => {
  cluster.setupPrimary({
    exec: program,
    args,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const crew = createCrew(env, output)
  const first = Array.from({ length: count }, crew.hire)
  const [origin] = await allOrNone(first)
  const stopping = new AbortController()
  const places = first.map(worker => keep(worker, crew.hire, log, stopping.signal))
  const stop = (): void => {
    if (!stopping.signal.aborted) crew.stop()
    stopping.abort()
  }
  return {
    origin: String(origin),
    drain: async (seconds: number): Promise<void> => {
      stop()
      await sleep(seconds * 1_000)
    },
    close: async (): Promise<void> => {
      stop()
      await Promise.all(places)
    },
  }
}

const allOrNone = async (workers: readonly WorkerProcess[]): Promise<string[]> => {
  try {
    return await Promise.all(workers.map(({ listening }) => listening))
  } catch (failure) {
    for (const worker of workers) worker.kill()
    await Promise.all(workers.map(({ ended }) => ended))
    throw failure
  }
}

/** Fills one place among the workers until all are told to stop. */
const keep = async (
  first: WorkerProcess,
  hire: () => WorkerProcess,
  log: Logger,
  stopping: AbortSignal,
): Promise<void> => {
  let pause = shortest
  for (let worker = first; ; worker = hire()) {
    const start = startOf(worker, log)
    const ending = await worker.ended
    if (stopping.aborted) return
    const served = Math.max(Date.now() - (await start), 0)
    // Every death doubles the pause, less the time in which the worker served: who dies at once again and again comes back ever later.
    pause = Math.min(Math.max(pause * 2 - served, shortest), longest)
    log.error({ worker: worker.pid, ...ending, pause }, 'a worker ended and is replaced')
    await sleep(pause, undefined, { signal: stopping }).catch(() => undefined)
    if (stopping.aborted) return
  }
}

/** When it began to serve: never, where it cannot. */
const startOf = (worker: WorkerProcess, log: Logger): Promise<number> =>
  worker.listening.then(
    () => Date.now(),
    ({ message }: Error) => {
      log.error({ worker: worker.pid, reason: message }, 'a worker could not start')
      return Number.POSITIVE_INFINITY
    },
  )

/** In milliseconds. */
const shortest = 50
const longest = 10_000
