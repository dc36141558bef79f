/** Returns bodies of GraphQL requests by kind; no two queries are equal. */
export const hostileDocuments = (): Record<string, string[]> => ({
  'unknown fields up to the limit of tokens': each(8, index => query(`{ ${words(1_960, `f${index}_`)} }`)),
  'one unknown field by a long name': each(6, index => query(`{ f${index}${'x'.repeat(16_000)} }`)),
  'known fields up to the limit of tokens': each(6, index =>
    query(`{ a${index}: __typename ${'__typename '.repeat(1_450)} }`),
  ),
  'comments up to the limit of bytes': each(6, index => query(`{ a${index}: __typename }\n${'# c\n'.repeat(4_000)}`)),
  'deep selections': each(4, index =>
    query(`{ a${index}: skills { nodes ${'{ dependents '.repeat(900)}{ id }${' }'.repeat(901)} }`),
  ),
  'deep values': each(4, index =>
    query(`{ skills(tier: ${'['.repeat(900 + index)}${']'.repeat(900 + index)}) { totalCount } }`),
  ),
  'deep types': each(4, index =>
    query(`query q($v: ${'['.repeat(900 + index)}Int${']'.repeat(900 + index)}) { __typename }`),
  ),
  'many variables': each(4, index =>
    query(`query q(${Array.from({ length: 400 }, (_, one) => `$v${index}_${one}: Int`)}) { __typename }`),
  ),
  'variables of 200 KiB': each(6, index =>
    query('query ($q: String!) { search(q: $q) { totalCount } }', { q: `${index}`.repeat(200_000) }),
  ),
  'variables that do not fit': each(6, index =>
    query('query ($t: [Tier!]) { skills(tier: $t) { totalCount } }', {
      t: Array.from({ length: 20_000 }, () => `x${index}`),
    }),
  ),
  'too many aliases': each(4, index =>
    query(`{ ${Array.from({ length: 400 }, (_, one) => `a${index}_${one}: __typename`).join(' ')} }`),
  ),
  'fragments that spread each other': each(4, index =>
    query(
      `query q${index} { ...f0 } ${Array.from({ length: 60 }, (_, one) => `fragment f${one} on Query { ${`...f${one + 1} `.repeat(8)}}`).join(' ')} fragment f60 on Query { __typename }`,
    ),
  ),
  'far too many nodes': each(4, index =>
    query(
      `{ a${index}: skills(first: 100) { nodes { category { skills { category { skills { category { skills { key } } } } } } } } }`,
    ),
  ),
  'nearly too many nodes': each(4, index =>
    query(
      `{ skills(first: 100) { nodes { a${index}: category { skills { title summary outcomes prerequisites { key title } } } } } }`,
    ),
  ),
  'the whole schema': each(4, index =>
    query(
      `query q${index} { __schema { types { name description fields { name description args { name type { name } } type { name ofType { name ofType { name } } } } } } }`,
    ),
  ),
  'what is no GraphQL': each(6, index => query(`{ a${index} ${'{'.repeat(16_000)}`)),
  'operations that are compiled': each(6, index => {
    const aliases = Array.from(
      { length: 28 },
      (_, one) => `a${index}_${one}: skills(first: $first) { nodes { ${fields} } }`,
    )
    const text = `query ($first: Int) { ${aliases.join(' ')} }`
    // The same variables would be answered from the cache of responses.
    return [1, 2, 3].map(first => query(text, { first }))
  }).flat(),
})

const fields = 'id key title summary tier kind optional outcomes examples notes position updatedAt'

const each = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const query = (text: string, variables?: unknown): string => JSON.stringify({ query: text, variables })

const words = (count: number, beginning: string): string =>
  Array.from({ length: count }, (_, index) => `${beginning}${index.toString(36)}`)
    .join(' ')
    .slice(0, 16_000)
