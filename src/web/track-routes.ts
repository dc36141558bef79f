import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalog, TrackDocument } from '../catalog.ts'
import { badParameter, gone } from '../errors.ts'
import { nounNotFound } from '../http/not-found.ts'
import type { RenderedResponse } from '../http/response-cache.ts'
import type { ResponseCache } from '../http/response-cache-fast-path.ts'
import type { Tier } from '../model/vocabulary.ts'
import { resolveFilter } from '../query/filters.ts'
import { sendRefusal } from './error-page.ts'
import { hashSource, pagePolicy } from './page-frame.ts'
import { trackPage } from './track-page.ts'
import { svgStyle, trackSvg } from './track-svg.ts'

type Request = FastifyRequest<{ Params: { ref: string } }>

/** A page a track, and a picture of its roadmap. While the files are watched, an open page follows them. */
export const addTrackPages = (app: FastifyInstance, catalog: Catalog, answers: ResponseCache, watch = false): void => {
  app.register(async scope => {
    scope.setErrorHandler((error, request, reply) => sendRefusal(error, request, reply))
    scope.get('/tracks/:ref', async (request: Request, reply) => {
      const track = await trackAt(catalog, request, reply, '')
      if (track === undefined) return reply
      return answers.send(request, reply, `page ${track}`, noting => pageOf(noting, track, watch))
    })
    scope.get('/tracks/:ref.svg', async (request: Request, reply) => {
      const track = await trackAt(catalog, request, reply, '.svg')
      if (track === undefined) return reply
      const tiers = await tiersIn(catalog, track, request.query)
      return answers.send(request, reply, `svg ${track} ${tiers}`, noting => svgOf(noting, track, tiers))
    })
  })
}

/** The slug of the track; undefined where the client was sent on to its current address. */
const trackAt = async (
  catalog: Catalog,
  request: Request,
  reply: FastifyReply,
  ending: string,
): Promise<string | undefined> => {
  const { ref } = request.params
  const found = await catalog.find('track', ref)
  if (found === undefined) throw await nounNotFound(catalog, 'track', ref)
  if ('removedAt' in found) throw gone('track', ref, found.removedAt)
  const slug = 'movedTo' in found ? found.movedTo : found.answer.slug
  if (slug === ref) return slug
  const search = request.url.indexOf('?')
  reply
    .code(308)
    .headers({
      location: `/tracks/${slug}${ending}${search < 0 ? '' : request.url.slice(search)}`,
      'cache-control': 'no-store',
    })
    .send()
  return undefined
}

const pageOf = async (catalog: Catalog, track: string, watch: boolean): Promise<RenderedResponse> => ({
  body: trackPage(await documentOf(catalog, track), { watch }),
  type: 'text/html; charset=utf-8',
  headers: { 'content-security-policy': pagePolicy(watch) },
})

const svgOf = async (catalog: Catalog, track: string, tiers: Tier[] | undefined): Promise<RenderedResponse> => ({
  body: trackSvg(await documentOf(catalog, track), { tiers }),
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

/** The one parameter a picture has, in its one form; undefined where it was left out. */
const tiersIn = async (catalog: Catalog, track: string, query: unknown): Promise<Tier[] | undefined> => {
  const given = Object.entries(query as Record<string, string | string[]>) // the framework's parser makes these of every query
  const other = given.find(([name]) => name !== 'tier')?.[0]
  if (other !== undefined)
    throw badParameter(other.slice(0, 80), `There is no parameter "${other.slice(0, 80)}" here. It takes tier.`)
  const words = given.flatMap(([, value]) => [value].flat()).flatMap(value => value.split(','))
  if (words.length === 0) return undefined
  const { tier } = await resolveFilter(catalog, 'skill', { track: [track], tier: [...new Set(words)].sort() })
  return tier && [...tier]
}
