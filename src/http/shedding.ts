import { Failure } from '../errors.ts'

/** Whether requests arrive faster than they can be answered. */
export type IsLate = () => boolean

/** In milliseconds: who waits so long for the event loop waits for everything. */
const late = 1_000

/** How often the delay is looked at, in milliseconds. */
const pause = 100

/** Watches how late the event loop is of late, until `stop` is called: one long answer is no overload, one after another is. */
export const watchDelay = (): { isLate: IsLate; stop(): void } => {
  let due = performance.now() + pause
  let delay = 0
  const timer = setInterval(() => {
    const now = performance.now()
    delay = (delay + Math.max(now - due, 0)) / 2
    due = now + pause
  }, pause)
  timer.unref()
  return { isLate: () => delay > late, stop: () => clearInterval(timer) }
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
