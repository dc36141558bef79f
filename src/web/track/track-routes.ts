import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalog, TrackDocument } from '../../catalog.ts'
import { badParameter, Failure } from '../../errors.ts'
import { canonicalCacheKey } from '../../http/cache-key.ts'
import { nounNotFound } from '../../http/not-found.ts'
import { redirectTo } from '../../http/redirect.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { ResponseCache } from '../../http/response-cache.ts'
import { pictureUrl } from '../../model/picture.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { asSentence, unknownMember } from '../../query/explain.ts'
import { resolveFilter } from '../../query/filters.ts'
import { didYouMean } from '../../query/suggest.ts'
import { type PathTarget, parseTargets, pathToTargets, resolveTargets } from '../content/path-targets.ts'
import { trackTranslations } from '../content/translations.ts'
import { currentKey } from '../page/current-key.ts'
import { errorPage, sendErrorPage } from '../page/error-page.ts'
import { hashSource, isEmbedded } from '../page/page-frame.ts'
import type { Site } from '../page/site.ts'
import { overviewPage } from './track-page.ts'
import { svgStyle, trackSvg } from './track-svg.ts'
import { unknownTargetPage } from './unknown-target-page.ts'

type Request = FastifyRequest<{ Params: { ref: string } }>

/** Adds the page and the SVG roadmap of each track. With `watch`, an open page reloads when its files change. */
export const addTrackPages = (
  app: FastifyInstance,
  catalog: Catalog,
  cache: ResponseCache,
  site: Site,
  watch = false,
): void => {
  app.register(async scope => {
    scope.setErrorHandler(errorPage(site, catalog))
    scope.get('/tracks/:ref', async (request: Request, reply) => {
      const track = await resolveTrack(catalog, request, reply, '')
      if (track === undefined) return reply
      const embedded = isEmbedded(request)
      const { targets, unknown } = await resolveTargets(catalog, track, parseTargets(request))
      if (unknown.length > 0)
        return sendErrorPage(reply, 404, await unknownTargetPage(catalog, site, track, unknown, embedded))
      const names = targets.map(({ name }) => name)
      return cache.send(request, reply, canonicalCacheKey('page', track, embedded, names), async tracking => {
        const document = await documentOf(tracking, track)
        const translations = await trackTranslations(tracking, document.track)
        const shown = targets.length === 0 ? undefined : await pathToTargets(tracking, track, targets)
        return overviewPage(site, document, { embedded, watch, translations, shown })
      })
    })
    scope.get('/tracks/:ref.svg', async (request: Request, reply) => {
      const track = await resolveTrack(catalog, request, reply, '.svg')
      if (track === undefined) return reply
      const { tiers, targets } = await parseImageQuery(catalog, track, request.query)
      const names = targets.map(({ name }) => name)
      return cache.send(request, reply, canonicalCacheKey('svg', track, tiers, names), async tracking =>
        renderTrackSvg(tracking, track, {
          tiers,
          path: targets.length === 0 ? undefined : await pathToTargets(tracking, track, targets),
        }),
      )
    })
    scope.get('/tracks/:ref/files/*', async (request: PictureRequest, reply) => {
      const path = request.params['*'].normalize('NFC')
      const track = await resolveTrack(catalog, request, reply, pictureUrl('', path).slice('/tracks/'.length))
      if (track === undefined) return reply
      return cache.send(request, reply, canonicalCacheKey('picture', track, path), tracking =>
        findPicture(tracking, track, path),
      )
    })
  })
}

type PictureRequest = FastifyRequest<{ Params: { ref: string; '*': string } }>

const findPicture = async (catalog: Catalog, track: string, path: string): Promise<RenderedResponse> => {
  const [picture] = await catalog.pictures(track, path)
  if (picture === undefined) throw new Failure('NOT_FOUND', `There is no picture "${path.slice(0, 200)}" in ${track}.`)
  return {
    body: picture.bytes,
    type: picture.mediaType,
    compressed: picture.mediaType !== 'image/svg+xml',
    // A page shows it as an image, which runs no scripts; opened by itself, an SVG gets a sandbox.
    headers: { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox" },
  }
}

/** Returns the slug of the track; undefined when the client was redirected to its current URL. */
const resolveTrack = async (
  catalog: Catalog,
  request: Request,
  reply: FastifyReply,
  extension: string,
): Promise<string | undefined> => {
  const { ref } = request.params
  const slug = await currentKey(catalog, 'track', ref)
  if (slug === ref) return slug
  redirectTo(request, reply, `/tracks/${slug}${extension}`)
  return undefined
}

const renderTrackSvg = async (
  catalog: Catalog,
  track: string,
  options: Parameters<typeof trackSvg>[1],
): Promise<RenderedResponse> => ({
  body: trackSvg(await documentOf(catalog, track), options),
  type: 'image/svg+xml; charset=utf-8',
  headers: {
    'content-security-policy': `default-src 'none'; style-src ${hashSource(svgStyle)}; frame-ancestors 'none'`,
  },
})

const documentOf = async (catalog: Catalog, track: string): Promise<TrackDocument> => {
  const document = await catalog.document(track)
  if (document === undefined) throw await nounNotFound(catalog, 'track', track)
  return document
}

/** Parses the parameters of the SVG: `tier`, or `to` for the image of a path. */
const parseImageQuery = async (
  catalog: Catalog,
  track: string,
  query: unknown,
): Promise<{ tiers: Tier[] | undefined; targets: PathTarget[] }> => {
  const parameters = query as Record<string, string | string[]> // the framework's parser makes these of every query
  const other = Object.keys(parameters).find(name => !imageParameters.includes(name))
  if (other !== undefined)
    throw badParameter(other.slice(0, 80), asSentence(unknownMember('parameter', other, imageParameters)))
  const words = [parameters.tier ?? []].flat().flatMap(value => value.split(','))
  const { targets, unknown } = await resolveTargets(catalog, track, [parameters.to ?? []].flat().join(',').trim())
  const [missing] = unknown
  if (missing !== undefined)
    throw badParameter(
      'to',
      `There is no skill or project called "${missing.text.slice(0, 80)}" in ${track}${didYouMean(missing.suggestions[0]?.name, '.')}`,
    )
  if (words.length === 0) return { tiers: undefined, targets }
  if (targets.length > 0) throw badParameter('tier', '"tier" cannot be combined with "to".')
  const { tier } = await resolveFilter(catalog, 'skill', { track: [track], tier: [...new Set(words)].sort() })
  return { tiers: tier && [...tier], targets }
}

const imageParameters = ['tier', 'to']
