/** A limit of the time without progress. */
export interface Deadline {
  /** Aborts when the time is over. */
  signal: AbortSignal
  /** Starts the time again. */
  extend(): void
  clear(): void
}

export const createDeadline = (milliseconds: number): Deadline => {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), milliseconds)
  return { signal: controller.signal, extend: () => timer.refresh(), clear: () => clearTimeout(timer) }
}

/**
 * Creates a lock that one caller holds at a time, in the order of the calls. It is released by the returned function. Rejects if
 * the signal aborts before.
 */
export const createLock = () => {
  let last: Promise<unknown> = Promise.resolve()
  return async (signal: AbortSignal): Promise<() => void> => {
    const before = last
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    last = before.then(() => released)
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const onAbort = () => {
      reject(signal.reason)
      release()
    }
    signal.addEventListener('abort', onAbort)
    await Promise.race([before, aborted])
    signal.removeEventListener('abort', onAbort)
    return release
  }
}
