import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface BenchRequest {
  method: 'GET' | 'HEAD' | 'POST'
  /** Path and query. */
  path: string
  headers?: Record<string, string>
  body?: string
  /** The expected status; any other ends the bench. */
  status: number
}

export const get = (path: string): BenchRequest => ({ method: 'GET', path, status: 200 })

export const post = (path: string, body: unknown): BenchRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  status: 200,
})

/** Requests that are sent in turn, either so many or for so many seconds. */
export interface Load {
  port: number
  requests: readonly BenchRequest[]
  connections: number
  amount?: number
  duration?: number
  /** The requests a second of all connections; without it, each connection sends the next request after a response. */
  overallRate?: number
}

export interface LoadResult {
  perSecond: number
  /** In milliseconds. */
  p50: number
  p99: number
}

/** The number of concurrent requests. */
export const connections = 32

/** A process that sends load to servers, so that its work does not count as theirs. */
export interface Generator {
  run(load: Omit<Load, 'connections'> & { connections?: number }): Promise<LoadResult>
  stop(): void
}

export const startGenerator = (): Generator => {
  const child = fork(fileURLToPath(new URL('load-child.ts', import.meta.url)))
  return {
    run: async load => {
      child.send({ connections, ...load })
      const [result] = (await once(child, 'message')) as [LoadResult | { failure: string }]
      if ('failure' in result) throw new Error(result.failure)
      return result
    },
    stop: () => child.disconnect(),
  }
}

/** Sends one request, and returns the whole response; rejects another status than the expected one. */
export const fetchResponse = async (port: number, { path, status, ...request }: BenchRequest) => {
  // Otherwise fetch would accept compressed bytes, which the load never does.
  const headers = { 'accept-encoding': 'identity', ...request.headers }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...request, headers })
  const body = Buffer.from(await response.arrayBuffer())
  if (response.status !== status) throw new Error(`${request.method} ${path}: ${response.status} ${body}`)
  return { type: response.headers.get('content-type') ?? '', etag: response.headers.get('etag') ?? '', body }
}
