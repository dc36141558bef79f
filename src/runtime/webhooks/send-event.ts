import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { literalAddressOf } from '../../http/public-networks.ts'
import type { Claimed } from '../../model/webhook.ts'
import { signedHeaders } from './sign.ts'

/** What a receiver answered. */
export interface Received {
  status: number
  /** `Retry-After`, as it came. */
  retryAfter: string | undefined
}

export interface SendOptions {
  /** Whether events may be sent to an address. */
  reachable: (address: string) => boolean
  /** In milliseconds, for all of it. */
  timeout: number
  userAgent: string
  /** Breaks the attempt off: it then rejects with `Interrupted`. */
  interrupt?: AbortSignal
  lookup?: typeof systemLookup
}

/** Why an event was not sent, in a few words. */
export class Unsent extends Error {}

/** The service stops: the attempt says nothing about the receiver. */
export class Interrupted extends Error {}

const never = new AbortController().signal

/**
 * Sends an event once. The address is looked at after its name was looked up, and the connection goes to just that address: a
 * name that leads elsewhere the next time leads nowhere. A redirect is an answer, and is not followed.
 */
export const sendEvent = (
  event: Pick<Claimed, 'id' | 'url' | 'body' | 'secrets'>,
  now: Date,
  { reachable, timeout, userAgent, interrupt = never, lookup = systemLookup }: SendOptions,
): Promise<Received> => {
  const url = new URL(event.url)
  const literal = literalAddressOf(url)
  if (literal !== undefined && !reachable(literal)) return Promise.reject(new Unsent(`${literal} ${notPublic}`))
  const request = url.protocol === 'https:' ? overHttps : overHttp
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      method: 'POST',
      headers: {
        ...signedHeaders(event, now),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(event.body),
        'user-agent': userAgent,
      },
      agent: false,
      // So that all addresses of a name are asked for; Node's types do not know that requests take it.
      ...{ autoSelectFamily: true },
      lookup: guarded(reachable, lookup),
      signal: AbortSignal.any([AbortSignal.timeout(timeout), interrupt]),
    })
    sending.once('response', (response: IncomingMessage) => {
      // What it says beside its status is nobody's business, however long it is.
      response.destroy()
      resolve({ status: Number(response.statusCode), retryAfter: response.headers['retry-after'] })
    })
    sending.once('error', error => reject(interrupt.aborted ? new Interrupted() : unsent(error, timeout)))
    sending.end(event.body)
  })
}

const notPublic = 'is not an address on the public internet, and WEBHOOK_NETWORKS does not name its network'

const unsent = (error: NodeJS.ErrnoException, timeout: number): Unsent => {
  if (error instanceof Unsent) return error
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return new Unsent(`no answer within ${timeout / 1000} seconds`, { cause: error })
  return new Unsent(String(error.code), { cause: error })
}

/** Looks a name up, and fails where any of its addresses is none that events may be sent to. */
const guarded =
  (reachable: (address: string) => boolean, lookup: typeof systemLookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, '', 0)
      const closed = addresses.find(({ address }) => !reachable(address))
      if (closed !== undefined)
        return callback(new Unsent(`${hostname} leads to ${closed.address}, which ${notPublic}`), '', 0)
      return callback(null, addresses)
    })
  }
