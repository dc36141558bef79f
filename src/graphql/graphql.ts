import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  buildSchema,
  type DocumentNode,
  type GraphQLEnumType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Catalog, Writer } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Authentication } from '../http/authentication.ts'
import { canonicalCacheKey } from '../http/cache-key.ts'
import { negotiateMediaType } from '../http/media-types.ts'
import type { Metrics, OperationType } from '../http/metrics.ts'
import type { RenderedResponse } from '../http/rendered-response.ts'
import type { ResponseCache } from '../http/response-cache.ts'
import { graphqlOperation } from '../runtime/diagnostics.ts'
import { createExecutionContext, type ExecutionContext, type WriteAccess } from './context.ts'
import { RequestError, sendErrors } from './errors.ts'
import { createOperations, type Operations } from './operations.ts'
import type { GraphQLRequest } from './request.ts'
import { fieldResolvers, nodeTypeName } from './resolvers.ts'
import { typeDefinitions } from './type-definitions.ts'

type ObjectType = GraphQLObjectType<Record<string, unknown>, ExecutionContext>
type Field = ReturnType<ObjectType['getFields']>[string]

/** Builds the schema from the definitions of its types, and adds the resolvers. */
export const graphqlSchema = (): GraphQLSchema => {
  const schema = buildSchema(typeDefinitions())
  for (const tier of (schema.getType('Tier') as GraphQLEnumType).getValues()) tier.value = tier.name.toLowerCase()
  ;(schema.getType('Node') as GraphQLInterfaceType).resolveType = nodeTypeName
  for (const [type, resolvers] of Object.entries(fieldResolvers())) {
    const fields = (schema.getType(type) as ObjectType).getFields() // only object types have resolvers
    for (const [name, resolve] of Object.entries(resolvers)) (fields[name] as Field).resolve = resolve // each is defined
  }
  return schema
}

/** The memory limit for persisted queries in each process, in bytes. */
const persistedBytes = 4 * 1024 * 1024

/** Answers a request whose body or query string `readRequest` parses. */
export type Respond = (
  request: FastifyRequest,
  reply: FastifyReply,
  readRequest: () => GraphQLRequest,
) => Promise<FastifyReply>

/**
 * Creates the function that answers all GraphQL requests. mercurius executes queries, but not its route: that rejects `extensions: null`,
 * accepts queries that are not GraphQL, and sends request errors with status 200.
 */
export const createResponder = (
  catalog: Catalog,
  responseCache: ResponseCache,
  metrics: Metrics,
  writer: Writer,
  authentication: Authentication,
): Respond => {
  const schema = graphqlSchema()
  const operations = createOperations(schema)
  const persistedQueries = new LRUCache<string, string>({
    maxSize: persistedBytes,
    sizeCalculation: query => query.length * 2 + 200,
  })
  return async (request, reply, readRequest) => {
    const type = negotiateMediaType(request, mediaTypes)
    let operation: OperationType = 'unknown'
    let name: string | undefined
    const count = (outcome: 'answered' | 'failed'): void => {
      metrics.countOperation(operation, outcome)
      graphqlOperation.publish({ request: request.raw, type: operation, name })
    }
    try {
      const parsed = responseCache.parseOnce(request, () => {
        const graphqlRequest = readRequest()
        const query = queryText(graphqlRequest, persistedQueries)
        operation = operationType(operations.parse(query), graphqlRequest.operationName, request.method)
        return {
          operation,
          key: canonicalCacheKey(
            'graphql',
            query,
            graphqlRequest.operationName,
            sortKeys(graphqlRequest.variables),
            type,
          ),
          query,
          graphqlRequest,
        }
      })
      const { key, query, graphqlRequest } = parsed
      operation = parsed.operation
      name = graphqlRequest.operationName
      rejectUnknownType(schema, operation)
      if (operation === 'mutation') {
        const { name: by } = await authentication.require(request, 'write')
        await sendMutationResult(
          reply,
          await execute(operations, request, catalog, { writer, by }, query, graphqlRequest, type),
        )
      } else
        await responseCache.send(request, reply, key, trackingCatalog =>
          execute(operations, request, trackingCatalog, undefined, query, graphqlRequest, type),
        )
      if (graphqlRequest.hash !== undefined) persistedQueries.set(graphqlRequest.hash, query)
      count('answered')
      return reply
    } catch (error) {
      count('failed')
      return sendErrors(request, reply, type, error)
    }
  }
}

/** Clients older than the media type of GraphQL responses get plain JSON. */
const mediaTypes = ['application/json', 'application/graphql-response+json']

const queryText = ({ query, hash }: GraphQLRequest, persistedQueries: LRUCache<string, string>): string => {
  if (hash === undefined) {
    if (query === undefined || query.trim() === '') throw new Failure('BAD_USER_INPUT', 'The request has no "query".')
    return query
  }
  const text = query ?? persistedQueries.get(hash)
  if (text === undefined)
    throw new RequestError([{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }])
  if (createHash('sha256').update(text).digest('hex') !== hash)
    throw new Failure('BAD_USER_INPUT', '"sha256Hash" is not the hash of the query.')
  return text
}

/** Returns the type of the requested operation; rejects an operation that the document does not have, or that GET may not execute. */
const operationType = (document: DocumentNode, operationName: string | undefined, method: string): OperationType => {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined)
    throw new RequestError([
      {
        message:
          operationName === undefined
            ? 'The document has several operations: name one in "operationName".'
            : `The document has no operation "${operationName}".`,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
  if (method !== 'POST' && operation.operation !== 'query')
    throw new Failure('METHOD_NOT_ALLOWED', 'GET executes only queries: send this operation by POST.', {
      headers: { allow: 'POST' },
    })
  return operation.operation
}

/** Rejects a type of operation that the schema does not have: executed, it would be a response without data. */
const rejectUnknownType = (schema: GraphQLSchema, operation: OperationType): void => {
  const types: Partial<Record<OperationType, unknown>> = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }
  if (!types[operation])
    throw new RequestError([
      { message: `The schema has no ${operation} type.`, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ])
}

/** The rate limit counts one more request for each 1,000 nodes. */
const nodesPerRequest = 1_000

const execute = async (
  operations: Operations,
  request: FastifyRequest,
  catalog: Catalog,
  writeAccess: WriteAccess | undefined,
  query: string,
  { operationName, variables }: GraphQLRequest,
  type: string,
): Promise<RenderedResponse> => {
  const executionContext = createExecutionContext(catalog, writeAccess, operations.selectFields(query))
  const context: Record<string, unknown> = { ...executionContext }
  const executed = operations.execute({ query, operationName, variables, context })
  const { data, errors = [] } = await Promise.race([executed, executionContext.limitExceeded.catch(limitResult)])
  request.charge(Math.floor(executionContext.nodeCount() / nodesPerRequest))
  // Nothing was executed. Compiled code has other messages than graphql: a client gets the same message each time.
  if (data === undefined) throw new RequestError(operations.variableErrors({ query, operationName, variables }, errors))
  if (errors.length > 0) throw new RequestError(errors, data)
  return {
    body: JSON.stringify({ data }),
    type: `${type}; charset=utf-8`,
    headers: { vary: 'Accept, Accept-Encoding' },
  }
}

/** Returns the result of a query that exceeds the limit of nodes: no data at all. */
const limitResult = (error: unknown): { data: unknown; errors: readonly unknown[] } => ({
  data: null,
  errors: [error],
})

const sendMutationResult = async (reply: FastifyReply, { body, type, headers }: RenderedResponse): Promise<void> => {
  await reply.headers({ ...headers, 'content-type': type, 'cache-control': 'no-store' }).send(body)
}

/** Sorts the names in variables, so that their order does not change the cache key. */
const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sortKeys(one)]),
  )
}
