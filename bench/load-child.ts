import autocannon from 'autocannon'
import type { Load, LoadResult } from './load.ts'
import { percentile } from './measure.ts'

// The child process of load.ts: receives a load as a message, and sends its result as one.
process.on('message', async (load: Load) => {
  process.send?.(await runLoad(load).catch(failure => ({ failure: String(failure) })))
})

const runLoad = async ({ port, requests, ...options }: Load): Promise<LoadResult> => {
  const expected = new Set(requests.map(({ status }) => status))
  const unexpected = new Set<number>()
  const latencies: number[] = []
  let opened = 0
  const start = performance.now()
  let end = start
  const { promise, resolve, reject } = Promise.withResolvers<{ errors: number }>()
  const instance = autocannon(
    {
      url: `http://127.0.0.1:${port}`,
      // In milliseconds, how soon the end is noticed.
      sampleInt: 10,
      // The first connection error ends the run.
      bailout: 1,
      ...options,
      setupClient: client => {
        // Each connection starts with another request, so that concurrent requests differ.
        const first = Math.floor((opened++ * requests.length) / options.connections)
        client.setRequests([...requests.slice(first), ...requests.slice(0, first)])
        // Otherwise autocannon would wait for the body of a response to HEAD.
        const { parser } = client as unknown as { parser: { body_bytes: number } }
        if (requests[0]?.method === 'HEAD') client.on('headers', () => Object.assign(parser, { body_bytes: 0 }))
      },
    },
    (failure, result) => (failure ? reject(failure) : resolve(result)),
  )
  instance.on('response', (_client, status, _bytes, latency) => {
    end = performance.now()
    latencies.push(latency)
    if (!expected.has(status)) unexpected.add(status)
  })
  const { errors } = await promise
  if (errors > 0 || unexpected.size > 0)
    throw new Error(`${requests[0]?.path}: ${errors} errors, unexpected statuses: ${[...unexpected]}`)
  const perSecond = (latencies.length / (end - start)) * 1_000
  return { perSecond, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }
}
