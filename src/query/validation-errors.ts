import type { z } from 'zod'
import { Failure, type Place } from '../errors.ts'
import { asSentence, type Explanation, parseOrExplain } from './explain.ts'

/** An invalid place in a body. */
export type BodyError = Extract<Place, { pointer: string }>

/** Returns the parsed body, or rejects it with 422 and every error. */
export const parseBody = <S extends z.ZodType>(schema: S, body: unknown): z.infer<S> => {
  const { data, explanations } = parseOrExplain(schema, body)
  if (explanations === undefined) return data
  throw unprocessable(explanations.map(toBodyError))
}

export const toBodyError = ({ path, message }: Pick<Explanation, 'path' | 'message'>): BodyError => ({
  pointer: pointerTo(path),
  message: asSentence(message),
})

/** Returns a JSON pointer (RFC 6901, section 3), cut to whole segments if it would be longer than `longestPointer`. */
export const pointerTo = (path: readonly PropertyKey[]): string => {
  let pointer = ''
  for (const part of path) {
    const step = `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (pointer.length + step.length > longestPointer) break
    pointer += step
  }
  return pointer
}

/** In characters. A name can be as long as the body. */
const longestPointer = 1_000

/** Returns the 422 with every error of a body, up to `maxErrors`. */
export const unprocessable = (mistakes: Place[]): Failure => {
  const listed = mistakes.slice(0, maxErrors)
  const more = mistakes.length > maxErrors ? ` And ${mistakes.length - maxErrors} more.` : ''
  return new Failure(
    'UNPROCESSABLE',
    `${listed
      .slice(0, 5)
      .map(({ message }) => message)
      .join(' ')}${more}`,
    { errors: listed },
  )
}

/** Bounds the size of a 422. */
const maxErrors = 100
