import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import { Failure } from '../errors.ts'

export const Health = z
  .strictObject({ status: z.enum(['ok', 'ready']) })
  .meta({ id: 'Health', description: 'That all is well.' })

/** `/healthz` speaks of the process alone, so that a slow database restarts nobody; `/readyz` of whether requests should come here. */
export const addHealth = (app: FastifyInstance, catalog: Catalog): void => {
  let draining = false
  app.addHook('preClose', async () => {
    draining = true
  })
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    if (draining) throw new Failure('UNAVAILABLE', 'The service is shutting down.', { headers: { 'retry-after': '5' } })
    try {
      await catalog.ping()
    } catch (cause) {
      throw new Failure('UNAVAILABLE', 'The database cannot be read.', { cause, headers: { 'retry-after': '5' } })
    }
    return reply.header('cache-control', 'no-store').send({ status: 'ready' })
  })
}
