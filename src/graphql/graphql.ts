import { createHash } from 'node:crypto'
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Catalog, Writer } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Authentication } from '../http/authentication.ts'
import { jsonParser } from '../http/body-parsing.ts'
import { rawCacheKeyWith } from '../http/cache-key.ts'
import { negotiateMediaType } from '../http/media-types.ts'
import type { Metrics, OperationType } from '../http/metrics.ts'
import type { RenderedResponse } from '../http/response-cache.ts'
import type { ResponseCache } from '../http/response-cache-fast-path.ts'
import { decodeBody } from '../query/body-text.ts'
import { graphqlOperation } from '../runtime/diagnostics.ts'
import { createExecutionContext, type WriteAccess } from './context.ts'
import { RequestError, sendErrors } from './errors.ts'
import { createOperations, type Operations } from './operations.ts'
import { type GraphQLRequest, readBody, readUrl } from './request.ts'
import { resolvers } from './resolvers.ts'
import { typeDefinitions } from './type-definitions.ts'

export const graphqlSchema = (): GraphQLSchema =>
  makeExecutableSchema({ typeDefs: typeDefinitions(), resolvers: resolvers() })

/** Memory for the texts of persisted queries of each process, in bytes. */
const persistedBytes = 4 * 1024 * 1024

/**
 * GraphQL over HTTP by a route of our own: mercurius executes queries, but its route refuses `extensions: null`,
 * takes a query that is no GraphQL, and answers request errors as if they were answers.
 */
export const addGraphql = async (
  app: FastifyInstance,
  catalog: Catalog,
  answers: ResponseCache,
  metrics: Metrics,
  writer: Writer,
  callers: Authentication,
): Promise<void> => {
  const schema = graphqlSchema()
  const operations = await createOperations(app, schema)
  const persisted = new LRUCache<string, string>({
    maxSize: persistedBytes,
    sizeCalculation: query => query.length * 2 + 200,
  })
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    read: () => GraphQLRequest,
  ): Promise<FastifyReply> => {
    const type = negotiateMediaType(request, mediaTypes)
    let operation: OperationType = 'unknown'
    let name: string | undefined
    const count = (outcome: 'answered' | 'failed'): void => {
      metrics.countOperation(operation, outcome)
      graphqlOperation.publish({ request: request.raw, type: operation, name })
    }
    try {
      const asking = answers.parseOnce(request, () => {
        const asked = read()
        const query = queryText(asked, persisted)
        operation = operationType(operations.parse(query), asked.operationName, request.method)
        return {
          operation,
          key: JSON.stringify(['graphql', query, asked.operationName, sortKeys(asked.variables), type]),
          query,
          asked,
        }
      })
      const { key, query, asked } = asking
      operation = asking.operation
      name = asked.operationName
      rejectUnknownType(schema, operation)
      if (operation === 'mutation') {
        const { name: by } = await callers.require(request, 'write')
        await sendMutationResult(reply, await execute(operations, request, catalog, { writer, by }, query, asked, type))
      } else
        await answers.send(request, reply, key, noting =>
          execute(operations, request, noting, undefined, query, asked, type),
        )
      if (asked.hash !== undefined) persisted.set(asked.hash, query)
      count('answered')
      return reply
    } catch (error) {
      count('failed')
      return sendErrors(request, reply, type, error)
    }
  }
  app.get('/graphql', (request, reply) => answer(request, reply, () => readUrl(request.query)))
  app.register(async scope => {
    const parseJson = jsonParser(scope)
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_request: FastifyRequest, bytes: Buffer) => decodeBody(bytes),
    )
    scope.post('/graphql', async (request: FastifyRequest<{ Body: string | undefined }>, reply) => {
      const { body = '' } = request
      request.rawCacheKey = rawCacheKeyWith(request, body)
      if (answers.sendCached(request.rawCacheKey, request.raw, reply.raw, () => request) !== undefined)
        return reply.hijack()
      const read = parseJson(request, body)
      return answer(request, reply, () => readBody(read))
    })
  })
}

/** Clients from before the media type of GraphQL responses get plain JSON. */
const mediaTypes = ['application/json', 'application/graphql-response+json']

const queryText = ({ query, hash }: GraphQLRequest, persisted: LRUCache<string, string>): string => {
  if (hash === undefined) {
    if (query === undefined || query.trim() === '')
      throw new Failure('BAD_USER_INPUT', 'There is no "query" in the request.')
    return query
  }
  const known = query ?? persisted.get(hash)
  if (known === undefined)
    throw new RequestError([{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }])
  if (createHash('sha256').update(known).digest('hex') !== hash)
    throw new Failure('BAD_USER_INPUT', 'The "sha256Hash" is not that of the query.')
  return known
}

/** What it is, before mercurius sees it: it would take JSON for a query, and an operation that is not there for one that is. */
const operationType = (document: DocumentNode, operationName: string | undefined, method: string): OperationType => {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined)
    throw new RequestError([
      {
        message:
          operationName === undefined
            ? 'The document has several operations: "operationName" says which.'
            : `There is no operation called "${operationName}" in the document.`,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
  if (method !== 'POST' && operation.operation !== 'query')
    throw new Failure('METHOD_NOT_ALLOWED', 'By GET only queries are carried out; send it by POST.', {
      headers: { allow: 'POST' },
    })
  return operation.operation
}

/** Refuses a type of operation that the schema does not have: executed, it would be an answer without data. */
const rejectUnknownType = (schema: GraphQLSchema, operation: OperationType): void => {
  const known: Partial<Record<OperationType, unknown>> = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }
  if (!known[operation])
    throw new RequestError([
      { message: `There is no ${operation} here.`, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ])
}

/** A request that is answered with so many nodes counts as two, and so on. */
const nodesPerRequest = 1_000

const execute = async (
  operations: Operations,
  request: FastifyRequest,
  catalog: Catalog,
  writing: WriteAccess | undefined,
  query: string,
  { operationName, variables }: GraphQLRequest,
  type: string,
): Promise<RenderedResponse> => {
  const shared = createExecutionContext(catalog, writing)
  const context: Record<string, unknown> = { ...shared }
  const executed = operations.execute({ query, operationName, variables, context })
  const { data, errors = [] } = await Promise.race([executed, shared.refused.catch(limitResult)])
  request.charge(Math.floor(shared.nodeCount() / nodesPerRequest))
  // Nothing was executed. Compiled code words it otherwise than graphql: a client gets the same message each time.
  if (data === undefined) throw new RequestError(operations.variableErrors({ query, operationName, variables }, errors))
  if (errors.length > 0) throw new RequestError(errors, data)
  return {
    body: JSON.stringify({ data }),
    type: `${type}; charset=utf-8`,
    headers: { vary: 'Accept, Accept-Encoding' },
  }
}

/** Of a query that reaches too much nothing is answered. */
const limitResult = (error: unknown): { data: unknown; errors: readonly unknown[] } => ({
  data: null,
  errors: [error],
})

const sendMutationResult = async (reply: FastifyReply, { body, type, headers }: RenderedResponse): Promise<void> => {
  await reply.headers({ ...headers, 'content-type': type, 'cache-control': 'no-store' }).send(body)
}

/** So that the same variables in another order are the same question. */
const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sortKeys(one)]),
  )
}
