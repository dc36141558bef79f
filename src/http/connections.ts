import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'

/** Open files reserved for the database, webhooks and the log; each connection needs one, too. */
const reservedFiles = 16

/** A lower limit is logged as a warning. */
const lowLimit = 1024

/** In milliseconds. */
const minute = 60_000

/**
 * Returns a function that bounds the connections of a server, so that the process never reaches its limit of open files: there the
 * system lets Node close new connections without an event, and the database and webhooks fail, too. Connections beyond the bound are
 * closed, which the log says at most once a minute. `proc` is where Linux describes the process; elsewhere there is no bound.
 */
export const createConnectionLimiter = (
  log: FastifyBaseLogger,
  proc = '/proc/self',
  now: () => number = Date.now,
): ((server: Server) => void) => {
  const openFiles = openFilesLimit(`${proc}/limits`)
  if (openFiles === undefined) return () => undefined
  const connections = Math.max(openFiles - readdirSync(`${proc}/fd`).length - reservedFiles, 1)
  if (openFiles < lowLimit)
    log.warn({ openFiles, connections }, 'the limit of open files is low: raise LimitNOFILE or ulimit -n')
  let dropped = 0
  let reported = Number.NEGATIVE_INFINITY
  return server => {
    server.maxConnections = connections
    server.on('drop', () => {
      dropped += 1
      if (now() - reported < minute) return
      log.error(
        { dropped, connections, openFiles },
        'connections dropped, too many are open: raise LimitNOFILE or ulimit -n',
      )
      reported = now()
      dropped = 0
    })
  }
}

/** Returns the soft limit of open files (Node raises it to the hard limit at its start), or undefined if there is none. */
const openFilesLimit = (file: string): number | undefined => {
  const [, limit] = (existsSync(file) && /^Max open files\s+(\d+)/m.exec(readFileSync(file, 'utf8'))) || []
  return limit === undefined ? undefined : Number(limit)
}
