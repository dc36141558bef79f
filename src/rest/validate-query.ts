import type { z } from 'zod'
import { Failure, type Place } from '../errors.ts'
import { asSentence, type Explanation, parseOrExplain } from '../query/explain.ts'
import { toBodyError } from '../query/validation-errors.ts'

/** Returns the parsed query parameters, or rejects with 400 and every invalid parameter. */
export const validateQuery = <Q extends z.ZodObject>(schema: Q, query: unknown): z.infer<Q> =>
  parseOrReject(schema, query, toParameterError, { subject: path => `"${String(path[0])}"`, member: 'parameter' })

const toParameterError = ({ path, message }: Explanation): Place => ({
  parameter: String(path[0]).slice(0, 80),
  message: asSentence(message),
})

/** Returns the parsed body of a query sent by POST, or rejects with 400 and every invalid place. */
export const validateQueryBody = <T>(schema: z.ZodObject & z.ZodType<T>, body: unknown): T =>
  parseOrReject(schema, body, toBodyError)

const parseOrReject = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  toPlace: (explanation: Explanation) => Place,
  naming: Parameters<typeof parseOrExplain>[2] = {},
): z.infer<S> => {
  const { data, explanations } = parseOrExplain(schema, value, { ...naming, limit: maxErrors })
  if (explanations === undefined) return data
  const errors = explanations.map(toPlace)
  throw new Failure('BAD_USER_INPUT', errors.map(({ message }) => message).join(' '), { errors })
}

/** Bounds the size of the error for a long query. */
const maxErrors = 20
