import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import helmet from 'helmet'
import { corsHeaders } from './cors.ts'

/** Returns helmet's security headers, computed once since they are the same for every reply. */
const securityHeaders = (): Record<string, string> => {
  const headers: Record<string, string> = {}
  const collect = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value
    },
    removeHeader: () => undefined,
  }
  const setHeaders = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // The proxy that terminates TLS sends it: over plain HTTP the header is forbidden (RFC 6797, section 7.2).
    strictTransportSecurity: false,
    // Obsolete, or implied by the policy above.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xXssProtection: false,
  })
  // helmet only sets and removes headers of the response.
  setHeaders({} as never, collect as unknown as ServerResponse, () => undefined)
  return headers
}

/** The headers of every reply but 304: a cache that receives a 304 has stored them already. */
export const commonHeaders: Readonly<Record<string, string>> = { ...securityHeaders(), ...corsHeaders }

const { 'x-frame-options': _sameOrigin, ...others } = commonHeaders

/** The common headers of a reply that pages of other origins may show in a frame: `frame-ancestors` names them. */
export const framableHeaders: Readonly<Record<string, string>> = others

declare module 'fastify' {
  interface FastifyReply {
    /** True if it is sent with `framableHeaders`. */
    framable: boolean
  }
}

/** Lets the pages of other origins that `frame-ancestors` names show a reply in a frame. */
export const allowFraming = (reply: FastifyReply): void => {
  reply.framable = true
  // Set already in a reply to a URL that cannot be parsed.
  reply.removeHeader('x-frame-options')
}
