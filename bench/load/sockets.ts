import { connect } from 'node:net'
import { type BenchRequest, bytesOf } from './request.ts'

export interface Load {
  port: number
  /** Asked for one after the other, each connection at a place of its own. */
  requests: readonly BenchRequest[]
  connections: number
  seconds: number
}

export interface Loaded {
  /** Answers within the time. */
  requests: number
  /** Answers before it: each connection's first. */
  opening: number
  seconds: number
  /** Of each request within the time, in milliseconds. */
  latencies: Float64Array
}

/**
 * Asks again and again over so many connections, on each as soon as its answer is whole. It reads no more of an answer than
 * its length, so that it costs less than what it measures: tools that parse each answer in JavaScript take more CPU than the
 * server does. The time begins when every connection has had one answer, since Node takes in one connection at a time.
 */
export const putLoad = async ({ port, requests, connections, seconds }: Load): Promise<Loaded> => {
  const latencies: number[] = []
  const asked = requests.map(request => ({ request, bytes: bytesOf(request) }))
  const all = Promise.withResolvers<number>()
  let opening = 0
  const opened = () => {
    opening++
    if (opening === connections) all.resolve(performance.now())
    return all.promise
  }
  const answered = (latency: number) => latencies.push(latency)
  const one = (first: number) => ask({ port, asked, first, opened, seconds, answered })
  await Promise.all(Array.from({ length: connections }, (_, index) => one(index)))
  const took = (performance.now() - (await all.promise)) / 1_000
  return { requests: latencies.length, opening, seconds: took, latencies: Float64Array.from(latencies) }
}

interface Asking {
  port: number
  asked: { request: BenchRequest; bytes: Buffer }[]
  first: number
  /** Called at the first answer; fulfilled with the beginning of the time. */
  opened: () => Promise<number>
  seconds: number
  answered: (latency: number) => void
}

/** One connection: a first request, and then more until the time is over. */
const ask = ({ port, asked, first, opened, seconds, answered }: Asking) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let next = first
    let until: number | undefined
    let sent = 0
    let missing = 0
    let current = asked[0] as Asking['asked'][number] // nobody asks for nothing
    const send = () => {
      current = asked[next++ % asked.length] ?? current
      missing = 0
      sent = performance.now()
      socket.write(current.bytes)
    }
    const begin = async () => {
      until = (await opened()) + seconds * 1_000
      send()
    }
    const goOn = (end: number) => {
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
      if (Number.isNaN(missing)) socket.destroy(wrong(data, current.request))
      if (!(missing <= 0)) return
      if (until === undefined) void begin()
      else goOn(until)
    })
  })

/** Of the whole answer, by its head, which is shorter than what one read takes in; NaN where it is not the answer expected. */
const lengthOf = (data: Buffer, { method, status }: BenchRequest): number => {
  const head = data.toString('latin1', 0, 4_096)
  const end = head.indexOf('\r\n\r\n') + 4
  if (Number(head.slice(9, 12)) !== status) return Number.NaN
  if (method === 'HEAD' || status === 304) return end
  return end + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
}

const wrong = (data: Buffer, { method, path, status }: BenchRequest): Error =>
  new Error(`${method} ${path} was to be answered with ${status} and a length: ${data.toString('latin1', 0, 1_000)}`)
