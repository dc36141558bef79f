import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { nounTypeName } from './type-definitions.ts'

/** The fields of each noun that a document selects anywhere, and those that resolvers need; undefined for all fields. */
export type SelectedFields = Readonly<Record<Noun, readonly string[] | undefined>>

/** Returns the selected fields of a document. Items are then read with these fields alone. */
export const selectedFields = (schema: GraphQLSchema, document: DocumentNode): SelectedFields => {
  const byType = new Map<string, Set<string>>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ name: { value } }) => {
        const parent = types.getParentType()?.name ?? ''
        byType.set(parent, (byType.get(parent) ?? new Set()).add(value))
      },
    }),
  )
  const fieldsFor = (noun: Noun): readonly string[] | undefined => {
    const selected = byType.get(nounTypeName(noun)) ?? new Set()
    if (selected.has('etag')) return undefined
    return fieldsOf(schemas[noun]).flatMap(({ name }) => (selected.has(name) || neededFields.has(name) ? [name] : []))
  }
  return Object.fromEntries(nouns.map(noun => [noun, fieldsFor(noun)])) as SelectedFields // one entry for each noun
}

/** The fields that resolvers need, or that the interface `Node` selects. */
const neededFields = new Set(['id', 'key', 'track', 'category'])
