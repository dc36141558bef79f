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
import { releaseMemoryWhenIdle } from './release-memory.ts'

export interface RunningServer {
  /** The origin on which the server listens, such as `http://localhost:3000`. */
  origin: string
  /** Makes `/readyz` answer 503 and every reply end its connection; requests are still accepted for `seconds`. */
  drain(seconds: number): Promise<void>
  /** Stops listening and lets requests in progress finish. */
  close(): Promise<void>
}

interface ListenOptions
  extends Pick<
    AppOptions,
    'metrics' | 'watch' | 'requestCounter' | 'writer' | 'keys' | 'webhooks' | 'webhookWrites' | 'replication' | 'site'
  > {
  /** True if other processes listen at the same address. */
  reusePort?: boolean
}

/** Builds the app with the settings and listens. */
export const listen = async (
  config: Config,
  catalog: Catalog,
  log: Logger,
  { reusePort = false, ...chosen }: ListenOptions,
): Promise<RunningServer> => {
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
    // A read-only copy is a backup itself.
    lastBackup: config.READ_ONLY ? undefined : () => lastBackup(config.DATABASE_URL.slice('file:'.length)),
    webhookNetworks: config.WEBHOOK_NETWORKS,
    adminKey: config.ADMIN_KEY,
    readingNeedsKey: config.READ_ACCESS === 'key',
  })
  const listening = new URL(await listenAt(app, config, reusePort))
  // Keeps the configured host; an IPv6 address stays in brackets.
  listening.hostname = config.HOST
  origin = listening.origin
  const stopReleasing = releaseMemoryWhenIdle()
  return {
    origin,
    drain: async seconds => {
      draining = true
      await sleep(seconds * 1_000)
    },
    close: () => {
      draining = true
      return closeWithTimeout(app, () => {
        stop()
        stopReleasing()
        return stopTracing()
      })
    },
  }
}

/** The time in milliseconds after which open connections are closed. */
const closeTimeout = 7_000

/** Finishes requests in progress, then closes connections that are still open after the timeout. */
const closeWithTimeout = async (app: FastifyInstance, stop: () => Promise<void>): Promise<void> => {
  const late = setTimeout(() => app.server.closeAllConnections(), closeTimeout)
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
    throw explainListenError(failure)
  }
}

/** Returns the port to listen on, a free one for `PORT=0`. Fails before anything else is done if the port is in use; all workers share the result. */
export const findPort = async ({ PORT, HOST }: Config): Promise<number> => {
  const probe = createServer().listen(PORT, HOST)
  try {
    await once(probe, 'listening')
  } catch (failure) {
    throw explainListenError(failure)
  }
  const { port } = probe.address() as AddressInfo // a TCP server has a port
  probe.close()
  await once(probe, 'close')
  return port
}

const explainListenError = (cause: unknown): BadConfig => {
  const { code } = cause as NodeJS.ErrnoException // a failed listen is a system error
  const sentence = listenErrors[String(code)] ?? `PORT and HOST name an address that cannot be used (${code}).`
  return new BadConfig(sentence, { cause })
}

const noAddress = 'HOST is not an address of this machine: set it to localhost, or to 0.0.0.0 for every interface.'
const listenErrors: Record<string, string> = {
  EADDRINUSE: 'PORT is in use by another program: stop that one, or set PORT to a free one.',
  EACCES: 'This user may not listen on PORT: set it to a port above 1023.',
  EADDRNOTAVAIL: noAddress,
  EAI_AGAIN: noAddress,
  ENOTFOUND: noAddress,
}

/** Returns the time in milliseconds after a signal at which the process exits in any case. */
export const stopTimeout = (drainSeconds: number): number => drainSeconds * 1_000 + 9_500

/** The time in milliseconds to write the last log lines. */
export const logFlushTimeout = 2_000

/** Ignores SIGHUP, since the log is a stream and has no file to reopen; in a terminal, SIGHUP still ends the service. */
export const ignoreSighup = (log: Logger, isTerminal: boolean): 'SIGHUP'[] => {
  if (isTerminal) return []
  process.on('SIGHUP', () => log.info('SIGHUP is ignored: the log is a stream and has no file to reopen'))
  return ['SIGHUP']
}
