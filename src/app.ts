import type { FastifyInstance } from 'fastify'
import type { Catalog } from './catalog.ts'
import { addGraphql } from './graphql/graphql.ts'
import { addHealth } from './http/health.ts'
import { createHttp, type HttpOptions } from './http/http.ts'
import { addMetrics } from './http/metrics.ts'
import { answersOf } from './http/replay.ts'
import { addTrackPages } from './page/page.ts'
import { addRest } from './rest/rest.ts'
import { addPages } from './site/pages.ts'

export interface AppOptions extends HttpOptions {
  cacheBytes: number
  /** Whether `/graphiql` is served. */
  graphiql: boolean
  /** Whether an open page of a track follows what is loaded. */
  watch?: boolean
}

/** The service over a catalog: what every door needs, then the doors. */
export const buildApp = async (catalog: Catalog, options: AppOptions): Promise<FastifyInstance> => {
  const answers = answersOf(catalog, options.cacheBytes, options.metrics)
  const app = await createHttp(options, answers)
  addHealth(app, catalog)
  addMetrics(app, options.metrics)
  addRest(app, catalog, answers)
  await addGraphql(app, answers, options.metrics)
  addPages(app, answers, options.graphiql)
  addTrackPages(app, catalog, answers, options.watch)
  return app
}
