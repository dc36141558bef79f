import type { FastifyInstance } from 'fastify'
import { Failure } from '../errors.ts'
import { nearest } from '../query/suggest.ts'
import { pathOf } from './request.ts'

/** The routes of the server by path. */
export interface RouteIndex {
  /** Returns the methods of a path as `Allow` lists them; undefined if there is no such path. */
  allowedMethods(path: string): string | undefined
  /** Returns the path that was probably meant; undefined if none is near. */
  suggest(path: string): string | undefined
}

/** Creates an index of every route that is added to the server from now on. */
export const createRouteIndex = (app: FastifyInstance): RouteIndex => {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*' || url === '/*') return
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set(['OPTIONS']) }
    for (const one of [method].flat()) route.methods.add(one)
    routes.set(url, route)
  })
  return {
    allowedMethods: path => {
      const route = [...routes.values()].find(({ pattern }) => pattern.test(path))
      return route && [...route.methods].sort().join(', ')
    },
    suggest: path =>
      nearestPath(
        path,
        [...routes.keys()].filter(url => !url.includes('*')),
      ),
  }
}

/** Sets `Allow` on replies to OPTIONS; `answerPreflights` sends them. */
export const addAllowHeader = (app: FastifyInstance, routes: RouteIndex): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const allow = request.method === 'OPTIONS' ? routes.allowedMethods(pathOf(request)) : undefined
    if (allow !== undefined) reply.header('allow', allow)
    done()
  })
}

/** Rejects a method that a path does not have with 405 and `Allow` (RFC 9110, section 15.5.6). */
export const rejectMethods = (app: FastifyInstance, routes: RouteIndex): void => {
  app.addHook('onRequest', (request, _reply, done) => {
    const allow = request.is404 ? routes.allowedMethods(pathOf(request)) : undefined
    if (allow === undefined) done()
    else
      done(
        new Failure('METHOD_NOT_ALLOWED', `${request.method} is not allowed here; allowed are ${allow}.`, {
          headers: { allow },
        }),
      )
  })
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map(part => (part === '*' ? '.+' : part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')))
      .join('/')}$`,
  )

/** Longer paths are not mistyped addresses, and comparing them takes long. */
const maxPathLength = 200

/** Returns the route nearest to a path, compared segment by segment; segments at the place of a parameter are copied. */
const nearestPath = (path: string, routes: readonly string[]): string | undefined => {
  if (path.length > maxPathLength) return undefined
  const parts = path.replace(/\/$/, '').split('/').slice(1)
  const candidates = routes.map(route => route.split('/').slice(1))
  // The version may be missing.
  return matchRoutes(parts, candidates) ?? matchRoutes(['v1', ...parts], candidates)
}

const matchRoutes = (parts: readonly string[], routes: readonly string[][]): string | undefined => {
  let left = routes.filter(route => route.length === parts.length)
  let address = ''
  for (const [index, part] of parts.entries()) {
    const words = left.map(route => route[index] as string) // each route has as many segments as the path
    const meant = words.find(word => word === part) ?? parameterAt(words, part) ?? nearest(part, words)
    if (meant === undefined) return undefined
    left = left.filter(route => route[index] === meant)
    address += `/${meant.startsWith(':') ? part : meant}`
  }
  return address
}

/** Returns the parameter, such as `:ref`, that a route has at the place of a segment. */
const parameterAt = (words: readonly string[], part: string): string | undefined =>
  part === '' ? undefined : words.find(word => word.startsWith(':'))
