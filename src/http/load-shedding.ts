import type { ServerResponse } from 'node:http'
import { Failure } from '../errors.ts'

/** Returns true while the event loop runs late. */
export type IsOverloaded = () => boolean

/** The delay of the event loop, in milliseconds, from which every request waits too long. */
const maxDelay = 1_000

/** How often the delay is measured, in milliseconds. */
const sampleInterval = 100

/** Measures the delay of the event loop until `stop` is called. A single long delay soon counts no more; several in a row do. */
export const watchEventLoopDelay = (): { isOverloaded: IsOverloaded; stop(): void } => {
  let due = performance.now() + sampleInterval
  let delay = 0
  const timer = setInterval(() => {
    const now = performance.now()
    delay = (delay + Math.max(now - due, 0)) / 2
    due = now + sampleInterval
  }, sampleInterval)
  timer.unref()
  return { isOverloaded: () => delay > maxDelay, stop: () => clearInterval(timer) }
}

/**
 * As many unfinished requests as are always accepted. A delay alone is no overload: the service loading its content, or another
 * program on the machine, causes it too, and turning away the few who are there would make nothing faster.
 */
const alwaysAccepted = 10

/** Health and metrics are for those who watch the service: they are always answered. */
const monitoringPaths = new Set(['/healthz', '/readyz', '/metrics'])

/** Returns why a request is turned away, undefined where it is accepted: then it counts until its response is closed. */
export type ShedLoad = (path: string, response: ServerResponse) => Failure | undefined

/** Makes a load shedder, which turns new requests away while the event loop is late and many requests are unfinished. */
export const createLoadShedder = (isLate: IsOverloaded): ShedLoad => {
  let unfinished = 0
  // Requests that waited for the event loop arrive in one turn of it, and most are finished before the next one is read.
  let finishedInTurn = 0
  const finish = () => {
    unfinished -= 1
    if (finishedInTurn === 0)
      setImmediate(() => {
        finishedInTurn = 0
      })
    finishedInTurn += 1
  }
  return (path, response) => {
    if (monitoringPaths.has(path)) return undefined
    if (unfinished + finishedInTurn >= alwaysAccepted && isLate()) return overloaded()
    unfinished += 1
    response.once('close', finish)
    return undefined
  }
}

const overloaded = (): Failure =>
  new Failure('UNAVAILABLE', 'More requests arrive than can be answered: try again in a moment.', {
    headers: { 'retry-after': '2' },
  })
