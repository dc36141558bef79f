import { z } from 'zod'
import { type Catalog, parseItems, type StoredItem } from '../catalog.ts'
import { type Item, schemas } from '../model/curriculum.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { parseChoice } from '../query/filters.ts'
import { listParameter } from './parameters.ts'

type Edge = Field & { references: Noun }

/** Returns the fields of a noun that hold keys: each can be included, and the sources of its mentions. */
const edgesOf = (noun: Noun): Edge[] =>
  fieldsOf(schemas[noun]).filter(
    (field): field is Edge =>
      field.references !== undefined && field.references !== 'any' && !(noun === 'track' && field.name === 'track'),
  )

export const includableNames = (noun: Noun): string[] => [
  ...edgesOf(noun).map(({ name }) => name),
  ...('mentions' in schemas[noun].shape ? ['sources'] : []),
]

export const includeParameter = (noun: Noun) =>
  listParameter(
    { type: 'string', enum: includableNames(noun) },
    'Names of fields that hold keys. The nouns they refer to are sent under `included`, each once.',
    String(includableNames(noun)[1] ?? includableNames(noun)[0]),
  )

export const includedSchema = (noun: Noun) => {
  const references = new Set(edgesOf(noun).map(({ references }) => references))
  if ('mentions' in schemas[noun].shape) references.add('source')
  const lists = nouns
    .filter(one => references.has(one))
    .map(one => [plurals[one], z.array(schemas[one]).max(20_000).optional()])
  return z
    .strictObject(Object.fromEntries(lists) as Record<string, z.ZodType>)
    .meta({ description: 'The nouns that `include` requested.' }) // fromEntries forgets the types
}

/** Returns the nouns that the named fields refer to, each once, in curriculum order. */
export const findIncluded = async (
  catalog: Catalog,
  noun: Noun,
  stored: readonly StoredItem[],
  names: string[],
): Promise<Record<string, StoredItem[]>> => {
  const items = parseItems(stored)
  const keysByNoun = new Map<Noun, Set<string>>()
  for (const name of names) {
    const known = parseChoice('include', name, includableNames(noun))
    for (const target of targetsOf(noun, known)) {
      const keys = items.flatMap(item => keysIn(item, known))
      keysByNoun.set(target, new Set([...(keysByNoun.get(target) ?? []), ...keys]))
    }
  }
  const inOrder = [...keysByNoun].sort(([a], [b]) => nouns.indexOf(a) - nouns.indexOf(b))
  const lists = inOrder.map(async ([one, keys]) => [plurals[one], await catalog.byKeys(one, [...keys])])
  return Object.fromEntries(await Promise.all(lists))
}

const targetsOf = (noun: Noun, name: string): Noun[] =>
  name === 'sources'
    ? ['source']
    : edgesOf(noun)
        .filter(edge => edge.name === name)
        .map(({ references }) => references)

const keysIn = (item: Item, name: string): string[] => {
  if (name === 'sources') return (item as Item<'skill'>).mentions.map(({ source }) => source) // offered only where there are mentions
  const value = (item as Record<string, unknown>)[name] // a field of this noun that holds keys
  return [value].flat().filter((key): key is string => typeof key === 'string')
}
