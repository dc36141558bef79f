import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { type AppOptions, buildApp } from '../app.ts'
import type { Catalog } from '../catalog.ts'
import { BadConfig, type Config } from '../config.ts'
import { createConnectionLimiter } from '../http/connections.ts'
import { watchEventLoopDelay } from '../http/load-shedding.ts'
import type { Logger } from '../runtime/logger.ts'
import { startTracing } from '../runtime/tracing/start.ts'
import { lastBackup } from '../store/backup.ts'
import { releaseOnceIdle } from './release.ts'

export interface Listening {
  /** Where it listens, such as `http://localhost:3000`. */
  origin: string
  /** Makes `/readyz` answer 503 and every reply end its connection; requests are still accepted for `seconds`. */
  drain(seconds: number): Promise<void>
  /** Stops listening and lets requests in progress finish. */
  close(): Promise<void>
}

interface Chosen
  extends Pick<AppOptions, 'metrics' | 'watch' | 'requestCounter' | 'writer' | 'keys' | 'webhooks' | 'webhookWrites'> {
  /** Whether other processes listen at the same address. */
  reusePort?: boolean
}

/** Serves a catalog as the environment says. */
export const listen = async (
  config: Config,
  catalog: Catalog,
  log: Logger,
  { reusePort = false, ...chosen }: Chosen,
): Promise<Listening> => {
  let origin = ''
  let draining = false
  const stopTracing = await startTracing(process.env, log)
  const { isOverloaded, stop } = watchEventLoopDelay()
  const app = await buildApp(catalog, {
    isOverloaded,
    isDraining: () => draining,
    limitConnections: createConnectionLimiter(log),
    ...chosen,
    publicUrl: () => config.PUBLIC_URL ?? origin,
    configuredUrl: config.PUBLIC_URL,
    logger: log,
    trustProxy: config.TRUST_PROXY ?? false,
    ratePerMinute: config.RATE_LIMIT_PER_MINUTE,
    cacheBytes: config.CACHE_BYTES,
    graphiql: config.GRAPHIQL,
    // Copies that are only read are backups themselves.
    lastBackup: config.READ_ONLY ? undefined : () => lastBackup(config.DATABASE_URL.slice('file:'.length)),
    webhookNetworks: config.WEBHOOK_NETWORKS,
    adminKey: config.ADMIN_KEY,
    readingNeedsKey: config.READ_ACCESS === 'key',
  })
  const listening = new URL(await listenAt(app, config, reusePort))
  // An IPv6 address stays as it was listened on, in brackets.
  listening.hostname = config.HOST
  origin = listening.origin
  const stopReleasing = releaseOnceIdle()
  return {
    origin,
    drain: async seconds => {
      draining = true
      await sleep(seconds * 1_000)
    },
    close: () => {
      draining = true
      return closeInTime(app, () => {
        stop()
        stopReleasing()
        return stopTracing()
      })
    },
  }
}

/** In milliseconds: whoever has not taken an answer by then is cut off. */
const patience = 7_000

/** Requests that are under way are answered; connections that hang end nobody's patience. */
const closeInTime = async (app: FastifyInstance, stop: () => Promise<void>): Promise<void> => {
  const late = setTimeout(() => app.server.closeAllConnections(), patience)
  await app.close()
  clearTimeout(late)
  await stop()
}

const listenAt = async (app: FastifyInstance, { PORT, HOST }: Config, reusePort: boolean): Promise<string> => {
  try {
    // Fastify's types do not know `reusePort`, but it passes on whatever Node takes.
    const at = { port: PORT, host: HOST, reusePort, listenTextResolver: () => 'listening' }
    return await app.listen(at)
  } catch (failure) {
    await app.close()
    throw refusal(failure)
  }
}

/** The port to listen on: a free one where none is named. One that is not free is told before anything is done, and several processes share what is found here. */
export const settlePort = async ({ PORT, HOST }: Config): Promise<number> => {
  const probe = createServer().listen(PORT, HOST)
  try {
    await once(probe, 'listening')
  } catch (failure) {
    throw refusal(failure)
  }
  const { port } = probe.address() as AddressInfo // what listens on TCP has a port
  probe.close()
  await once(probe, 'close')
  return port
}

const refusal = (cause: unknown): BadConfig => {
  const { code } = cause as NodeJS.ErrnoException // the system says why it would not listen
  const sentence = unlistenable[String(code)] ?? `PORT and HOST name an address that cannot be used (${code}).`
  return new BadConfig(sentence, { cause })
}

const noAddress = 'HOST is no address of this machine: set it to localhost, or to 0.0.0.0 for every interface.'
const unlistenable: Record<string, string> = {
  EADDRINUSE: 'PORT is in use by another program: stop that one, or set PORT to a free one.',
  EACCES: 'PORT may not be listened on by this user: set it to one above 1023.',
  EADDRNOTAVAIL: noAddress,
  EAI_AGAIN: noAddress,
  ENOTFOUND: noAddress,
}
