import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { SearchHit } from '../model/paging.ts'
import { Roadmap, RoadmapTier } from '../model/roadmap.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, nouns, plurals, Tier, withArticle } from '../model/vocabulary.ts'
import { filterNames } from '../query/filters.ts'

/** Returns the schema in schema language: object and input types are derived from the nouns, queries and edges are listed here. */
export const typeDefinitions = (): string =>
  [
    `"""${Tier.description}"""\nenum Tier { ${tiers.map(tier => tier.toUpperCase()).join(' ')} }`,
    '"""Anything that has an id."""\ninterface Node { id: ID! }',
    ...objectTypes().map(objectDefinition),
    ...nouns.map(noun => connectionDefinition(nounTypeName(noun))),
    connectionDefinition('SearchHit'),
    '"""A skill to learn, and the skills that it is a direct prerequisite of."""\ntype Step { skill: Skill! unlocks: [Skill!]! }',
    '"""The position of a page in its list."""\ntype PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }',
    queryType(),
    ...inputTypes(),
    mutationType(),
  ].join('\n\n')

/** Returns all object types that a query can reach: those of the nouns, and the types of their fields. */
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
  const isNoun = nouns.some(noun => nounTypeName(noun) === name)
  const fields = [
    ...fieldsOf(type).map(
      field => `  """${field.description ?? field.name}"""\n  ${field.name}: ${outputFieldType(field)}`,
    ),
    ...extraFields(name),
    ...(isNoun
      ? ['  """The value of `ifMatch` to change this version only: the same ETag as in REST."""\n  etag: String!']
      : []),
  ]
  return `"""${type.description}"""\ntype ${name}${isNoun ? ' implements Node' : ''} {\n${fields.join('\n')}\n}`
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

/** Returns the edges of a type that are not fields of the noun. Lists are in curriculum order. */
const extraFields = (name: string): string[] => {
  if (name === 'Category')
    return [
      '  """Its skills. `tier` limits them to these tiers."""\n  skills(tier: [Tier!]): [Skill!]!',
      '  """The principles about this category."""\n  principles: [Principle!]!',
    ]
  if (name === 'TrackTier')
    return [
      '  """In a roadmap, the sum of the durations of its skills; null elsewhere."""\n  totalDuration: TotalDuration',
    ]
  return name === 'Track' ? nouns.filter(noun => noun !== 'track').map(listOfTrack) : []
}

const listOfTrack = (noun: Noun): string => {
  const [limit, argument] =
    'tier' in schemas[noun].shape ? [' `tier` limits them to these tiers.', '(tier: [Tier!])'] : ['', '']
  return `  """Its ${plurals[noun]}.${limit}"""\n  ${plurals[noun]}${argument}: [${nounTypeName(noun)}!]!`
}

const connectionDefinition = (type: string): string =>
  `"""One page of a list."""\ntype ${type}Connection {\n  edges: [${type}Edge!]!\n  nodes: [${type}!]!\n  pageInfo: PageInfo!\n  "The number of nodes on all pages."\n  totalCount: Int!\n}\n"""A node of a page, with its cursor."""\ntype ${type}Edge { node: ${type}! cursor: String! }`

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

/** The page size if `first` is absent or null, and the largest page size. */
export const [defaultPageSize, maxPageSize] = [50, 100]

/** The forward pagination arguments of every connection (Relay cursor connections, section 4.1). */
const pageArguments = [
  `"""The page size, 0 to ${maxPageSize}. Null is the default. A page of 0 has no nodes, only \`totalCount\` and \`pageInfo\`."""\n  first: Int = ${defaultPageSize}`,
  '"""The cursor to continue after: `endCursor` of the previous page. Null is the first page."""\n  after: String',
]

const queryType = (): string => {
  const items = nouns.map(
    noun =>
      `  """The ${noun} with this id, key or earlier key; null if there is none."""\n  ${noun}(ref: ID!): ${nounTypeName(noun)}`,
  )
  const lists = nouns.map(noun => {
    const filters = filterNames(noun).map(name => `${name}: ${argumentTypes[name]}`)
    return `  """${plurals[noun].charAt(0).toUpperCase()}${plurals[noun].slice(1)} in curriculum order. Filters are those of REST: keys, ids, or slugs together with \`track\`; separate several by commas. \`sort\` is position, title, -title, updatedAt or -updatedAt."""\n  ${plurals[noun]}(${[...filters, 'sort: String', ...pageArguments].join(', ')}): ${nounTypeName(noun)}Connection!`
  })
  return `type Query {
${items.join('\n')}
${lists.join('\n')}
  """The item with this id, of any type."""
  node(id: ID!): Node
  """Searches titles and texts; the best match comes first. A hit that does not change appears on exactly one page, even if other content changes meanwhile."""
  search(q: String!, track: String, noun: String, tier: [Tier!], ${pageArguments.join(', ')}): SearchHitConnection!
  """The matrix of a track: categories by tier, and its projects; null if there is no such track."""
  roadmap(track: String!): Roadmap
  """The skills still missing for these skills (slugs, keys or ids) or projects (\`project:slug\`), each after its prerequisites. \`known\` lists skills already learnt; the order of \`plan\`, a plan of the track, comes first among equals."""
  path(track: String!, to: [String!]!, known: [String!], plan: String): [Step!]!
  """The sum of the durations of the skills of this path."""
  pathDuration(track: String!, to: [String!]!, known: [String!], plan: String): TotalDuration!
  """The skills that can be started now with these skills known: those of \`plan\` first, then those that unlock most."""
  next(track: String!, known: [String!], plan: String, tier: [Tier!], category: String): [Step!]!
}`
}

/** Returns the input types of the nouns, without the fields that the server sets. */
const inputTypes = (): string[] => {
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
    field =>
      `  """${field.description}"""\n  ${field.name}: ${inputFieldType(field)}${isRequired(type, field) ? '!' : ''}`,
  )
  return `"""${type.description}"""\ninput ${objectTypeName(type)}Input {\n${fields.join('\n')}\n}`
}

/** Returns the type of an input field. A reference is written as an id or key. */
const inputFieldType = (field: Field): string => {
  const { type, references } = field
  const one =
    references !== undefined
      ? 'ID'
      : type instanceof z.ZodObject
        ? `${objectTypeName(type)}Input`
        : scalarTypeName(type)
  return field.list ? `[${one}!]` : one
}

const isRequired = (type: z.ZodObject, { name }: Field): boolean =>
  !(type.shape[name] as z.ZodType).safeParse(undefined).success // zod types a shape's values as its core type

const mutationType = (): string => `type Mutation {\n${nouns.flatMap(mutationFields).join('\n')}\n}`

const mutationFields = (noun: Noun): string[] => [
  `  """Creates the ${noun} with this key, or replaces it: then \`ifMatch\` must be the \`etag\` that you read."""\n  put${nounTypeName(noun)}(ref: ID!, input: ${nounTypeName(noun)}Input!, ifMatch: String): ${nounTypeName(noun)}!`,
  `  """Deletes ${withArticle(noun)}${noun === 'track' ? ' with everything in it' : ''} and returns its id. \`ifMatch\` must be the \`etag\` that you read."""\n  delete${nounTypeName(noun)}(ref: ID!, ifMatch: String): ID!`,
]

/** Returns the name of a noun's object type: `Skill` for `skill`. */
export const nounTypeName = (noun: Noun): string => noun.charAt(0).toUpperCase() + noun.slice(1)

/** Returns the name of an object type, the same as in OpenAPI; a tier has one type for tracks and roadmaps. */
export const objectTypeName = (type: z.ZodType): string =>
  type === RoadmapTier ? 'TrackTier' : (type.meta() as { id: string }).id // every object of the model has one

/** Returns the GraphQL type of a value without fields. */
export const scalarTypeName = (type: z.ZodType): string => {
  if (type instanceof z.ZodBoolean) return 'Boolean'
  if (type instanceof z.ZodNumber) return type.isInt ? 'Int' : 'Float'
  return type instanceof z.ZodEnum && type.meta()?.id === 'Tier' ? 'Tier' : 'String'
}
