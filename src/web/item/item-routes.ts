import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalog } from '../../catalog.ts'
import { canonicalCacheKey } from '../../http/cache-key.ts'
import { redirectTo } from '../../http/redirect.ts'
import type { ResponseCache } from '../../http/response-cache.ts'
import { keyOf, slugOf, trackOf } from '../../model/keys.ts'
import { parseTargets, resolveTargets } from '../content/path-targets.ts'
import { currentKey } from '../page/current-key.ts'
import { errorPage } from '../page/error-page.ts'
import { itemPages, itemPath, type NounWithPage } from '../page/links.ts'
import { isEmbedded } from '../page/page-frame.ts'
import type { Site } from '../page/site.ts'
import { itemPage } from './item-page.ts'

type Request = FastifyRequest<{ Params: { ref: string; slug: string } }>

/** Adds the page of each skill, project and exercise. */
export const addItemPages = (app: FastifyInstance, catalog: Catalog, cache: ResponseCache, site: Site): void => {
  app.register(async scope => {
    scope.setErrorHandler(errorPage(site, catalog))
    for (const noun of Object.keys(itemPages) as NounWithPage[]) // the keys of the table
      scope.get(`/tracks/:ref/${itemPages[noun]}/:slug`, async (request: Request, reply: FastifyReply) => {
        const { ref, slug } = request.params
        const key = await currentKey(catalog, noun, keyOf(await currentKey(catalog, 'track', ref), slug))
        if (key !== keyOf(ref, slug)) return redirectTo(request, reply, `/${itemPath(trackOf(key), noun, slugOf(key))}`)
        const embedded = isEmbedded(request)
        // Only skills are steps of a path.
        const to = noun === 'skill' ? parseTargets(request) : ''
        const { targets } = await resolveTargets(catalog, trackOf(key), to)
        const names = targets.map(({ name }) => name)
        return cache.send(request, reply, canonicalCacheKey('item', noun, key, embedded, names), tracking =>
          itemPage(tracking, site, noun, key, { embedded, targets }),
        )
      })
  })
}
