import { type MessagePort, Worker } from 'node:worker_threads'
import type { Writer } from '../catalog.ts'
import { type Code, Failure, type Place } from '../errors.ts'
import type { ApiKeys } from '../model/api-key.ts'
import type { WebhookWrites } from '../model/webhook.ts'
import { databaseWork } from '../runtime/diagnostics.ts'

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

/** All that a running service writes. */
type Writing = Writer & Pick<ApiKeys, 'recordUse'> & WebhookWrites

const methods = [
  'put',
  'patch',
  'remove',
  'putDocument',
  'recordUse',
  'putWebhook',
  'removeWebhook',
  'rotateSecret',
  'replay',
  'queueEvents',
  'claimDelivery',
  'finishDelivery',
  'prune',
] as const satisfies (keyof Writing)[]
type Method = (typeof methods)[number]

/** The compiler sees that none is missing. */
true satisfies Exclude<keyof Writing, Method> extends never ? true : false

interface Call {
  number: number
  method: Method
  args: unknown[]
}

/** What came of a call: a failure loses its class on its way between threads. */
type Reply =
  | { number: number; result: unknown }
  | {
      number: number
      failure: {
        code: Code
        message: string
        errors: Place[]
        headers: Record<string, string>
        status: number
        cause: unknown
      }
    }
  | { number: number; error: unknown }

/** Carries out what comes through the port, until it is closed. */
export const answerCalls = (port: MessagePort, writing: Writing, close: () => void): void => {
  const underWay = new Set<Promise<void>>()
  port.on('message', (message: Call | 'close') => {
    if (message === 'close') {
      void Promise.all(underWay).then(() => {
        close()
        port.close()
      })
      return
    }
    const work = answerTo(message, writing).then(reply => port.postMessage(reply))
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  })
}

const answerTo = async ({ number, method, args }: Call, writing: Writing): Promise<Reply> => {
  const carryOut = writing[method] as (...args: unknown[]) => Promise<unknown> // the caller has the same types
  try {
    return { number, result: await carryOut(...args) }
  } catch (error) {
    if (!(error instanceof Failure)) return { number, error }
    const { code, message, errors, headers, status, cause } = error
    return { number, failure: { code, message, errors, headers, status, cause } }
  }
}
