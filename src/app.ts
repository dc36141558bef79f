import type { FastifyInstance } from 'fastify'
import { addCase } from './case/routes.ts'
import { isCasePath, sendStatusInfo } from './case/status-info.ts'
import type { Catalog, Writer } from './catalog.ts'
import { addGraphql } from './graphql/routes.ts'
import { type AuthenticationOptions, createAuthentication, requireReadKey } from './http/authentication.ts'
import { acceptJsonOnly } from './http/body-parsing.ts'
import { addHealth } from './http/health.ts'
import { addMetrics, addReplicationGauges } from './http/metrics.ts'
import { waitForMinCursor } from './http/min-cursor.ts'
import { createResponseCache } from './http/response-cache.ts'
import { createHttp, type HttpOptions } from './http/server.ts'
import type { Replication } from './model/replication.ts'
import type { Webhooks, WebhookWrites } from './model/webhook.ts'
import { addExports } from './rest/exports.ts'
import { addRest, addRestWrites } from './rest/rest.ts'
import { addWebhooks } from './rest/webhooks.ts'
import { addItemPages } from './web/item/item-routes.ts'
import { errorPage } from './web/page/error-page.ts'
import { plainSite, type Site } from './web/page/site.ts'
import { addPreviewImages } from './web/preview/preview-routes.ts'
import { addSiteRoutes } from './web/site/site-routes.ts'
import { addTrackPages } from './web/track/track-routes.ts'

export interface AppOptions extends HttpOptions {
  cacheBytes: number
  writer: Writer
  keys: AuthenticationOptions['keys']
  webhooks: Webhooks
  webhookWrites: WebhookWrites
  /** Addresses and networks outside the public internet that webhooks may be sent to. */
  webhookNetworks: readonly string[]
  /** A key of scope `admin` from the environment. */
  adminKey?: string | undefined
  /** True if reading needs a key. */
  readingNeedsKey?: boolean
  /** Returns the start of the newest backup, in seconds since 1970; absent if there is nothing to back up. */
  lastBackup?: (() => number) | undefined
  /** The state of a node of a cluster; absent for a single node. */
  replication?: Replication | undefined
  /** True if `/graphiql` is served. */
  graphiql: boolean
  /** True if an open page of a track reloads itself when the content of the track is loaded again. */
  watch?: boolean
  /** Returns the URL of the service for clients, without a trailing slash. Called for the first response that contains it. */
  publicUrl(): string
  /** Name, logo and colors of the site; the service's own by default. */
  site?: Partial<Site>
  /** `PUBLIC_URL`, without a trailing slash. */
  configuredUrl?: string | undefined
}

/** Builds the service on a catalog: first the HTTP server and what all APIs share, then the routes of each API. */
export const buildApp = async (catalog: Catalog, options: AppOptions): Promise<FastifyInstance> => {
  const cache = createResponseCache(catalog, options.cacheBytes, options.metrics)
  const site = { ...plainSite(options.publicUrl), ...options.site }
  const authentication = createAuthentication(options)
  // Some paths are public where reading needs a key.
  const sendPage = errorPage(site, options.readingNeedsKey ? undefined : catalog)
  const app = await createHttp(options, cache, sendPage, [{ appliesTo: isCasePath, send: sendStatusInfo }])
  acceptJsonOnly(app)
  if (options.readingNeedsKey) requireReadKey(app, authentication)
  waitForMinCursor(app, catalog)
  addHealth(app, catalog, options.metrics, options.isDraining ?? (() => false))
  options.metrics.addGauge('webhook_events_waiting', options.webhooks.countPending)
  if (options.lastBackup) options.metrics.addGauge('backup_last_success_timestamp_seconds', options.lastBackup)
  if (options.replication) addReplicationGauges(options.metrics, options.replication)
  addMetrics(app, options.metrics)
  addRest(app, catalog, cache)
  addExports(app, catalog, cache, options.publicUrl)
  addRestWrites(app, catalog, options.writer, authentication)
  addWebhooks(app, catalog, options.webhooks, options.webhookWrites, authentication, options.webhookNetworks)
  addGraphql(app, catalog, cache, options.metrics, options.writer, authentication)
  addSiteRoutes(app, catalog, cache, site, options)
  addTrackPages(app, catalog, cache, site, options.watch)
  addItemPages(app, catalog, cache, site)
  addPreviewImages(app, catalog, site, options.readingNeedsKey)
  addCase(app, catalog, cache, options.publicUrl)
  return app
}
