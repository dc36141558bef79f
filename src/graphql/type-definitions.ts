import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { SearchHit } from '../model/paging.ts'
import { Roadmap } from '../model/roadmap.ts'
import { nouns, plurals, Tier, tiers } from '../model/vocabulary.ts'
import { filterNames } from '../query/filters.ts'
import { inputTypes, mutationType } from './inputs.ts'
import { objectTypeName, scalarTypeName, nounTypeName } from './type-names.ts'

/** The schema language of everything: object types derived from the nouns, queries and edges written here. */
export const typeDefinitions = (): string =>
  [
    `"""${Tier.description}"""\nenum Tier { ${tiers.map(tier => tier.toUpperCase()).join(' ')} }`,
    '"""Anything that has an id."""\ninterface Node { id: ID! }',
    ...objectTypes().map(objectDefinition),
    ...nouns.map(noun => connectionDefinition(nounTypeName(noun))),
    connectionDefinition('SearchHit'),
    '"""A skill to learn, and what it is a direct prerequisite of."""\ntype Step { skill: Skill! unlocks: [Skill!]! }',
    '"""Where in a list a page is."""\ntype PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }',
    queryType(),
    ...inputTypes(),
    mutationType(),
  ].join('\n\n')

const nounTypeNames = new Set(nouns.map(nounTypeName))

/** Every object a query can reach, by name: those of the nouns and whatever they hold. */
export const objectTypes = (): z.ZodObject[] => {
  const found = new Map<string, z.ZodObject>()
  const visit = (type: z.ZodType): void => {
    if (!(type instanceof z.ZodObject) || found.has(objectTypeName(type))) return
    found.set(objectTypeName(type), type)
    for (const field of fieldsOf(type)) visit(field.type)
  }
  for (const type of [...Object.values(schemas), SearchHit, Roadmap]) visit(type)
  return [...found.values()]
}

const objectDefinition = (type: z.ZodObject): string => {
  const name = objectTypeName(type)
  const fields = [
    ...fieldsOf(type).map(
      field => `  """${field.description ?? field.name}"""\n  ${field.name}: ${outputFieldType(field)}`,
    ),
    ...(extraFields[name] ?? []),
    ...(nounTypeNames.has(name)
      ? ['  """What `ifMatch` takes to change just this: the ETag that REST answers it with."""\n  etag: String!']
      : []),
  ]
  return `"""${type.description}"""\ntype ${name}${nounTypeNames.has(name) ? ' implements Node' : ''} {\n${fields.join('\n')}\n}`
}

const outputFieldType = (field: Field): string => {
  const one = field.name === 'id' ? 'ID' : elementTypeName(field)
  const type = field.list ? `[${one}!]` : one
  return field.nullable && !field.list ? type : `${type}!`
}

const elementTypeName = ({ type, references }: Field): string => {
  if (references !== undefined && references !== 'any') return nounTypeName(references)
  if (type instanceof z.ZodObject) return objectTypeName(type)
  return scalarTypeName(type)
}

/** Edges that no field holds, in curriculum order. */
const extraFields: Record<string, string[]> = {
  Category: [
    '  """Its skills, of these tiers only where some are named."""\n  skills(tier: [Tier!]): [Skill!]!',
    '  """The principles that speak to it."""\n  principles: [Principle!]!',
  ],
  Track: nouns
    .filter(noun => noun !== 'track')
    .map(
      noun =>
        `  """Its ${plurals[noun]}${'tier' in schemas[noun].shape ? ', of these tiers only where some are named' : ''}."""\n  ${plurals[noun]}${'tier' in schemas[noun].shape ? '(tier: [Tier!])' : ''}: [${nounTypeName(noun)}!]!`,
    ),
}

const connectionDefinition = (type: string): string =>
  `"""A page of a list."""\ntype ${type}Connection {\n  edges: [${type}Edge!]!\n  nodes: [${type}!]!\n  pageInfo: PageInfo!\n  "How many there are on all pages."\n  totalCount: Int!\n}\n"""One of a page, with its cursor."""\ntype ${type}Edge { node: ${type}! cursor: String! }`

const argumentTypes = {
  track: 'String',
  tier: '[Tier!]',
  category: 'String',
  kind: 'String',
  source: 'String',
  optional: 'Boolean',
  skill: 'String',
  updatedSince: 'String',
} as const

/** The page size where `first` is absent or null, and the largest one. */
export const [defaultPageSize, maxPageSize] = [50, 100]

/** The forward pagination arguments of every connection (Relay cursor connections, section 4.1). */
const pageArguments = [
  `"""The page size, 0 to ${maxPageSize}; null is as if absent. With 0 there are no nodes, only \`totalCount\` and \`pageInfo\`."""\n  first: Int = ${defaultPageSize}`,
  '"""Continues behind this cursor: the `endCursor` of the page before. Null is as if absent."""\n  after: String',
]

const queryType = (): string => {
  const singles = nouns.map(
    noun =>
      `  """The ${noun} of this id or key, an earlier key included; null where there is none."""\n  ${noun}(ref: ID!): ${nounTypeName(noun)}`,
  )
  const lists = nouns.map(noun => {
    const filters = filterNames(noun).map(name => `${name}: ${argumentTypes[name]}`)
    return `  """${plurals[noun].charAt(0).toUpperCase()}${plurals[noun].slice(1)} in curriculum order. Filters as in REST: keys, ids, or slugs together with \`track\`; several by comma. \`sort\` is position, title, -title, updatedAt or -updatedAt."""\n  ${plurals[noun]}(${[...filters, 'sort: String', ...pageArguments].join(', ')}): ${nounTypeName(noun)}Connection!`
  })
  return `type Query {
${singles.join('\n')}
${lists.join('\n')}
  """What has this id, whatever it is."""
  node(id: ID!): Node
  """What a text is found in, best first. While content changes, a hit that stays as it is comes on one page."""
  search(q: String!, track: String, noun: String, tier: [Tier!], ${pageArguments.join(', ')}): SearchHitConnection!
  """The matrix of a track: categories by tier, and its projects; null where there is no such track."""
  roadmap(track: String!): Roadmap
  """What is still to be learnt for these skills (slugs, keys or ids) or projects (\`project:slug\`), every prerequisite first."""
  path(track: String!, to: [String!]!, known: [String!]): [Step!]!
  """What can be started now by somebody who knows these skills, what unlocks most first."""
  next(track: String!, known: [String!], tier: [Tier!], category: String): [Step!]!
}`
}
