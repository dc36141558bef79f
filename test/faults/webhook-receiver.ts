import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import type { Test } from 'tap'

export interface Receiver {
  url: string
  /** The secret that events are signed with. */
  secret: string
  /** The response to an event: 204, 500, a reset connection, or none. */
  behavior: 'healthy' | 'failing' | 'resetting' | 'hanging'
  /** The number of requests, whatever the response. */
  requests: number
  /** The sequence numbers of the events that it accepted, with duplicates. */
  received: number[]
}

/** Starts a webhook receiver, which accepts only events with a valid signature. */
export const startReceiver = async (t: Test): Promise<Receiver> => {
  const receiver: Receiver = { url: '', secret: '', behavior: 'healthy', requests: 0, received: [] }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    receiver.requests += 1
    if (receiver.behavior === 'hanging') return
    if (receiver.behavior === 'resetting') return void response.destroy()
    if (receiver.behavior === 'failing') return void response.writeHead(500).end()
    const headers = request.headers as Record<string, string> // the type that the library expects
    const event = new Webhook(receiver.secret).verify(body, headers) as { data: { seq: number } } // the service signed it
    receiver.received.push(event.data.seq)
    response.writeHead(204).end()
  }
  // A request that is incomplete or has a wrong signature gets no response.
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // what listens on TCP has a port
  return receiver
}
