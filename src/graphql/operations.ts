import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type VariableDefinitionNode,
  validate,
} from 'graphql'
import type { CompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'
import { RequestError } from './errors.ts'
import { limitAliases, limitDepth } from './limits.ts'

/** A document that was validated and executed. */
interface ValidDocument {
  /** Parsed on its second use; until then only its text takes memory. */
  document: DocumentNode | undefined
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

const validationRules = [...specifiedRules, limitDepth, limitAliases]

/**
 * Parses and executes documents. The first time graphql validates and executes a document; from the second time on an operation is
 * code that graphql-jit has compiled. One entry of the cache takes up to 2 MB, so its limit is in bytes. Invalid documents do not enter it.
 */
export const createOperations = (schema: GraphQLSchema, bytes = defaultBytes) => {
  const cache = new LRUCache<string, ValidDocument>({ maxSize: bytes, sizeCalculation: sizeOf })

  /** Returns the compiled operation of a cached document; null if there is none. */
  const compiledOperation = async (
    query: string,
    operationName: string | undefined,
  ): Promise<CompiledQuery['query'] | null> => {
    const valid = cache.get(query)
    if (valid === undefined) return null
    const existing = valid.compiled.get(operationName)
    if (existing !== undefined) return existing
    const document = valid.document ?? parseDocument(query)
    const { compileQuery, isCompiledQuery } = await import('graphql-jit') // loaded late: it takes 6 MB
    const compiled = compileQuery(schema, document, operationName)
    const run = isCompiledQuery(compiled) ? compiled.query : null
    cache.set(query, { document, compiled: new Map([...valid.compiled, [operationName, run]]) })
    return run
  }

  return {
    cache,
    /** Returns the parsed document, valid or not; throws a RequestError at a syntax error. */
    parse: (query: string): DocumentNode => cache.get(query)?.document ?? parseDocument(query),
    execute: async ({ query, operationName, variables, context }: Operation): Promise<ExecutionResult> => {
      const run = await compiledOperation(query, operationName)
      if (run !== null) return run({}, context, variables)
      const document = parseDocument(query)
      const errors = validate(schema, document, validationRules)
      if (errors.length > 0) throw new RequestError(errors)
      const result = await execute({
        schema,
        document,
        contextValue: context,
        variableValues: variables,
        operationName,
      })
      if (!cache.has(query)) cache.set(query, { document: undefined, compiled: new Map() })
      return result
    },
    /** Returns the errors of invalid variables, with messages that name them; `existing` if all are valid. */
    variableErrors: ({ query, operationName, variables }: Omit<Operation, 'context'>, existing: readonly unknown[]) => {
      const operation = getOperationAST(parseDocument(query), operationName) as OperationDefinitionNode // it was found before
      const definitions = operation.variableDefinitions as VariableDefinitionNode[] // the parser always makes a list
      const { errors = existing } = getVariableValues(schema, definitions, variables, { maxErrors: 50 })
      return errors
    },
  }
}
export type Operations = ReturnType<typeof createOperations>

/** Estimates the memory of a document with its compiled operations: by token, and by character for comments and long names. */
const sizeOf = ({ document, compiled }: ValidDocument, query: string): number =>
  query.length * 2 +
  500 +
  (document === undefined ? 0 : Number(document.tokenCount) * 1_000 * compiled.size + query.length * 30)

const parseDocument = (query: string): DocumentNode => {
  try {
    return parse(query, { maxTokens })
  } catch (error) {
    throw new RequestError([error], undefined, 'GRAPHQL_PARSE_FAILED')
  }
}
