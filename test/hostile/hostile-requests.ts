import { common } from '../../bench/tracks.ts'

/** A request, as `fetch` takes it. */
export interface HostileRequest {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** The requests of each round, different in every round. */
export const hostile = (track: string): Record<string, (round: number) => HostileRequest[]> => ({
  ...reading(track),
  ...searching,
  ...queries(track),
  ...bodies(track),
})

const times = (count: number, make: (index: number) => HostileRequest): HostileRequest[] =>
  Array.from({ length: count }, (_, i) => make(i))

const reading = (track: string) => ({
  'lists of 200 with all that can be included': (round: number) => [
    {
      path: `/v1/skills?limit=${200 - round}&include=category,prerequisites,related,resources,dependents,projects,sources`,
    },
  ],
  'a list of 2,000 tracks by comma': (round: number) => [
    { path: `/v1/skills?track=${times(2_000, i => ({ path: `t${round}-${i}` })).map(({ path }) => path)}` },
  ],
  'a hundred answers that differ': (round: number) =>
    times(100, index => ({
      path: `/v1/skills?limit=${index + 1}&sort=title&updatedSince=20${10 + round}-01-01T00:00:00Z`,
    })),
  // Lists also return the total.
  'lists by title or change in which nothing is new': (round: number) =>
    ['sort=title', 'sort=-title', 'sort=updatedAt', 'sort=-updatedAt', 'limit=49'].map(order => ({
      path: `/v1/skills?${order}&updatedSince=204${round}-01-01T00:00:00Z`,
    })),
  'lists by title or change of what is rare': (round: number) =>
    ['sort=title&', 'sort=-updatedAt&', ''].flatMap(order => [
      { path: `/v1/skills?${order}kind=theoretical&optional=true&limit=${20 + round}` },
      { path: `/v1/skills?${order}tier=senior&limit=${20 + round}` },
      { path: `/v1/resources?${order}kind=book&limit=${20 + round}` },
    ]),
  'lists by title of a hundred tracks': (round: number) => [
    {
      path: `/v1/skills?sort=title&limit=${20 + round}&track=${times(99 - round, i => ({ path: `track-${i + 1}` })).map(({ path }) => path)}`,
    },
  ],
  'lists of what a source speaks of, by title or change': (round: number) =>
    ['sort=title&', 'sort=-updatedAt&', ''].flatMap(order => [
      { path: `/v1/skills?${order}source=${track}.source&limit=${20 + round}` },
      { path: `/v1/skills?${order}source=${track}.source,track-8.source&tier=senior&limit=${20 + round}` },
    ]),
  'the whole document': () => [{ path: `/v1/tracks/${track}/document`, headers: { 'accept-encoding': 'identity' } }],
  'the whole document, as YAML': () => [
    { path: `/v1/tracks/${track}/document`, headers: { accept: 'application/yaml' } },
  ],
  'long names that nothing has': (round: number) =>
    times(20, index => ({ path: `/v1/skills/${track}.${'long-name-'.repeat(14)}${round}${index}` })),
  'long names in no track': (round: number) =>
    times(5, index => ({ path: `/v1/skills/${'unknown-'.repeat(12)}${round}${index}` })),
  'long words where there is a list of words': (round: number) =>
    times(20, index => ({ path: `/v1/skills?${'unknown'.repeat(200)}${round}${index}=1` })),
  'names of objects as parameters': () =>
    ['__proto__', 'constructor', 'toString', '__proto__[admin]'].map(name => ({
      path: `/v1/skills?${encodeURIComponent(name)}=1`,
    })),
  'headers of 16 KiB': (round: number) =>
    times(10, index => ({ path: '/v1', headers: { 'x-long': `${round}${index}`.padEnd(15_000, 'x') } })),
  'encodings by the thousand': (round: number) => [
    {
      path: '/v1',
      headers: {
        'accept-encoding': times(1_000, i => ({ path: `e${round}${i}` }))
          .map(({ path }) => path)
          .join(),
      },
    },
  ],
})

/** Searches with different words in every round, so that no result is cached. */
const searching = {
  'a search for a word that is everywhere': (round: number) => [{ path: `/v1/search?q=${common[round]}` }],
  'a search for the beginning of many words': (round: number) => [
    { path: `/v1/search?q=${['bac', 'cef', 'dif', 'fog', 'guh'][round]}&limit=200` },
  ],
  'a search for sixteen words that are everywhere': (round: number) => [
    { path: `/v1/search?q=${[...common.slice(round), ...common.slice(0, round)].slice(0, 16).join('+')}` },
  ],
  'a search for twenty misspelt words': (round: number) => [
    {
      path: `/v1/search?q=${times(20, index => ({ path: `recusrion${round}${index}` }))
        .map(({ path }) => path)
        .join('+')}`,
    },
    {
      path: `/search?q=${times(4, index => ({ path: `recusrion${round}${index}` }))
        .map(({ path }) => path)
        .join('+')}`,
    },
  ],
  'a search for a text of 10,000 letters': (round: number) => [
    { path: `/v1/search?q=${`word${round}+`.repeat(2_000).slice(0, 10_000)}` },
  ],
  'a search for operators': () => [{ path: `/v1/search?q=${encodeURIComponent('" NEAR(a b) OR * NOT ^ ( AND {x}:')}` }],
}

const query = (text: string, variables?: unknown): HostileRequest => ({
  path: '/graphql',
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: text, variables }),
})

const queries = (track: string) => ({
  'GraphQL of nearly 20,000 nodes': (round: number) => [
    query(
      `{ track(ref: "${track}") { skills { a${round}: dependents { prerequisites { dependents { key title } } } } } }`,
    ),
  ],
  'GraphQL of all nodes that may be, with every text': (round: number) => [
    query(
      `{ skills(first: 100, optional: false) { nodes { a${round}: category { skills { title summary outcomes prerequisites { key title summary } } } } } }`,
    ),
  ],
  'GraphQL of far too many nodes': (round: number) => [
    query(
      `{ a${round}: skills(first: 100) { nodes { category { skills { category { skills { category { skills { key } } } } } } } } }`,
    ),
  ],
  'GraphQL of 30 aliases of search': (round: number) => [
    query(
      `{ ${common
        .concat(common)
        .slice(0, 30)
        .map((word, i) => `s${i}: search(q: "${word} ${round}", first: 100) { totalCount }`)
        .join(' ')} }`,
    ),
  ],
  'GraphQL of 2,000 tokens of one field': (round: number) => [
    query(`{ a${round}: __typename ${'__typename '.repeat(1_900)}}`),
  ],
  'GraphQL of 16 KiB of brackets': (round: number) => [query(`{ a${round} ${'{'.repeat(16_000)}`)],
  'GraphQL of fragments that hold each other': (round: number) => [
    query(
      `query q${round} { ...f0 } ${times(60, i => ({ path: `fragment f${i} on Query { ${`...f${i + 1} `.repeat(8)}}` }))
        .map(({ path }) => path)
        .join(' ')} fragment f60 on Query { __typename }`,
    ),
  ],
  'GraphQL that asks for the whole schema': (round: number) => [
    query(
      `query q${round} { __schema { types { name fields { name type { name ofType { name ofType { name } } } } } } }`,
    ),
  ],
  'GraphQL of variables named as objects are': () => [
    {
      ...query('query q($ref: ID!) { track(ref: $ref) { title } }'),
      body: '{"query":"query q($ref: ID!) { track(ref: $ref) { title } }","variables":{"ref":"x","__proto__":{"a":1},"constructor":{"prototype":{}}}}',
    },
  ],
})

const postTo = (path: string, body: string): HostileRequest => ({
  path,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
})

const bodies = (track: string) => ({
  'a way to everything, knowing much': (round: number) => [
    postTo(
      `/v1/tracks/${track}/path`,
      JSON.stringify({
        to: [`project:project-${round}`],
        known: times(9_000, i => ({ path: `skill-${i}` })).map(({ path }) => path),
      }),
    ),
  ],
  'a body of 1 MiB': (round: number) => [
    postTo(`/v1/tracks/${track}/path`, `{"to":["${`${round}`.repeat(2 ** 20)}"]}`),
  ],
  'a body of 200 KiB of brackets': () => [postTo(`/v1/tracks/${track}/next`, '['.repeat(200_000))],
  'a body of 200 KiB of mistakes': (round: number) => [
    postTo(`/v1/tracks/${track}/next`, JSON.stringify({ known: Array.from({ length: 60_000 }, () => round) })),
  ],
  'a body with __proto__': () => [postTo(`/v1/tracks/${track}/next`, '{"known":[],"__proto__":{"admin":true}}')],
})
