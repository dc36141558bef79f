import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Catalog } from '../catalog.ts'
import { badParameter, Failure } from '../errors.ts'

/** The longest time that a request waits for a change, in milliseconds. */
const maxWait = 1_000

/** The pause between two looks at the database, in milliseconds. */
const pollInterval = 5

/**
 * Lets a client that moves from one node to another ask for at least the state that it has seen: a request with
 * `Curriculum-Min-Cursor` waits until this node has the change of that number. Rejects with 503 if it does not come in time.
 */
export const waitForMinCursor = (app: FastifyInstance, { latestCursor }: Pick<Catalog, 'latestCursor'>): void => {
  app.addHook('onRequest', async ({ headers }) => {
    const minCursor = headers['curriculum-min-cursor']
    if (minCursor === undefined) return
    if (!/^\d{1,15}$/.test(String(minCursor)))
      throw badParameter(
        'Curriculum-Min-Cursor',
        '"Curriculum-Min-Cursor" must be the Curriculum-Cursor of a response, a whole number.',
      )
    const end = performance.now() + maxWait
    while ((await latestCursor()) < Number(minCursor)) {
      if (performance.now() > end) throw tooOld(String(minCursor))
      await sleep(pollInterval)
    }
  })
}

const tooOld = (cursor: string): Failure =>
  new Failure('UNAVAILABLE', `This node does not have change ${cursor} yet: try again, or ask another node.`, {
    headers: { 'retry-after': '1' },
  })
