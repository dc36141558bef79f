import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Failure } from '../errors.ts'

/** Whether requests arrive faster than they can be answered. */
export type IsLate = () => boolean

/** In milliseconds: who waits so long for the event loop waits for everything. */
const late = 250

/** How often the delay is looked at, in milliseconds. */
const pause = 500

/** Watches how late the event loop is, until `stop` is called. */
export const watchDelay = (): { isLate: IsLate; stop(): void } => {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  let isLate = false
  const timer = setInterval(() => {
    isLate = delay.mean / 1e6 > late
    delay.reset()
  }, pause)
  timer.unref()
  return {
    isLate: () => isLate,
    stop: () => {
      clearInterval(timer)
      delay.disable()
    },
  }
}

/** Whoever watches the service has to be told how it is. */
const always = new Set(['/healthz', '/readyz', '/metrics'])

/** Why a request is turned away, so that those that came before are answered; undefined where it is not. */
export const overload = (isLate: IsLate, path: string): Failure | undefined =>
  isLate() && !always.has(path)
    ? new Failure('UNAVAILABLE', 'More is asked than can be answered: try again in a moment.', {
        headers: { 'retry-after': '2' },
      })
    : undefined
