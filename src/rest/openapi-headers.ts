/** Every header of the contract. A `required` header is always sent. */
export const headers = {
  'Accept-Encoding': header(
    'The accepted content coding of bodies, sent if a body had another.',
    { type: 'string', enum: ['identity'] },
    false,
  ),
  'Access-Control-Allow-Origin': header('Pages of any origin may read the response.', { type: 'string', enum: ['*'] }),
  Allow: header('The methods of this path.', { type: 'string', maxLength: 100, pattern: '^[A-Z]+(, [A-Z]+)*$' }),
  'Cache-Control': header('The time for which caches may store the response.', {
    type: 'string',
    maxLength: 200,
    pattern: '^[a-z-]+(=\\d+)?(, [a-z-]+(=\\d+)?)*$',
  }),
  'Content-Disposition': header(
    'The name of the file.',
    { type: 'string', maxLength: 200, pattern: '^attachment; filename="[\\w.-]+"$' },
    false,
  ),
  'Content-Encoding': header(
    'The compression of the body, if any.',
    { type: 'string', enum: ['br', 'zstd', 'gzip'] },
    false,
  ),
  'Curriculum-Cursor': header('The sequence number of the last change when the response was made.', {
    type: 'integer',
    format: 'int64',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
  ETag: header('The version of the content: send it as `If-None-Match` to get 304 while the content is unchanged.', {
    type: 'string',
    maxLength: 100,
    pattern: '^"[\\w-]+"$',
  }),
  Link: header(
    'The first page and, if there is one, the next: relative references (RFC 8288).',
    { type: 'string', maxLength: 40_000, pattern: '^<[^>]*>; rel="(next|first)"(, <[^>]*>; rel="first")?$' },
    false,
  ),
  Location: header('The current address, relative to that of the request (RFC 9110, section 10.2.2).', {
    type: 'string',
    maxLength: 16_384,
    pattern: '^(\\.\\./)+v1/\\S+$',
  }),
  RateLimit: header(
    'The remaining requests, and the seconds until the count is reset; sent if a limit is set (draft-ietf-httpapi-ratelimit-headers-11).',
    { type: 'string', maxLength: 100, pattern: '^"minute";r=\\d+;t=\\d+$' },
    false,
  ),
  'RateLimit-Policy': header(
    'The number of requests a client may make in a number of seconds; sent if a limit is set.',
    { type: 'string', maxLength: 100, pattern: '^"minute";q=\\d+;w=60$' },
    false,
  ),
  'Retry-After': header('Seconds to wait before the next request.', {
    type: 'integer',
    format: 'int32',
    minimum: 0,
    maximum: 86_400,
  }),
  Vary: header('The request headers the response depends on.', {
    type: 'string',
    maxLength: 100,
    pattern: '^[A-Za-z-]+(, [A-Za-z-]+)*$',
  }),
  'WWW-Authenticate': header('The authentication scheme (RFC 6750).', {
    type: 'string',
    maxLength: 200,
    pattern: '^Bearer realm="curriculum"(, \\w+="\\w+")*$',
  }),
  'X-Request-Id': header('The id of the request in the log: that of the request header, if it was sent.', {
    type: 'string',
    maxLength: 128,
    pattern: '^[\\w.:-]+$',
  }),
}
export type HeaderName = keyof typeof headers

function header(description: string, schema: object, required = true) {
  return { description, required, schema }
}

/** Security and CORS headers of every response, which matter to browsers only. */
export const browserHeaders = [
  'Access-Control-Expose-Headers',
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Referrer-Policy',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'X-Permitted-Cross-Domain-Policies',
] as const

/** Returns references to these headers and to those of every response. */
export const withHeaders = (names: readonly HeaderName[]): object =>
  Object.fromEntries(
    [...names, ...commonHeaderNames].sort().map(name => [name, { $ref: `#/components/headers/${name}` }]),
  )

const commonHeaderNames: readonly HeaderName[] = [
  'Access-Control-Allow-Origin',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
]
