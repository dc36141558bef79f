import type { FastifyInstance } from 'fastify'
import { addCase } from './case/routes.ts'
import { isCasePath, sendStatusInfo } from './case/status-info.ts'
import type { Catalog, Writer } from './catalog.ts'
import { addGraphql } from './graphql/graphql.ts'
import { type AuthenticationOptions, createAuthentication, requireReadKey } from './http/authentication.ts'
import { acceptJsonOnly } from './http/body-parsing.ts'
import { addHealth } from './http/health.ts'
import { addMetrics } from './http/metrics.ts'
import { createResponseCache } from './http/response-cache-fast-path.ts'
import { createHttp, type HttpOptions } from './http/server.ts'
import type { Webhooks, WebhookWrites } from './model/webhook.ts'
import { addExports } from './rest/exports.ts'
import { addRest, addWriting } from './rest/rest.ts'
import { addWebhooks } from './rest/webhooks.ts'
import { addSiteRoutes } from './web/site-routes.ts'
import { addTrackPages, sendErrorPage } from './web/track-routes.ts'

export interface AppOptions extends HttpOptions {
  cacheBytes: number
  /** What can be changed, and with which keys. */
  writer: Writer
  keys: AuthenticationOptions['keys']
  webhooks: Webhooks
  webhookWrites: WebhookWrites
  /** Addresses and networks beside the public internet that webhooks may be sent to. */
  webhookNetworks: readonly string[]
  /** A key that stands in the environment. */
  adminKey?: string | undefined
  /** Whether reading needs a key too. */
  readingNeedsKey?: boolean
  /** Returns when the newest backup was begun, in seconds since 1970; absent where nothing has to be backed up. */
  lastBackup?: (() => number) | undefined
  /** Whether `/graphiql` is served. */
  graphiql: boolean
  /** Whether an open page of a track follows what is loaded. */
  watch?: boolean
  /** The address clients reach the service at, without a slash at its end: asked for at the first answer that names it. */
  publicUrl(): string
  /** That address where it is configured, without a slash at its end. */
  configuredUrl?: string | undefined
}

/** The service over a catalog: what every door needs, then the doors. */
export const buildApp = async (catalog: Catalog, options: AppOptions): Promise<FastifyInstance> => {
  const answers = createResponseCache(catalog, options.cacheBytes, options.metrics)
  const callers = createAuthentication(options)
  const app = await createHttp(options, answers, sendErrorPage, [{ appliesTo: isCasePath, send: sendStatusInfo }])
  acceptJsonOnly(app)
  if (options.readingNeedsKey) requireReadKey(app, callers)
  addHealth(app, catalog, options.metrics, options.isDraining ?? (() => false))
  options.metrics.addGauge('webhook_events_waiting', options.webhooks.countPending)
  if (options.lastBackup) options.metrics.addGauge('backup_last_success_timestamp_seconds', options.lastBackup)
  addMetrics(app, options.metrics)
  addRest(app, catalog, answers)
  addExports(app, catalog, answers, options.publicUrl)
  addWriting(app, catalog, options.writer, callers)
  addWebhooks(app, catalog, options.webhooks, options.webhookWrites, callers, options.webhookNetworks)
  await addGraphql(app, catalog, answers, options.metrics, options.writer, callers)
  addSiteRoutes(app, answers, options)
  addTrackPages(app, catalog, answers, options.watch)
  addCase(app, catalog, answers, options.publicUrl)
  return app
}
