import type { MessagePort } from 'node:worker_threads'
import type { Writer } from '../catalog.ts'
import { type Code, Failure, type Place } from '../errors.ts'
import type { ApiKeys } from '../model/api-key.ts'
import type { WebhookWrites } from '../model/webhook.ts'

/** All that a running service writes. */
export type Writing = Writer & Pick<ApiKeys, 'recordUse'> & WebhookWrites

export const methods = [
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
export type Method = (typeof methods)[number]

/** The compiler sees that none is missing. */
true satisfies Exclude<keyof Writing, Method> extends never ? true : false

export interface Call {
  number: number
  method: Method
  args: unknown[]
}

/** What came of a call: a failure loses its class on its way between threads. */
export type Reply =
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
