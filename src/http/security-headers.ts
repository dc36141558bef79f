import type { ServerResponse } from 'node:http'
import helmet from 'helmet'

/** What helmet sets, which is the same for every reply: so it is asked once. */
export const securityHeaders = (): Record<string, string> => {
  const headers: Record<string, string> = {}
  const collect = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value
    },
    removeHeader: () => undefined,
  }
  const set = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Of TLS speaks who ends it: this is plain HTTP, where the header must not stand (RFC 6797, section 7.2).
    strictTransportSecurity: false,
    // These speak to browsers that are gone, or of what the policy above forbids already.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xXssProtection: false,
  })
  // All it does with a request and a reply is to set and to remove headers.
  set({} as never, collect as unknown as ServerResponse, () => undefined)
  return headers
}
