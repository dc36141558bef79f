import { connect } from 'node:net'
import { type BenchRequest, bytesOf } from './request.ts'

export interface Load {
  port: number
  /** Sent one after the other; each connection starts at another one. */
  requests: readonly BenchRequest[]
  connections: number
  seconds: number
}

export interface LoadResult {
  /** Responses within the time. */
  requests: number
  /** Responses before it: the first of each connection. */
  opening: number
  seconds: number
  /** The latency of each request within the time, in milliseconds. */
  latencies: Float64Array
}

/**
 * Sends requests over several connections, on each as soon as the previous response is complete. Of a response it reads only
 * the length, to cost less than the server that it measures: tools that parse each response in JavaScript take more CPU than the
 * server does. The time starts when every connection has received one response, since Node accepts one connection at a time.
 */
export const runLoad = async ({ port, requests, connections, seconds }: Load): Promise<LoadResult> => {
  const latencies: number[] = []
  const prepared = requests.map(request => ({ request, bytes: bytesOf(request) }))
  const all = Promise.withResolvers<number>()
  let opening = 0
  const opened = () => {
    opening++
    if (opening === connections) all.resolve(performance.now())
    return all.promise
  }
  const answered = (latency: number) => latencies.push(latency)
  const one = (first: number) => runConnection({ port, requests: prepared, first, opened, seconds, answered })
  await Promise.all(Array.from({ length: connections }, (_, index) => one(index)))
  const took = (performance.now() - (await all.promise)) / 1_000
  return { requests: latencies.length, opening, seconds: took, latencies: Float64Array.from(latencies) }
}

interface Connection {
  port: number
  requests: { request: BenchRequest; bytes: Buffer }[]
  first: number
  /** Called at the first response; resolves with the start of the time. */
  opened: () => Promise<number>
  seconds: number
  answered: (latency: number) => void
}

/** Runs one connection: a first request, then more until the time is over. */
const runConnection = ({ port, requests, first, opened, seconds, answered }: Connection) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let next = first
    let until: number | undefined
    let sent = 0
    let missing = 0
    let current = requests[0] as Connection['requests'][number] // there is at least one
    const send = () => {
      current = requests[next++ % requests.length] ?? current
      missing = 0
      sent = performance.now()
      socket.write(current.bytes)
    }
    const begin = async () => {
      until = (await opened()) + seconds * 1_000
      send()
    }
    const sendNext = (end: number) => {
      const now = performance.now()
      answered(now - sent)
      if (now < end) return send()
      resolve()
      socket.destroy()
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`The server hung up on ${current.request.path}.`)))
    socket.on('data', data => {
      missing = (missing === 0 ? lengthOf(data, current.request) : missing) - data.length
      if (Number.isNaN(missing)) socket.destroy(unexpectedResponse(data, current.request))
      if (!(missing <= 0)) return
      if (until === undefined) void begin()
      else sendNext(until)
    })
  })

/** Returns the length of the whole response from its head, which fits into one read; NaN if it is not the expected response. */
const lengthOf = (data: Buffer, { method, status }: BenchRequest): number => {
  const head = data.toString('latin1', 0, 4_096)
  const end = head.indexOf('\r\n\r\n') + 4
  if (Number(head.slice(9, 12)) !== status) return Number.NaN
  if (method === 'HEAD' || status === 304) return end
  return end + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
}

const unexpectedResponse = (data: Buffer, { method, path, status }: BenchRequest): Error =>
  new Error(
    `${method} ${path} should have status ${status} and a content-length, but is: ${data.toString('latin1', 0, 1_000)}`,
  )
