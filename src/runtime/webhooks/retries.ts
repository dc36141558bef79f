import type { Claimed, Outcome } from '../../model/webhook.ts'
import { type Received, Unsent } from './send-event.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** How long to wait after each attempt, in milliseconds (Standard Webhooks 1.0, "Deliverability and reliability"). */
export const waits = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/** A receiver may ask for more time, but not for ever. */
const longest = 24 * hour

/** What follows from what came of an attempt. `random` is from 0 to 1: those that failed together do not come back together. */
export const outcomeOf = (
  { attempts }: Pick<Claimed, 'attempts'>,
  came: Received | Unsent,
  now: Date,
  random: number,
): Outcome => {
  if (came instanceof Unsent) return failed(came.message, attempts, 0, now, random, true)
  const { status, retryAfter } = came
  const answer = String(status)
  if (status >= 200 && status < 300) return { answer, delivered: true, down: false }
  if (status === 410)
    return { answer, delivered: false, down: false, disable: 'The receiver answered 410: it is not there any more.' }
  // What is no fault of this one event will be the same for the next.
  const down = status >= 500 || [401, 403, 404, 408, 425, 429].includes(status) || status < 400
  return failed(answer, attempts, millisecondsIn(retryAfter, now), now, random, down)
}

const failed = (answer: string, attempts: number, asked: number, now: Date, random: number, down: boolean): Outcome => {
  const wait = waits[attempts]
  if (wait === undefined)
    return {
      answer,
      delivered: false,
      down: false,
      disable: `The receiver failed ${attempts + 1} times over more than three days, at last with: ${answer}.`,
    }
  const jittered = wait * (0.9 + 0.2 * random)
  const nextAt = new Date(now.getTime() + Math.max(jittered, asked)).toISOString()
  return { answer, delivered: false, down, nextAt }
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
const millisecondsIn = (retryAfter: string | undefined, now: Date): number => {
  if (retryAfter === undefined) return 0
  const wait = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * second : Date.parse(retryAfter) - now.getTime()
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), longest)
}
