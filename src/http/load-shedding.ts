import type { ServerResponse } from 'node:http'
import { Failure } from '../errors.ts'
import { isMonitoringPath } from './request.ts'

/** Returns true while the delay of the event loop is too long. */
export type IsOverloaded = () => boolean

/** The delay of the event loop from which the server is overloaded, in milliseconds. */
const maxDelay = 1_000

/** The time between two measurements, in milliseconds. */
const sampleInterval = 100

/** Measures the delay of the event loop until `stop` is called. A single long delay is soon forgotten; several in a row are not. */
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
 * The number of unfinished requests that are always accepted. A delay alone is no overload: loading content, or another program on the
 * machine, causes one too, and rejecting a few requests would make nothing faster.
 */
const alwaysAccepted = 10

/** Returns the failure of a request that is rejected; undefined if it is accepted: it then counts until its response is closed. */
export type ShedLoad = (path: string, response: ServerResponse) => Failure | undefined

/** Creates a load shedder, which rejects new requests with 503 while the event loop is late and many requests are unfinished. */
export const createLoadShedder = (isOverloaded: IsOverloaded): ShedLoad => {
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
    if (isMonitoringPath(path)) return undefined
    if (unfinished + finishedInTurn >= alwaysAccepted && isOverloaded()) return overloaded()
    unfinished += 1
    response.once('close', finish)
    return undefined
  }
}

const overloaded = (): Failure =>
  new Failure('UNAVAILABLE', 'The server is overloaded: send the request again in a few seconds.', {
    headers: { 'retry-after': '2' },
  })
