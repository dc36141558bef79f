import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { Failure } from '../errors.ts'
import { type ApiKeys, apiKeyId, hashApiKey, hashesAreEqual } from '../model/api-key.ts'
import { type Scope, scopes } from '../model/vocabulary.ts'
import { preferredType } from './media-types.ts'
import { pathOf } from './request.ts'
import { homeTypes } from './service-index.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The owner of the request's key, once it was authenticated. */
    caller: Caller | undefined
  }
}

export interface Caller {
  /** The name of the key. */
  name: string
  scope: Scope
}

export interface Authentication {
  /** Returns the caller, or rejects with 401 without a valid key and with 403 if the key lacks the scope. */
  require(request: FastifyRequest, scope: Scope): Promise<Caller>
  /** Returns the caller, whatever the scope of the key; rejects with 401 without a valid key. */
  identify(request: FastifyRequest): Promise<Caller>
  /** Returns `require` as a hook, which runs before the body is read. */
  requireHook(scope: Scope): onRequestAsyncHookHandler
}

export interface AuthenticationOptions {
  keys: Pick<ApiKeys, 'find' | 'recordUse'>
  /** A key of scope `admin` from the environment. */
  adminKey?: string | undefined
}

export const createAuthentication = ({ keys, adminKey }: AuthenticationOptions): Authentication => {
  const adminHash = adminKey === undefined ? undefined : hashApiKey(adminKey)
  const recordUse = createUseRecorder(keys)
  const findCaller = async (request: FastifyRequest): Promise<Caller> => {
    const token = tokenIn(request.headers.authorization)
    const hash = hashApiKey(token)
    if (adminHash !== undefined && hashesAreEqual(hash, adminHash)) return { name: 'ADMIN_KEY', scope: 'admin' }
    const id = apiKeyId(token)
    const key = id === undefined ? undefined : await keys.find(id)
    if (key === undefined || !hashesAreEqual(hash, key.hash)) throw unauthenticated('There is no such key.')
    if (key.revokedAt !== null) throw unauthenticated('The key was revoked.')
    if (key.expiresAt !== null && key.expiresAt <= new Date().toISOString())
      throw unauthenticated(`The key expired at ${key.expiresAt}.`)
    recordUse(key.id, request)
    return { name: key.name, scope: key.scope }
  }
  const identify = async (request: FastifyRequest): Promise<Caller> => {
    request.caller ??= await findCaller(request)
    return request.caller
  }
  const require = async (request: FastifyRequest, scope: Scope): Promise<Caller> => {
    const caller = await identify(request)
    if (scopes.indexOf(caller.scope) < scopes.indexOf(scope))
      throw new Failure(
        'FORBIDDEN',
        `This needs a key of scope "${scope}"; the key of the request has "${caller.scope}".`,
        {
          headers: { 'www-authenticate': `${challenge}, error="insufficient_scope", scope="${scope}"` },
        },
      )
    return caller
  }
  return {
    identify,
    require,
    requireHook: scope => async request => {
      await require(request, scope)
    },
  }
}

/** Requires a key of scope `read` for every path but those that describe the service and its state. */
export const requireReadKey = (app: FastifyInstance, { require }: Authentication): void => {
  app.addHook('onRequest', async request => {
    if (request.method !== 'OPTIONS' && (!isPublicPath(pathOf(request)) || isForHomePage(request)))
      await require(request, 'read')
  })
}

const publicPaths =
  /^\/($|healthz$|readyz$|metrics$|openapi\.(json|yaml)$|docs($|\/)|assets\/|graphiql$|ims\/case\/v1p[01]\/discovery\/|favicon\.ico$|apple-touch-icon\.png$|site\.png$|embed\.js$|robots\.txt$)/
const isPublicPath = (path: string): boolean => publicPaths.test(path)

/** Returns true for the home page, which shows the tracks; at the same path, programs get the index of the service. */
const isForHomePage = (request: FastifyRequest): boolean =>
  pathOf(request) === '/' && preferredType(request.headers.accept ?? '', homeTypes(true)) === 'text/html'

/** RFC 6750, section 3. */
const challenge = 'Bearer realm="curriculum"'

const unauthenticated = (message: string): Failure =>
  new Failure('UNAUTHENTICATED', `${message} Send a valid key as "Authorization: Bearer …".`, {
    headers: { 'www-authenticate': `${challenge}, error="invalid_token"` },
  })

/** Returns the token of an `Authorization: Bearer` header (RFC 6750, section 2.1), or rejects with 401. */
const tokenIn = (header: string | undefined): string => {
  const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(header ?? '')?.[1]
  if (token !== undefined) return token
  throw new Failure('UNAUTHENTICATED', 'This needs a key: send it as "Authorization: Bearer …".', {
    headers: { 'www-authenticate': challenge },
  })
}

/** The least time between two records of the use of one key, in milliseconds: a record is a write to the database. */
const recordInterval = 60_000

const createUseRecorder = (keys: Pick<ApiKeys, 'recordUse'>) => {
  const lastRecorded = new Map<string, number>()
  return (id: string, request: FastifyRequest): void => {
    const now = performance.now()
    if (now - (lastRecorded.get(id) ?? Number.NEGATIVE_INFINITY) < recordInterval) return
    lastRecorded.set(id, now)
    keys
      .recordUse(id, new Date().toISOString())
      .catch((err: unknown) => request.log.warn({ reqId: request.id, err }, 'the use of a key was not noted'))
  }
}
