import { createHmac } from 'node:crypto'

/**
 * The headers of one attempt to deliver an event (Standard Webhooks 1.0, "Webhook metadata" and "Signature scheme"): HMAC-SHA256
 * over `id.timestamp.body`, with each secret that holds, keyed by the bytes behind `whsec_`.
 */
export const signedHeaders = (
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
