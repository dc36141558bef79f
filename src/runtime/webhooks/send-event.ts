import { createHmac } from 'node:crypto'
import type { lookup as systemLookup } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'
import { request as overHttp } from '../../http/node-http.ts'
import { createGuardedLookup, literalAddressOf } from '../../http/public-networks.ts'
import type { ClaimedDelivery } from '../../model/webhook.ts'

/** The response of a receiver. */
export interface ReceiverResponse {
  status: number
  /** The `Retry-After` header, unparsed. */
  retryAfter: string | undefined
}

export interface SendOptions {
  /** Returns true when events may be sent to this IP address. */
  isAllowed: (address: string) => boolean
  /** In milliseconds, for the whole attempt. */
  timeout: number
  userAgent: string
  /** Aborts the attempt, which then rejects with `DeliveryInterrupted`. */
  interrupt?: AbortSignal
  lookup?: typeof systemLookup
}

/** An attempt without a response; the message gives the reason in a few words. */
export class DeliveryError extends Error {}

/** An attempt aborted because the service stops; it is no failure of the receiver. */
export class DeliveryInterrupted extends Error {}

const neverAborted = new AbortController().signal

/**
 * Sends an event once. The host is resolved once, its addresses are checked, and the connection goes to a checked address, so
 * that DNS rebinding cannot reach a private network. Redirects are not followed.
 */
export const sendEvent = (
  event: Pick<ClaimedDelivery, 'id' | 'url' | 'body' | 'secrets'>,
  now: Date,
  { isAllowed, timeout, userAgent, interrupt = neverAborted, lookup }: SendOptions,
): Promise<ReceiverResponse> => {
  const url = new URL(event.url)
  const literalAddress = literalAddressOf(url)
  if (literalAddress !== undefined && !isAllowed(literalAddress))
    return Promise.reject(new DeliveryError(`${literalAddress} ${notPublic}`))
  const request = url.protocol === 'https:' ? overHttps : overHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      headers: {
        ...signatureHeaders(event, now),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(event.body),
        'user-agent': userAgent,
      },
      agent: false,
      // Makes Node look up all addresses of the host; its types lack this option for requests.
      ...{ autoSelectFamily: true },
      lookup: createGuardedLookup(isAllowed, refuseAddress, lookup),
      signal: AbortSignal.any([AbortSignal.timeout(timeout), interrupt]),
    })
    outgoing.once('response', (response: IncomingMessage) => {
      // The body is not read: only the status counts, and the body may be long.
      response.destroy()
      resolve({ status: Number(response.statusCode), retryAfter: response.headers['retry-after'] })
    })
    outgoing.once('error', error =>
      reject(interrupt.aborted ? new DeliveryInterrupted() : toDeliveryError(error, timeout)),
    )
    outgoing.end(event.body)
  })
}

const notPublic = 'is not an address on the public internet, and WEBHOOK_NETWORKS does not name its network'

const toDeliveryError = (error: NodeJS.ErrnoException, timeout: number): DeliveryError => {
  if (error instanceof DeliveryError) return error
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return new DeliveryError(`no answer within ${timeout / 1000} seconds`, { cause: error })
  return new DeliveryError(String(error.code), { cause: error })
}

const refuseAddress = (hostname: string, address: string): Error =>
  new DeliveryError(`${hostname} leads to ${address}, which ${notPublic}`)

/**
 * Returns the headers of one delivery attempt (Standard Webhooks 1.0, "Webhook metadata" and "Signature scheme"): an HMAC-SHA256
 * of `id.timestamp.body` for each valid secret; the key is the Base64 after `whsec_`, decoded.
 */
const signatureHeaders = (
  { id, body, secrets }: { id: string; body: string; secrets: readonly string[] },
  now: Date,
): Record<string, string> => {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = secrets.map(secret => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
