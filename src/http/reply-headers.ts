import { securityHeaders } from './security-headers.ts'

/** What scripts of other sites may read of every reply. */
export const exposedHeaders = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
  'Curriculum-Cursor',
  'Content-Disposition',
]

export const corsHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': exposedHeaders.join(', '),
}

/** What every reply has but a 304: a cache that gets one has them already. */
export const commonHeaders: Readonly<Record<string, string>> = { ...securityHeaders(), ...corsHeaders }
