import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'

/** Method and headers, of Fastify's request as well as of Node's. */
export type RequestHead = Pick<IncomingMessage, 'headers' | 'method'>

export const isGetOrHead = ({ method }: Pick<RequestHead, 'method'>): boolean => method === 'GET' || method === 'HEAD'

/** Returns the path without the query string, which may hold secrets. */
export const pathOf = (request: FastifyRequest): string => pathIn(request.url)

export const pathIn = (url: string): string => url.split('?', 1)[0] as string // split yields at least one part

/** Returns true for the paths of monitoring: always answered and never limited, so that load does not look like an outage. */
export const isMonitoringPath = (path: string): boolean => monitoringPaths.has(path)

const monitoringPaths = new Set(['/healthz', '/readyz', '/metrics'])

/** Returns the request id: the client's `X-Request-Id` if it is safe in a log and a header, otherwise a new one. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header)
    ? header
    : `${processPrefix}-${(requestNumber++).toString(36)}`

/** Differs between processes; a number behind it is made faster than a UUID for each request. */
const processPrefix = randomUUID().slice(0, 13)
let requestNumber = 0
