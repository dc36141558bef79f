import { z } from 'zod'
import { badParameter, Failure } from '../errors.ts'
import { rejectLoneSurrogates } from '../query/body-text.ts'
import { findTooDeepPath, tooDeep } from '../text/nesting.ts'

const maxQueryBytes = 16 * 1024

const jsonObject = z.record(z.string(), z.unknown())
const Body = z.object({
  query: z.string('"query" must be a string').nullish(),
  operationName: z.string('"operationName" must be a string').nullish(),
  variables: jsonObject.nullish(),
  extensions: jsonObject.nullish(),
})

/** A GraphQL request, from a POST body or from the query string of a GET. */
export interface GraphQLRequest {
  query: string | undefined
  operationName: string | undefined
  variables: Record<string, unknown>
  /** SHA-256 of the query, which may be sent alone if the server knows the query (Apollo's automatic persisted queries). */
  hash: string | undefined
}

/** Validates the JSON body of a request. */
export const readBody = (body: unknown): GraphQLRequest => {
  const read = Body.safeParse(body)
  if (!read.success)
    throw new Failure(
      'BAD_USER_INPUT',
      'The body must be a JSON object with "query" and, if needed, "variables", "operationName" and "extensions".',
    )
  const { query, operationName, variables, extensions } = read.data
  if (query && Buffer.byteLength(query) > maxQueryBytes)
    throw new Failure('COST_LIMIT', `The query is longer than ${maxQueryBytes} bytes.`)
  return {
    query: query ?? undefined,
    operationName: operationName ?? undefined,
    variables: variables ?? {},
    hash: persistedQueryHash(extensions),
  }
}

/** Reads a request from the query string, in which variables and extensions are JSON (GraphQL over HTTP, section 6.1). */
export const readUrl = (query: unknown): GraphQLRequest => {
  const parameters = jsonObject.parse(query)
  return readBody({
    ...parameters,
    variables: jsonParameter(parameters, 'variables'),
    extensions: jsonParameter(parameters, 'extensions'),
    operationName: parameters.operationName === '' ? null : parameters.operationName,
  })
}

const jsonParameter = (parameters: Record<string, unknown>, name: string): unknown => {
  const text = parameters[name]
  if (text === undefined || text === '') return undefined
  if (findTooDeepPath(String(text)) !== undefined) throw badParameter(name, `"${name}" ${tooDeep}.`)
  const value = parseJson(String(text), name)
  rejectLoneSurrogates(value, String(text))
  return value
}

const parseJson = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Failure('BAD_USER_INPUT', `"${name}" in the URL must be JSON.`, { cause })
  }
}

const PersistedQueryExtension = z.object({
  persistedQuery: z.object({ version: z.literal(1), sha256Hash: z.string().regex(/^[0-9a-f]{64}$/) }),
})

const persistedQueryHash = (extensions: Record<string, unknown> | null | undefined): string | undefined => {
  if (extensions?.persistedQuery === undefined) return undefined
  const read = PersistedQueryExtension.safeParse(extensions)
  if (!read.success)
    throw new Failure(
      'BAD_USER_INPUT',
      '"persistedQuery" must have "version": 1 and "sha256Hash" with 64 hexadecimal digits.',
    )
  return read.data.persistedQuery.sha256Hash
}
