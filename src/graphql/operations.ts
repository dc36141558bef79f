import fastify from 'fastify'
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  type VariableDefinitionNode,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'
import { RequestError } from './errors.ts'
import { limitAliases, limitDepth } from './limits.ts'
import { type SelectedFields, selectedFields } from './selected-fields.ts'

/** A document that was validated and executed. */
interface ValidDocument {
  /** Parsed on its second use; until then only its text takes memory. */
  document: DocumentNode | undefined
  fields: SelectedFields
  /** By operation name; null if graphql-jit cannot compile the operation. */
  compiled: Map<string | undefined, CompiledQuery['query'] | null>
}

/** One operation of a document to execute. */
interface Operation {
  query: string
  operationName: string | undefined
  variables: Record<string, unknown>
  context: Record<string, unknown>
}

const maxTokens = 2_000

/** Memory for compiled operations of each process, in bytes: some hundred of usual length. */
const defaultBytes = 16 * 1024 * 1024

/**
 * Parses and executes documents. The first time mercurius validates and executes a document; from the second time on an operation is
 * code that graphql-jit has compiled. One entry of the cache takes up to 2 MB, so its limit is in bytes. Invalid documents do not enter it.
 */
export const createOperations = (schema: GraphQLSchema, bytes = defaultBytes) => {
  const cache = new LRUCache<string, ValidDocument>({ maxSize: bytes, sizeCalculation: sizeOf })
  let executor: ReturnType<typeof startMercurius> | undefined

  /** Returns the compiled operation of a cached document; null if there is none. */
  const compiledOperation = (query: string, operationName: string | undefined): CompiledQuery['query'] | null => {
    const valid = cache.get(query)
    if (valid === undefined) return null
    const existing = valid.compiled.get(operationName)
    if (existing !== undefined) return existing
    const document = valid.document ?? parseDocument(query)
    const compiled = compileQuery(schema, document, operationName)
    const run = isCompiledQuery(compiled) ? compiled.query : null
    cache.set(query, { ...valid, document, compiled: new Map([...valid.compiled, [operationName, run]]) })
    return run
  }

  const selectFields = (query: string): SelectedFields =>
    cache.get(query)?.fields ?? selectedFields(schema, parseDocument(query))

  return {
    cache,
    /** Returns the parsed document, valid or not; throws a RequestError at a syntax error. */
    parse: (query: string): DocumentNode => cache.get(query)?.document ?? parseDocument(query),
    execute: async ({ query, operationName, variables, context }: Operation): Promise<ExecutionResult> => {
      const run = compiledOperation(query, operationName)
      if (run !== null) return run({}, context, variables)
      executor ??= startMercurius(schema)
      const result = await (await executor)
        .graphql(query, context, variables, operationName)
        .catch(({ errors }: { errors: readonly unknown[] }) => {
          throw new RequestError(errors) // the document was parsed before, so only its validation can fail
        })
      if (!cache.has(query)) cache.set(query, { document: undefined, fields: selectFields(query), compiled: new Map() })
      return result
    },
    selectFields,
    /** Returns the errors of invalid variables, with messages that name them; `existing` if all are valid. */
    variableErrors: ({ query, operationName, variables }: Omit<Operation, 'context'>, existing: readonly unknown[]) => {
      const operation = getOperationAST(parseDocument(query), operationName) as OperationDefinitionNode // it was found before
      const definitions = operation.variableDefinitions as VariableDefinitionNode[] // the parser always makes a list
      const { errors = existing } = getVariableValues(schema, definitions, variables, { maxErrors: 50 })
      return errors
    },
  }
}
/**
 * Starts mercurius at the first query, because it takes 10 MB. It is a plugin of Fastify and executes as a decorator of a server, here
 * one that never listens, since the route of ours is another (see graphql.ts). Its own caches and its `jit` option are off: their limit
 * is a number of entries, and one entry takes up to 1.8 MB, an invalid document with a hundred errors for example.
 */
const startMercurius = async (schema: GraphQLSchema) => {
  const { default: mercurius } = await import('mercurius')
  const server = fastify()
  await server.register(mercurius, {
    schema,
    routes: false,
    cache: false,
    validationRules: [limitDepth, limitAliases],
    errorFormatter: execution => ({ statusCode: 200, response: execution }),
  })
  await server.ready()
  return server
}

export type Operations = ReturnType<typeof createOperations>

/** Estimates the memory of a document with its compiled operations: by token, and by character for comments and long names. */
const sizeOf = ({ document, compiled }: ValidDocument, query: string): number =>
  query.length * 2 +
  1_500 +
  (document === undefined ? 0 : Number(document.tokenCount) * 1_000 * compiled.size + query.length * 30)

const parseDocument = (query: string): DocumentNode => {
  try {
    return parse(query, { maxTokens })
  } catch (error) {
    throw new RequestError([error], undefined, 'GRAPHQL_PARSE_FAILED')
  }
}
