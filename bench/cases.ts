import { type BenchRequest, get, post } from './load.ts'
import { rareWord, trackSlug } from './tracks.ts'

/** The requests about one track. */
export const casesOf = (track: number) => {
  const slug = trackSlug(track)
  return {
    skill: get(`/v1/skills/${slug}.skill-44`),
    'list of 50': get(`/v1/skills?track=${slug}&limit=50`),
    roadmap: get(`/v1/tracks/${slug}/roadmap`),
    search: get(`/v1/search?q=${rareWord(track)}`),
    'GraphQL list': post('/graphql', { query: list, variables: { track: slug } }),
    'GraphQL matrix': post('/graphql', { query: matrix, variables: { track: slug } }),
  } satisfies Record<string, BenchRequest>
}

const list = `query List($track: String) {
  skills(track: $track, tier: [SENIOR], first: 50) {
    totalCount
    nodes { key title tier summary category { key title } }
  }
}`

const matrix = `query Matrix($track: ID!) {
  track(ref: $track) {
    key
    title
    categories {
      key
      title
      skills { key title tier kind prerequisites { key title } resources { key title url } }
    }
  }
}`

/** The matrix by GET. */
export const matrixByGet = (track: number): BenchRequest =>
  get(`/graphql?${new URLSearchParams({ query: matrix, variables: JSON.stringify({ track: trackSlug(track) }) })}`)

/**
 * Returns copies of a query that differ in an unused variable. Equal requests would share one response while it is being built,
 * if that takes several turns of the event loop. A request without a body is built in one turn, and stays as it is.
 */
export const distinctRequests = (request: BenchRequest): BenchRequest[] => {
  if (request.body === undefined) return [request]
  const { variables, ...rest } = JSON.parse(request.body)
  return Array.from({ length: 64 }, (_, n) => post(request.path, { ...rest, variables: { ...variables, n } }))
}
