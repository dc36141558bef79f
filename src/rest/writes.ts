import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalog, WriteOptions, Writer } from '../catalog.ts'
import { Failure, gone, notFound } from '../errors.ts'
import type { Authentication, Caller } from '../http/authentication.ts'
import { addJsonParser } from '../http/body-parsing.ts'
import { parseIfMatch } from '../http/conditional-requests.ts'
import { relativeUrl } from '../http/redirect.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { MovedTo, redirectIfMoved } from './operation.ts'

/** `PUT`, `PATCH` and `DELETE` of every noun. */
export const addWrites = (
  app: FastifyInstance,
  catalog: Catalog,
  writer: Writer,
  authentication: Authentication,
): void => {
  app.register(async scope => {
    addJsonParser(scope, 'application/merge-patch+json')
    for (const noun of nouns) addNounWrites(scope, noun, catalog, writer, authentication)
  })
}

type RefParams = { Params: { ref: string } }

const addNounWrites = (
  app: FastifyInstance,
  noun: Noun,
  catalog: Catalog,
  writer: Writer,
  authentication: Authentication,
): void => {
  const path = `/v1/${plurals[noun]}/{ref}`
  const url = path.replace('{ref}', ':ref')
  const options = { onRequest: authentication.requireHook('write'), bodyLimit: 1024 * 1024 }
  app.put<RefParams>(url, options, (request, reply) =>
    redirectIfMoved({ path }, request, reply, async () => {
      const key = await keyToWrite(catalog, noun, request.params.ref)
      const { created, item, etag } = await writer.put(noun, key, request.body, writeOptions(request))
      if (created) reply.code(201).header('location', relativeUrl(request, `/v1/${plurals[noun]}/${item.key}`))
      return sendWritten(reply, catalog, etag, JSON.stringify(item))
    }),
  )
  app.patch<RefParams>(url, options, (request, reply) =>
    redirectIfMoved({ path }, request, reply, async () => {
      const key = await requireKey(catalog, noun, request.params.ref)
      const { item, etag } = await writer.patch(noun, key, request.body, writeOptions(request))
      return sendWritten(reply, catalog, etag, JSON.stringify(item))
    }),
  )
  app.delete<RefParams>(url, options, (request, reply) =>
    redirectIfMoved({ path }, request, reply, async () => {
      const key = await requireKey(catalog, noun, request.params.ref)
      await writer.remove(noun, key, writeOptions(request))
      return reply
        .code(204)
        .headers({ 'cache-control': 'no-store', 'curriculum-cursor': await catalog.latestCursor() })
        .send()
    }),
  )
}

/** Returns the current key of an existing noun, or rejects with 404 or 410. */
export const requireKey = async (catalog: Catalog, noun: Noun, ref: string): Promise<string> => {
  const found = await catalog.find(noun, ref)
  if (found === undefined) throw notFound(noun, ref)
  if ('removedAt' in found) throw gone(noun, ref, found.removedAt)
  if ('movedTo' in found) throw new MovedTo(found.movedTo)
  return found.item.key
}

/** Returns the key to write to: the current key of an existing noun, or the given one for a new noun. */
export const keyToWrite = async (catalog: Catalog, noun: Noun, ref: string): Promise<string> => {
  const found = await catalog.find(noun, ref)
  if (found !== undefined && 'item' in found) return found.item.key
  if (found !== undefined && 'movedTo' in found) throw new MovedTo(found.movedTo)
  return ref
}

/** Reads the preconditions of a write from its headers (RFC 9110, sections 13.1.1 and 13.1.2). The ETag of any encoding matches. */
export const writeOptions = (request: FastifyRequest): WriteOptions => {
  const { 'if-match': match, 'if-none-match': none } = request.headers
  if (none !== undefined && none.trim() !== '*')
    throw new Failure('BAD_USER_INPUT', 'If-None-Match of a write must be *, which only creates and never replaces.')
  const { name } = request.caller as Caller // the route requires a key
  return { by: name, ifMatch: match === undefined ? undefined : parseIfMatch(match), mustNotExist: none !== undefined }
}

/** Sends the JSON of the written item, with its new ETag. */
export const sendWritten = async (
  reply: FastifyReply,
  catalog: Catalog,
  etag: string,
  body: string,
): Promise<FastifyReply> =>
  reply
    .headers({
      etag: `"${etag}"`,
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'curriculum-cursor': await catalog.latestCursor(),
    })
    .send(body)
