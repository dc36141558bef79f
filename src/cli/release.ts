import { Session } from 'node:inspector/promises'
import { performance } from 'node:perf_hooks'

/**
 * Gives back to the system what the start has left behind, about 50 MB, once there was little to do for a `period` (in
 * milliseconds): V8 collects only where something is asked for, and a service at rest asks for nothing. It takes about a
 * tenth of a second. The function that is returned ends the waiting.
 */
export const releaseOnceIdle = (period = 1_000, release: () => Promise<void> = collectGarbage): (() => void) => {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization > little) return
    clearInterval(timer)
    void release()
  }, period)
  timer.unref()
  return () => clearInterval(timer)
}

/** Of the time. */
const little = 0.1

/** All that can be, also memory that is kept for what may come. */
export const collectGarbage = async (): Promise<void> => {
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.collectGarbage')
  session.disconnect()
}
