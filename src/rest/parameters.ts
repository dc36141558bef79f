import { z } from 'zod'
import { mustBeWholeNumber } from '../query/explain.ts'

/** The OpenAPI description of a parameter, whose zod type only defines how it is parsed. */
export const parameterDocs = z.registry<{ schema: Record<string, unknown>; description: string; example: unknown }>()

/** Placeholder for the example of a cursor, which `generate` replaces by that of the example request. */
export const exampleCursor = 'cursor'

const text = z
  .string({ error: ({ input }) => (Array.isArray(input) ? 'is given twice: once is enough' : undefined) })
  .max(2_000, { abort: true })

/** Parses values separated by commas, or in repeated parameters. Sorted, so that equal queries have one cache key. */
const list = z
  .preprocess(given => [given].flat(), z.array(z.string().max(8_000)).max(100))
  .transform(given => [...new Set(given.flatMap(one => one.split(',')))].sort())

const listDocs = (items: Record<string, unknown>, description: string, example: string) => ({
  schema: { type: 'array', items, minItems: 1, maxItems: 100 },
  description,
  example: [example],
})

export const listParameter = (items: Record<string, unknown>, description: string, example: string) =>
  list.optional().register(parameterDocs, listDocs(items, description, example))

export const requiredListParameter = (items: Record<string, unknown>, description: string, example: string) =>
  list.clone().register(parameterDocs, listDocs(items, description, example))

export const choiceParameter = <W extends string>(list: readonly [W, ...W[]], description: string, example: string) =>
  z
    .enum(list)
    .optional()
    .register(parameterDocs, { schema: { type: 'string', enum: [...list] }, description, example })

export const numberParameter = (range: { min: number; max: number; default: number }, description: string) => {
  const rule = mustBeWholeNumber(range.min, range.max)
  return text
    .regex(/^\d{1,9}$/, rule)
    .transform(Number)
    .pipe(z.int(rule).min(range.min).max(range.max))
    .default(range.default)
    .register(parameterDocs, {
      schema: { type: 'integer', format: 'int32', minimum: range.min, maximum: range.max, default: range.default },
      description,
      example: range.default,
    })
}

export const textParameter = (schema: Record<string, unknown>, description: string, example: string) =>
  text.optional().register(parameterDocs, {
    schema: { type: 'string', maxLength: 2_000, ...schema },
    description,
    example,
  })

export const requiredTextParameter = (schema: Record<string, unknown>, description: string, example: string) =>
  text
    .regex(/\S/, 'must not be empty')
    .register(parameterDocs, { schema: { type: 'string', maxLength: 2_000, ...schema }, description, example })
