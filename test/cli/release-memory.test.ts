import { setTimeout as pause } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import t from 'tap'
import { releaseMemoryWhenIdle } from '../../src/cli/release-memory.ts'
import { waitUntil } from '../fixtures/service.ts'

const heapSize = () => getHeapStatistics().total_heap_size

/** Makes garbage: the heap grows by it, and V8 has no reason to give it back. */
const leaveBehind = (): number => {
  const before = heapSize()
  for (let round = 0; round < 20; round++) Array.from({ length: 100_000 }, (_, index) => ({ index }))
  return heapSize() - before
}

const busyFor = (milliseconds: number): void => {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

t.test('memory used by the start is released in the first idle period', async t => {
  const grown = leaveBehind()
  const before = heapSize()
  t.teardown(releaseMemoryWhenIdle(50))
  const after = await waitUntil(
    () => (heapSize() < before - grown / 2 ? heapSize() : undefined),
    () => `the heap is still ${heapSize()} bytes, as before: ${before}`,
  )
  t.ok(after < before)
})

t.test('the release waits while the process is busy, and happens once', async t => {
  let released = 0
  const release = async () => {
    released += 1
  }
  t.teardown(releaseMemoryWhenIdle(20, release))
  for (let round = 0; round < 10; round++) {
    busyFor(30)
    await new Promise(resolve => setImmediate(resolve))
  }
  t.equal(released, 0)
  await waitUntil(
    () => (released > 0 ? released : undefined),
    () => 'it was not released',
  )
  await pause(100)
  t.equal(released, 1)
})

t.test('the release does not happen after it was cancelled', async t => {
  let released = 0
  releaseMemoryWhenIdle(20, async () => {
    released += 1
  })()
  await pause(100)
  t.equal(released, 0)
})
