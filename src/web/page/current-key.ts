import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Catalog } from '../../catalog.ts'
import { gone } from '../../errors.ts'
import { nounNotFound } from '../../http/not-found.ts'
import { pathOf } from '../../http/request.ts'
import type { Noun } from '../../model/vocabulary.ts'
import { createLinks } from './links.ts'

/** Returns the current key of an item. Throws 404 with the nearest key, or 410 if the item was removed. */
export const currentKey = async (catalog: Catalog, noun: Noun, ref: string): Promise<string> => {
  const found = await catalog.find(noun, ref)
  if (found === undefined) throw await nounNotFound(catalog, noun, ref)
  if ('removedAt' in found) throw gone(noun, ref, found.removedAt)
  return 'movedTo' in found ? found.movedTo : found.item.key
}

/** Redirects to the current path of a page, such as `tracks/python`; its query stays. The URL is relative, like all links of pages. */
export const redirectTo = (request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply => {
  const search = request.url.indexOf('?')
  return reply
    .code(308)
    .headers({
      location: `${createLinks(pathOf(request).slice(1), undefined).to(path)}${search < 0 ? '' : request.url.slice(search)}`,
      'cache-control': 'no-store',
    })
    .send()
}
