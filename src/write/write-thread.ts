import { Worker } from 'node:worker_threads'
import { Failure } from '../errors.ts'
import { databaseWork } from '../runtime/diagnostics.ts'
import type { Method, Reply, Writing } from './thread-protocol.ts'
import { methods } from './thread-protocol.ts'

/**
 * Writes in a thread of its own, which begins with the first write: however much is written, nobody who reads waits. `program`
 * is what the thread runs.
 */
export const threaded = (program: URL, workerData: unknown): Writing & { close(): Promise<void> } => {
  let thread: Thread | undefined
  const call = async (method: Method, args: unknown[]): Promise<unknown> => {
    thread ??= startThread(program, workerData, () => {
      thread = undefined
    })
    const start = performance.now()
    try {
      return await thread.call(method, args)
    } finally {
      databaseWork.publish({ kind: 'write', text: method, start, end: performance.now() })
    }
  }
  const remote = Object.fromEntries(methods.map(method => [method, (...args: unknown[]) => call(method, args)]))
  return { ...(remote as unknown as Writing), close: async () => thread?.close() } // one method a name
}

interface Thread {
  call(method: Method, args: unknown[]): Promise<unknown>
  close(): Promise<void>
}

interface Waiting {
  resolve(result: unknown): void
  reject(failure: unknown): void
}

const startThread = (program: URL, workerData: unknown, ended: () => void): Thread => {
  const worker = new Worker(program, { workerData })
  const waiting = new Map<number, Waiting>()
  let number = 0
  const over = new Promise<void>(resolve => {
    worker.once('exit', () => {
      ended()
      for (const { reject } of waiting.values()) reject(unwritten())
      resolve()
    })
  })
  // It ends by itself after an error, and that is told to whoever waits.
  let cause: unknown
  worker.on('error', error => {
    cause = error
  })
  const unwritten = () => new Failure('UNAVAILABLE', 'It may not have been written: read it again.', { cause })
  worker.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.number)
    waiting.delete(reply.number)
    if ('result' in reply) asked?.resolve(reply.result)
    else asked?.reject(failureIn(reply))
  })
  return {
    call: (method, args) => {
      number += 1
      worker.postMessage({ number, method, args })
      return new Promise((resolve, reject) => waiting.set(number, { resolve, reject }))
    },
    close: () => {
      worker.postMessage('close')
      return over
    },
  }
}

const failureIn = (reply: Exclude<Reply, { result: unknown }>): unknown => {
  if ('error' in reply) return reply.error
  const { code, message, ...more } = reply.failure
  return new Failure(code, message, more)
}
