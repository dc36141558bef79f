import type { FastifyInstance } from 'fastify'
import { Failure } from '../errors.ts'
import { nearestPath } from './nearest-path.ts'
import { pathOf } from './problem.ts'

/** What there is at which address. */
export interface RouteIndex {
  /** What an address can do, by its path; undefined where there is no such address. */
  allowedMethods(path: string): string | undefined
  /** The address that was probably meant by a path; undefined where none is near. */
  suggest(path: string): string | undefined
}

/** Learns of every route that is added after it. */
export const createRouteIndex = (app: FastifyInstance): RouteIndex => {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const known = routes.get(url) ?? { pattern: patternOf(url), methods: new Set(['OPTIONS']) }
    for (const one of [method].flat()) known.methods.add(one)
    routes.set(url, known)
  })
  return {
    allowedMethods: path => {
      const route = [...routes.values()].find(({ pattern }) => pattern.test(path))
      return route && [...route.methods].sort().join(', ')
    },
    suggest: path => nearestPath(path, [...routes.keys()]),
  }
}

/** OPTIONS asks for just that; what answers it comes later. */
export const addAllowHeader = (app: FastifyInstance, known: RouteIndex): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const allow = request.method === 'OPTIONS' ? known.allowedMethods(pathOf(request)) : undefined
    if (allow !== undefined) reply.header('allow', allow)
    done()
  })
}

/** A known address with a method it has not answers 405 and says which it has (RFC 9110, section 15.5.6). */
export const rejectMethods = (app: FastifyInstance, known: RouteIndex): void => {
  app.addHook('onRequest', (request, _reply, done) => {
    const allow = request.is404 ? known.allowedMethods(pathOf(request)) : undefined
    if (allow === undefined) done()
    else
      done(
        new Failure('METHOD_NOT_ALLOWED', `${request.method} is not allowed here; ${allow} are.`, {
          headers: { allow },
        }),
      )
  })
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map(part => (part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')))
      .join('/')}$`,
  )
