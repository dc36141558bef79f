import { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import { readWord } from '../http/filter.ts'
import { type Answer, schemas } from '../model/curriculum.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { words } from './parameters.ts'

type Edge = Field & { references: Noun }

/** Every field that holds keys can be included, and the sources of the mentions. */
const edgesOf = (noun: Noun): Edge[] =>
  fieldsOf(schemas[noun]).filter(
    (field): field is Edge =>
      field.references !== undefined && field.references !== 'any' && !(noun === 'track' && field.name === 'track'),
  )

export const includable = (noun: Noun): string[] => [
  ...edgesOf(noun).map(({ name }) => name),
  ...('mentions' in schemas[noun].shape ? ['sources'] : []),
]

export const includeParameter = (noun: Noun) =>
  words(
    { type: 'string', enum: includable(noun) },
    'What to send along under `included`, each once: names of fields that hold keys.',
    includable(noun)[1],
  )

export const includedSchema = (noun: Noun) => {
  const held = new Set(edgesOf(noun).map(({ references }) => references))
  if ('mentions' in schemas[noun].shape) held.add('source')
  const lists = nouns
    .filter(one => held.has(one))
    .map(one => [plurals[one], z.array(schemas[one]).max(20_000).optional()])
  return z
    .strictObject(Object.fromEntries(lists) as Record<string, z.ZodType>)
    .meta({ description: 'What `include` asked for, by noun.' }) // fromEntries forgets the types
}

/** What the answers refer to by the fields named, each noun once and in curriculum order. */
export const included = async (
  catalog: Catalog,
  noun: Noun,
  answers: Answer[],
  names: string[],
): Promise<Record<string, Answer[]>> => {
  const wanted = new Map<Noun, Set<string>>()
  for (const name of names) {
    const known = readWord('include', name, includable(noun))
    const target =
      known === 'sources' ? 'source' : (edgesOf(noun).find(edge => edge.name === known)?.references ?? 'source')
    const keys = wanted.get(target) ?? new Set<string>()
    for (const answer of answers) for (const key of keysIn(answer, known)) keys.add(key)
    wanted.set(target, keys)
  }
  const lists = nouns
    .filter(one => wanted.has(one))
    .map(async one => [plurals[one], await catalog.byKeys(one, [...(wanted.get(one) ?? [])])])
  return Object.fromEntries(await Promise.all(lists))
}

const keysIn = (answer: Answer, name: string): string[] => {
  if (name === 'sources') return 'mentions' in answer ? answer.mentions.map(({ source }) => source) : []
  const held = (answer as Record<string, unknown>)[name] // a field of this noun that holds keys
  return [held].flat().filter((key): key is string => typeof key === 'string')
}
