import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Failure } from '../errors.ts'
import { decodeBody, rejectDeepJson, rejectLoneSurrogates } from '../query/body-text.ts'
import { isUtf8Label, readMediaType } from './media-types.ts'
import { isGetOrHead } from './request.ts'

/** Accepts bodies as JSON in UTF-8 without a content coding, and rejects all others. */
export const acceptJsonOnly = (app: FastifyInstance): void => {
  app.removeContentTypeParser(['text/plain', 'application/json'])
  addJsonParser(app, 'application/json')
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const failure =
      isGetOrHead(request) || request.is404
        ? undefined
        : (encodingFailure(request.headers['content-encoding']) ?? charsetFailure(request.headers['content-type']))
    if (failure === undefined) done(null, payload)
    else done(failure)
  })
}

/** Parses bodies of a media type as JSON. */
export const addJsonParser = (app: FastifyInstance, type: string): void => {
  const parse = jsonParser(app)
  app.addContentTypeParser(type, { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
    parse(request, decodeBody(bytes)),
  )
}

/** Returns Fastify's JSON parser as a function that throws, also for values that are nested too deep. */
export const jsonParser = (app: FastifyInstance) => {
  const parse = app.getDefaultJsonParser('error', 'error')
  return (request: FastifyRequest, text: string): unknown => {
    rejectDeepJson(text)
    let parsed: { error: Error | null; body?: unknown } = { error: null }
    // The callback is called before `parse` returns.
    parse(request, text, (error, body) => {
      parsed = { error, body }
    })
    if (parsed.error !== null) throw parsed.error
    rejectLoneSurrogates(parsed.body, text)
    return parsed.body
  }
}

/** Rejects every content coding but `identity` (RFC 9110, section 8.4.1). */
const encodingFailure = (header = ''): Failure | undefined => {
  const encoding = header
    .split(',')
    .map(one => one.trim())
    .find(one => one !== '' && one.toLowerCase() !== 'identity')
  if (encoding === undefined) return undefined
  return new Failure(
    'UNSUPPORTED_MEDIA_TYPE',
    `The body is encoded as "${encoding.slice(0, 80)}", which is not decoded here; send it without Content-Encoding.`,
    { headers: { 'accept-encoding': 'identity' } },
  )
}

/** Rejects a body whose charset is not UTF-8, or cannot be parsed. */
const charsetFailure = (header = ''): Failure | undefined => {
  if (!/charset/i.test(header)) return undefined
  const parameters = readMediaType(header)?.parameters
  if (parameters?.every(([name, value]) => name !== 'charset' || isUtf8Label(value))) return undefined
  return new Failure(
    'UNSUPPORTED_MEDIA_TYPE',
    `The Content-Type is "${header.slice(0, 80)}": send the body as UTF-8, with charset=utf-8 or without a charset.`,
  )
}
