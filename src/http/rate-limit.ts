import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { Failure } from '../errors.ts'
import { pathOf } from './problem.ts'

/** So many requests a client and minute, unmatched routes too; told in the two fields of draft-ietf-httpapi-ratelimit-headers-11. */
export const limitRate = async (app: FastifyInstance, perMinute: number): Promise<void> => {
  if (perMinute === 0) return
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: 60_000,
    allowList: request => unlimited.has(pathOf(request)),
  })
  const check = app.createRateLimit({ max: perMinute, timeWindow: 60_000 })
  const policy = `"minute";q=${perMinute};w=60`
  app.addHook('onRequest', async (request, reply) => {
    const state = await check(request)
    if (state.isAllowed) return
    const remaining = Math.max(state.remaining, 0)
    reply.header('ratelimit-policy', policy).header('ratelimit', `"minute";r=${remaining};t=${state.ttlInSeconds}`)
    if (state.isExceeded)
      throw new Failure('RATE_LIMITED', `More than ${perMinute} requests in a minute came from this address.`, {
        headers: { 'retry-after': String(state.ttlInSeconds) },
      })
  })
}

/** Whoever watches the service must not be told that it is down because it asks often. */
const unlimited = new Set(['/healthz', '/readyz', '/metrics'])
