import { Session } from 'node:inspector/promises'
import { performance } from 'node:perf_hooks'

/**
 * Returns the memory that the start used, about 50 MB, to the system after the first idle `period` (in milliseconds).
 * V8 collects garbage only when memory is allocated, and an idle service allocates none. The collection takes about a
 * tenth of a second. The returned function cancels it.
 */
export const releaseMemoryWhenIdle = (period = 1_000, release: () => Promise<void> = collectGarbage): (() => void) => {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization > idleUtilization) return
    clearInterval(timer)
    void release()
  }, period)
  timer.unref()
  return () => clearInterval(timer)
}

/** The event loop utilization below which the service is idle. */
const idleUtilization = 0.1

/** Collects all garbage and returns unused pages to the system. */
export const collectGarbage = async (): Promise<void> => {
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.collectGarbage')
  session.disconnect()
}
