import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import type { Test } from 'tap'

export interface Receiver {
  url: string
  /** What its events are signed with. */
  secret: string
  /** What it does with an event: takes it, answers 500, breaks the connection off, or does not answer at all. */
  mood: 'well' | 'failing' | 'away' | 'hanging'
  /** How many events came, however it took them. */
  asked: number
  /** The changes it was told of, as often as it took them. */
  taken: number[]
}

/** A receiver of webhooks with moods. It takes only what is signed as it should be. */
export const receiverOf = async (t: Test): Promise<Receiver> => {
  const receiver: Receiver = { url: '', secret: '', mood: 'well', asked: 0, taken: [] }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    receiver.asked += 1
    if (receiver.mood === 'hanging') return
    if (receiver.mood === 'away') return void response.destroy()
    if (receiver.mood === 'failing') return void response.writeHead(500).end()
    const headers = request.headers as Record<string, string> // as the library wants them
    const told = new Webhook(receiver.secret).verify(body, headers) as { data: { seq: number } } // what was signed is what the service says
    receiver.taken.push(told.data.seq)
    response.writeHead(204).end()
  }
  // What breaks off half way, or does not verify, gets no answer that says "taken".
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
