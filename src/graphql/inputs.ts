import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { objectTypeName, scalarTypeName, nounTypeName } from './type-names.ts'

/** What is written of each noun, derived as the object types are: what the server says is left out. */
export const inputTypes = (): string[] => {
  const found = new Map<string, z.ZodObject>()
  const visit = (type: z.ZodType): void => {
    if (!(type instanceof z.ZodObject) || found.has(objectTypeName(type))) return
    found.set(objectTypeName(type), type)
    for (const field of writableFields(type)) visit(field.type)
  }
  for (const noun of nouns) visit(schemas[noun])
  return [...found.values()].map(inputDefinition)
}

const writableFields = (type: z.ZodObject): Field[] => fieldsOf(type).filter(({ readonly }) => !readonly)

const inputDefinition = (type: z.ZodObject): string => {
  const fields = writableFields(type).map(
    field => `  """${field.description}"""\n  ${field.name}: ${inputFieldType(field)}${isRequired(type, field) ? '!' : ''}`,
  )
  return `"""${type.description}"""\ninput ${objectTypeName(type)}Input {\n${fields.join('\n')}\n}`
}

/** References are written as ids or keys are: by name. */
const inputFieldType = (field: Field): string => {
  const { type, references } = field
  const one = references !== undefined ? 'ID' : type instanceof z.ZodObject ? `${objectTypeName(type)}Input` : scalarTypeName(type)
  return field.list ? `[${one}!]` : one
}

const isRequired = (type: z.ZodObject, { name }: Field): boolean =>
  !(type.shape[name] as z.ZodType).safeParse(undefined).success // zod types a shape's values as its core type

export const mutationType = (): string => `type Mutation {\n${nouns.flatMap(mutationFields).join('\n')}\n}`

const mutationFields = (noun: Noun): string[] => [
  `  """Makes the ${noun} of this key, or puts another in its place: then \`ifMatch\` is the \`etag\` that was read."""\n  put${nounTypeName(noun)}(ref: ID!, input: ${nounTypeName(noun)}Input!, ifMatch: String): ${nounTypeName(noun)}!`,
  `  """Takes a ${noun} away${noun === 'track' ? ', with all that is in it' : ''}, and answers its id. \`ifMatch\` is the \`etag\` that was read."""\n  delete${nounTypeName(noun)}(ref: ID!, ifMatch: String): ID!`,
]
