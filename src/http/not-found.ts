import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Catalog, parseItems } from '../catalog.ts'
import { Failure, notFound } from '../errors.ts'
import { slugOf, trackOf } from '../model/keys.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import type { SendError } from './problem.ts'
import { redirectTo } from './redirect.ts'
import { isGetOrHead, pathOf } from './request.ts'
import type { RouteIndex } from './route-index.ts'

/**
 * Handles requests without a route. A read with a superfluous slash at the end is redirected with 308, anything else gets 404 with a
 * suggestion. Below `/v1` and `/graphql` such a slash gets 404 too: a program that followed the redirect would send two requests forever.
 */
export const handleNotFound =
  (routes: RouteIndex, sendError: SendError) =>
  (request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> => {
    const path = pathOf(request)
    const withoutSlash =
      path.endsWith('/') && routes.allowedMethods(path.slice(0, -1)) !== undefined ? path.slice(0, -1) : undefined
    const meant = withoutSlash ?? routes.suggest(path)
    const failure = pathNotFound(
      path,
      withoutSlash === undefined ? didYouMean(meant, '. /v1 lists the paths.') : removeSlash,
      meant,
    )
    if (withoutSlash === undefined || !isGetOrHead(request) || isApiPath(path))
      return sendError(failure, request, reply)
    return redirectTo(request, reply, withoutSlash)
  }

/** Returns true for a path that only programs request, which get problem details. */
export const isApiPath = (path: string): boolean => /^\/(v1|graphql)(\/|$)/.test(path)

const pathNotFound = (path: string, advice: string, meant: string | undefined): Failure =>
  new Failure('NOT_FOUND', `There is nothing at ${path.slice(0, 200)}${advice}`, {
    suggestion: meant === undefined ? undefined : { path: meant },
  })

const removeSlash = '. Remove the slash at the end.'

/** Returns the 404 for a noun that does not exist, with the nearest key. */
export const nounNotFound = async (catalog: Catalog, noun: Noun, ref: string): Promise<Failure> => {
  if (ref === '')
    return new Failure(
      'NOT_FOUND',
      `The path names no ${noun}; /v1/${plurals[noun]}, without a slash at the end, lists them all.`,
    )
  const key = ref.includes('.') ? await nearestKey(catalog, noun, ref) : await nearestSlug(catalog, noun, ref)
  const meant = key === undefined ? [] : parseItems(await catalog.byKeys(noun, [key], ['title']))
  return notFound(noun, ref, meant[0])
}

/** Searches the track of the key first, then all tracks. */
const nearestKey = async (catalog: Catalog, noun: Noun, ref: string): Promise<string | undefined> => {
  const near = await catalog.keys(noun, [trackOf(ref)])
  return nearest(ref, near.length > 0 ? near : await catalog.keys(noun))
}

/** Returns the key whose slug is nearest, since a slug alone is not a key. */
const nearestSlug = async (catalog: Catalog, noun: Noun, ref: string): Promise<string | undefined> => {
  const keys = await catalog.keys(noun)
  const meant = nearest(ref, keys.map(slugOf))
  return keys.find(key => slugOf(key) === meant)
}
