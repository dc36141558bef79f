import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Metrics } from './metrics.ts'

export const Health = z
  .strictObject({ status: z.enum(['ok', 'ready']) })
  .meta({ id: 'Health', description: 'The service works.' })

/**
 * Adds `/healthz`, which reports on the process alone, so that a slow database causes no restart, and `/readyz`, by which a
 * load balancer decides whether to send requests here. The gauge reports the same as `/readyz`.
 */
export const addHealth = (
  app: FastifyInstance,
  catalog: Catalog,
  metrics: Pick<Metrics, 'addGauge'>,
  isDraining: () => boolean,
): void => {
  const assertReady = async (): Promise<void> => {
    if (isDraining())
      throw new Failure('UNAVAILABLE', 'The service is shutting down.', { headers: { 'retry-after': '5' } })
    try {
      await catalog.ping()
    } catch (cause) {
      throw new Failure('UNAVAILABLE', 'The database cannot be read.', { cause, headers: { 'retry-after': '5' } })
    }
  }
  const isReady = () =>
    assertReady().then(
      () => 1,
      () => 0,
    )
  metrics.addGauge('service_ready', isReady)
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    await assertReady()
    return reply.header('cache-control', 'no-store').send({ status: 'ready' })
  })
}
