import type { IncomingMessage, ServerResponse } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'
import { pathIn } from './problem.ts'
import { type CountRequest, refusal } from './rate-limit.ts'
import { requestIdOf } from './request-id.ts'
import type { TellRequest } from './request-log.ts'
import { type Answers, wordingOf } from './response-cache-fast-path.ts'

/** Whether a request was answered. */
export type Front = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * Answers who asks in the same words as somebody before, ahead of the framework: that would take as long again. All else
 * is left as it is, also what exceeds its rate.
 */
export const frontOf = (
  answers: Answers,
  countRequest: CountRequest,
  tellRequest: TellRequest,
  trustProxy: string | false,
): Front => {
  const addressOf = clientAddress(trustProxy)
  return (request, response) => {
    const start = performance.now()
    const wording = wordingOf(request)
    if (wording === '') return false
    let reqId = ''
    const sent = answers.replay(wording, request, response, () => {
      const rate = countRequest(pathIn(request.url as string), addressOf(request)) // a request has an address
      if (refusal(rate) !== undefined) return undefined
      reqId = requestIdOf(request.headers['x-request-id'])
      return { id: reqId, rate }
    })
    if (sent === undefined) return false
    tellRequest({ reqId, request, route: sent.route, status: sent.status, start })
    return true
  }
}

/** As the framework finds it out. */
const clientAddress = (trustProxy: string | false): ((request: IncomingMessage) => string) => {
  if (trustProxy === false) return request => String(request.socket.remoteAddress)
  const trusted = proxyAddr.compile(trustProxy.split(',').map(one => one.trim()))
  return request => proxyAddr(request, trusted)
}
