import { type MessagePort, Worker } from 'node:worker_threads'
import type { Writer } from '../catalog.ts'
import { type Code, Failure, type Place } from '../errors.ts'
import type { ApiKeys } from '../model/api-key.ts'
import type { JsonWrites } from '../model/json-upkeep.ts'
import type { WebhookWrites } from '../model/webhook.ts'
import { databaseWork } from '../runtime/diagnostics.ts'

/** All writes of a running service. */
type Writes = Writer & Pick<ApiKeys, 'recordUse'> & WebhookWrites & JsonWrites

const methods = [
  'put',
  'patch',
  'remove',
  'putDocument',
  'putPicture',
  'recordUse',
  'putWebhook',
  'removeWebhook',
  'rotateSecret',
  'replay',
  'queueEvents',
  'claimDelivery',
  'finishDelivery',
  'prune',
  'rebuildJson',
] as const satisfies (keyof Writes)[]
type Method = (typeof methods)[number]

/** Fails to compile if a method is missing. */
true satisfies Exclude<keyof Writes, Method> extends never ? true : false

/**
 * Runs all writes in a worker thread, so that they do not block requests that read. The thread starts with the first write and
 * runs `program`, which calls `handleWrites`. `workerData` is what the thread gets when it starts.
 */
export const writeInThread = (program: URL, workerData: () => unknown): Writes & { close(): Promise<void> } => {
  let thread: WriteThread | undefined
  const call = async (method: Method, args: unknown[]): Promise<unknown> => {
    thread ??= startThread(program, workerData(), () => {
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
  return { ...(remote as unknown as Writes), close: async () => thread?.close() } // one method for each name
}

interface WriteThread {
  call(method: Method, args: unknown[]): Promise<unknown>
  close(): Promise<void>
}

interface PendingCall {
  resolve(result: unknown): void
  reject(failure: unknown): void
}

const startThread = (program: URL, workerData: unknown, onExit: () => void): WriteThread => {
  const worker = new Worker(program, { workerData })
  const pending = new Map<number, PendingCall>()
  let number = 0
  const exited = new Promise<void>(resolve => {
    worker.once('exit', () => {
      onExit()
      for (const { reject } of pending.values()) reject(interrupted())
      resolve()
    })
  })
  // After an error the thread exits by itself; pending calls are rejected with the error as their cause.
  let cause: unknown
  worker.on('error', error => {
    cause = error
  })
  const interrupted = () =>
    new Failure('UNAVAILABLE', 'The write was interrupted and may not be stored: read it again.', { cause })
  worker.on('message', (reply: Reply) => {
    const call = pending.get(reply.number)
    pending.delete(reply.number)
    if ('result' in reply) call?.resolve(reply.result)
    else call?.reject(errorOf(reply))
  })
  return {
    call: (method, args) => {
      number += 1
      worker.postMessage({ number, method, args })
      return new Promise((resolve, reject) => pending.set(number, { resolve, reject }))
    },
    close: () => {
      worker.postMessage('close')
      return exited
    },
  }
}

const errorOf = (reply: Exclude<Reply, { result: unknown }>): unknown => {
  if ('error' in reply) return reply.error
  const { code, message, ...more } = reply.failure
  return new Failure(code, message, more)
}

interface Call {
  number: number
  method: Method
  args: unknown[]
}

/** The reply to a call. A `Failure` is sent as its fields, because messages between threads do not keep the class. */
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

/** Handles the calls that arrive in the thread, until the port receives 'close'; calls in progress finish first. */
export const handleWrites = (port: MessagePort, writes: Writes, close: () => void): void => {
  const inProgress = new Set<Promise<void>>()
  port.on('message', (message: Call | 'close') => {
    if (message === 'close') {
      void Promise.all(inProgress).then(() => {
        close()
        port.close()
      })
      return
    }
    const work = handleCall(message, writes).then(reply => port.postMessage(reply))
    inProgress.add(work)
    void work.finally(() => inProgress.delete(work))
  })
}

const handleCall = async ({ number, method, args }: Call, writes: Writes): Promise<Reply> => {
  const run = writes[method] as (...args: unknown[]) => Promise<unknown> // the caller has the same types
  try {
    return { number, result: await run(...args) }
  } catch (error) {
    if (!(error instanceof Failure)) return { number, error }
    const { code, message, errors, headers, status, cause } = error
    return { number, failure: { code, message, errors, headers, status, cause } }
  }
}
