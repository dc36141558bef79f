import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { nameOf, scalarOf, typeOf } from './type-names.ts'

/** What is written of each noun, derived as the object types are: what the server says is left out. */
export const inputTypes = (): string[] => {
  const found = new Map<string, z.ZodObject>()
  const visit = (type: z.ZodType): void => {
    if (!(type instanceof z.ZodObject) || found.has(nameOf(type))) return
    found.set(nameOf(type), type)
    for (const field of written(type)) visit(field.type)
  }
  for (const noun of nouns) visit(schemas[noun])
  return [...found.values()].map(definition)
}

const written = (type: z.ZodObject): Field[] => fieldsOf(type).filter(({ readonly }) => !readonly)

const definition = (type: z.ZodObject): string => {
  const fields = written(type).map(
    field => `  """${field.description}"""\n  ${field.name}: ${typeOfInput(field)}${isNeeded(type, field) ? '!' : ''}`,
  )
  return `"""${type.description}"""\ninput ${nameOf(type)}Input {\n${fields.join('\n')}\n}`
}

/** References are written as ids or keys are: by name. */
const typeOfInput = (field: Field): string => {
  const { type, references } = field
  const one = references !== undefined ? 'ID' : type instanceof z.ZodObject ? `${nameOf(type)}Input` : scalarOf(type)
  return field.list ? `[${one}!]` : one
}

const isNeeded = (type: z.ZodObject, { name }: Field): boolean =>
  !(type.shape[name] as z.ZodType).safeParse(undefined).success // zod types a shape's values as its core type

export const mutation = (): string => `type Mutation {\n${nouns.flatMap(mutationsOf).join('\n')}\n}`

const mutationsOf = (noun: Noun): string[] => [
  `  """Makes the ${noun} of this key, or puts another in its place: then \`ifMatch\` is the \`etag\` that was read."""\n  put${typeOf(noun)}(ref: ID!, input: ${typeOf(noun)}Input!, ifMatch: String): ${typeOf(noun)}!`,
  `  """Takes a ${noun} away${noun === 'track' ? ', with all that is in it' : ''}, and answers its id. \`ifMatch\` is the \`etag\` that was read."""\n  delete${typeOf(noun)}(ref: ID!, ifMatch: String): ID!`,
]
