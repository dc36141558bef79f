import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Catalog, Writer } from '../catalog.ts'
import { badParameter } from '../errors.ts'
import type { Authentication } from '../http/authentication.ts'
import { relativeUrl } from '../http/redirect.ts'
import { encodePath, maxPictureSize, pictureFolder, pictureUrl } from '../model/picture.ts'
import { redirectIfMoved } from './operation.ts'
import { textParameter } from './parameters.ts'
import { validateQuery } from './validate-query.ts'
import { requireKey, writeOptions } from './writes.ts'

const url = '/tracks/:ref/files/*'

type Route = { Params: { ref: string; '*': string }; Body: Buffer | undefined }

/** Adds `PUT` and `DELETE` of the pictures of a track, at the URL where they are served. */
export const addPictureWrites = (
  app: FastifyInstance,
  catalog: Catalog,
  writer: Writer,
  authentication: Authentication,
): void => {
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, bytes: Buffer) => bytes)
    const write = async (request: FastifyRequest<Route>, bytes: Buffer | undefined) => {
      const { load } = validateQuery(PictureQuery, request.query)
      const track = await requireKey(catalog, 'track', request.params.ref)
      const path = request.params['*'].normalize('NFC')
      if (!path.startsWith(pictureFolder))
        throw badParameter(
          'path',
          `Pictures are in the folder ${pictureFolder}: write to ${pictureUrl(track, `${pictureFolder}${path}`)}.`,
        )
      const written = await writer.putPicture(track, path, bytes, {
        ...writeOptions(request),
        fromFiles: load !== undefined,
      })
      return { ...written, track, path }
    }
    const options = { onRequest: authentication.requireHook('write'), bodyLimit: maxPictureSize }
    scope.put<Route>(url, options, (request, reply) =>
      redirectIfMoved(addressOf(request), request, reply, async () => {
        const { created, etag, track, path } = await write(request, request.body ?? Buffer.alloc(0))
        reply.code(created ? 201 : 204).headers({ etag: `"${etag}"`, ...(await writtenHeaders(catalog)) })
        if (created) reply.header('location', relativeUrl(request, pictureUrl(track, path)))
        return reply.send()
      }),
    )
    scope.delete<Route>(url, options, (request, reply) =>
      redirectIfMoved(addressOf(request), request, reply, async () => {
        await write(request, undefined)
        return reply
          .code(204)
          .headers(await writtenHeaders(catalog))
          .send()
      }),
    )
  })
}

/** Returns the address of the picture, with `{ref}` for its track. */
const addressOf = ({ params }: FastifyRequest<Route>) => ({ path: `/tracks/{ref}/files/${encodePath(params['*'])}` })

const PictureQuery = z.strictObject({
  load: textParameter(
    { pattern: '^[\\w-]+$' },
    'The hash of the files that the picture comes from.',
    '9f86d081884c7d65',
  ),
})

const writtenHeaders = async (catalog: Catalog) => ({
  'cache-control': 'no-store',
  'curriculum-cursor': await catalog.latestCursor(),
})
