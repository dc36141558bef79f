import { createHash } from 'node:crypto'
import { type BenchRequest, get, post } from './load/request.ts'
import { trackSlug } from './tracks.ts'
import { rareWord } from './words.ts'

/** The requests that every size of database answers: about one track, or a first page. */
export const cases = {
  skill: get(`/v1/skills/${trackSlug(1)}.skill-44`),
  'list by tier': get(`/v1/skills?track=${trackSlug(1)}&tier=senior`),
  'list of 50': get('/v1/skills?limit=50'),
  roadmap: get(`/v1/tracks/${trackSlug(1)}/roadmap`),
  search: get(`/v1/search?q=${rareWord(1)}`),
} as const satisfies Record<string, BenchRequest>

const list = {
  query: `query List($track: String) {
  skills(track: $track, tier: [SENIOR], first: 50) {
    totalCount
    nodes { key title tier summary category { key title } }
  }
}`,
  variables: { track: trackSlug(1) },
}

const matrix = {
  query: `query Matrix($track: ID!) {
  track(ref: $track) {
    key
    title
    categories {
      key
      title
      skills { key title tier kind prerequisites { key title } resources { key title url } }
    }
  }
}`,
  variables: { track: trackSlug(1) },
}

/** A query by its hash, after a request that registers it (automatic persisted queries). */
const persistedRequests = ({ query, variables }: typeof matrix): { register: BenchRequest; request: BenchRequest } => {
  const sha256Hash = createHash('sha256').update(query).digest('hex')
  const extensions = { persistedQuery: { version: 1, sha256Hash } }
  const parameters = new URLSearchParams({
    variables: JSON.stringify(variables),
    extensions: JSON.stringify(extensions),
  })
  return { register: post('/graphql', { query, variables, extensions }), request: get(`/graphql?${parameters}`) }
}

export const graphqlCases = {
  'GraphQL list': post('/graphql', list),
  'GraphQL matrix': post('/graphql', matrix),
} as const satisfies Record<string, BenchRequest>

/**
 * Returns copies of a query that differ in an unused variable. Equal requests would share one response while it is being built,
 * if that takes several turns of the event loop. A request without a body is built in one turn, and stays as it is.
 */
export const distinctRequests = (request: BenchRequest): BenchRequest | BenchRequest[] => {
  if (request.body === undefined) return request
  const { variables, ...rest } = JSON.parse(request.body)
  return Array.from({ length: 64 }, (_, n) => post(request.path, { ...rest, variables: { ...variables, n } }))
}

export const persistedMatrix = persistedRequests(matrix)
