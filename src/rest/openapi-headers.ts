/** Every header that is part of the contract. One that is `required` is always sent. */
export const headers = {
  'Accept-Encoding': header(
    'How a body may be encoded: not at all. Sent where one was.',
    { type: 'string', enum: ['identity'] },
    false,
  ),
  'Access-Control-Allow-Origin': header('Pages from anywhere may read this.', { type: 'string', enum: ['*'] }),
  Allow: header('The methods this address has.', { type: 'string', maxLength: 100, pattern: '^[A-Z]+(, [A-Z]+)*$' }),
  'Cache-Control': header('How long caches may keep it.', {
    type: 'string',
    maxLength: 200,
    pattern: '^[a-z-]+(=\\d+)?(, [a-z-]+(=\\d+)?)*$',
  }),
  'Content-Disposition': header(
    'What to call the file.',
    { type: 'string', maxLength: 200, pattern: '^attachment; filename="[\\w.-]+"$' },
    false,
  ),
  'Content-Encoding': header(
    'How the body is compressed, where it is.',
    { type: 'string', enum: ['br', 'zstd', 'gzip'] },
    false,
  ),
  'Curriculum-Cursor': header('The number of the last change this was made at.', {
    type: 'integer',
    format: 'int64',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
  ETag: header('Names these bytes: send it as `If-None-Match` to be told whether they are still the same.', {
    type: 'string',
    maxLength: 100,
    pattern: '^"[\\w-]+"$',
  }),
  Link: header(
    'The first and, where there is one, the next page: relative references (RFC 8288).',
    { type: 'string', maxLength: 40_000, pattern: '^<[^>]*>; rel="(next|first)"(, <[^>]*>; rel="first")?$' },
    false,
  ),
  Location: header('The current address: a relative reference.', {
    type: 'string',
    maxLength: 16_384,
    pattern: '^/v1/\\S+$',
  }),
  RateLimit: header(
    'How many requests are left, and the seconds until they are full again; where a limit is set (draft-ietf-httpapi-ratelimit-headers-11).',
    { type: 'string', maxLength: 100, pattern: '^"minute";r=\\d+;t=\\d+$' },
    false,
  ),
  'RateLimit-Policy': header(
    'How many requests a client has in how many seconds; where a limit is set.',
    { type: 'string', maxLength: 100, pattern: '^"minute";q=\\d+;w=60$' },
    false,
  ),
  'Retry-After': header('Seconds to wait before asking again.', {
    type: 'integer',
    format: 'int32',
    minimum: 0,
    maximum: 86_400,
  }),
  Vary: header('The request headers this depends on.', {
    type: 'string',
    maxLength: 100,
    pattern: '^[A-Za-z-]+(, [A-Za-z-]+)*$',
  }),
  'WWW-Authenticate': header('How to show who you are (RFC 6750).', {
    type: 'string',
    maxLength: 200,
    pattern: '^Bearer realm="curriculum"(, \\w+="\\w+")*$',
  }),
  'X-Request-Id': header('Names this request in the log; yours, if you sent one.', {
    type: 'string',
    maxLength: 128,
    pattern: '^[\\w.:-]+$',
  }),
}
export type HeaderName = keyof typeof headers

function header(description: string, schema: object, required = true) {
  return { description, required, schema }
}

/** What protects browsers and tells them what they may read: sent with every answer, of no use to a program. */
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

/** References to these headers and to those that every answer has. */
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
