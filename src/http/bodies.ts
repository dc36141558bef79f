import type { FastifyInstance } from 'fastify'
import { Failure } from '../errors.ts'
import { isRead } from './send.ts'

/** A body is JSON as it stands: nothing else is read, and nothing is taken for what it is not. */
export const takeJsonAlone = (app: FastifyInstance): void => {
  app.removeContentTypeParser('text/plain')
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = isRead(request) || request.is404 ? undefined : encodingOf(request.headers['content-encoding'])
    if (encoding === undefined) done(null, payload)
    else done(notDecoded(encoding))
  })
}

/** Undefined where there is none: `identity` says just that (RFC 9110, section 8.4.1). */
const encodingOf = (header = ''): string | undefined =>
  header
    .split(',')
    .map(one => one.trim())
    .find(one => one !== '' && one.toLowerCase() !== 'identity')

const notDecoded = (encoding: string): Failure =>
  new Failure(
    'UNSUPPORTED_MEDIA_TYPE',
    `The body is encoded as "${encoding.slice(0, 80)}", which is not undone here; send it without Content-Encoding.`,
    { headers: { 'accept-encoding': 'identity' } },
  )
