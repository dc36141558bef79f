import { z } from 'zod'
import { fieldsOf } from '../model/fields.ts'
import { markupTypes } from '../model/text.ts'
import type { Path } from './yaml/yaml-file.ts'

/** A text that people read, with its place in the value it was found in. */
export interface ReadText {
  path: Path
  text: string
  markup: 'code' | 'markdown'
}

/** Returns the valid texts in a value of a file, however deep. */
export const textsIn = (schema: z.ZodObject, value: unknown, path: Path = []): ReadText[] =>
  typeof value !== 'object' || value === null
    ? []
    : fieldsOf(schema).flatMap(({ name, type }) => {
        const member = (value as Record<string, unknown>)[name] // any object may be asked for any name
        if (Array.isArray(member)) return member.flatMap((one, index) => textOf(type, one, [...path, name, index]))
        return textOf(type, member, [...path, name])
      })

const textOf = (type: z.ZodType, value: unknown, path: Path): ReadText[] => {
  if (type instanceof z.ZodObject) return textsIn(type, value, path)
  const markup = markupTypes.get(type)?.markup
  if (markup === undefined) return []
  const { success, data } = type.safeParse(value)
  return success ? [{ path, text: data as string, markup }] : [] // only texts have markup
}
