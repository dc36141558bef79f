import { nouns, plurals } from '../model/vocabulary.ts'

/** The index of the service's addresses: the body of `/v1`, and of `/` for programs. */
export const serviceIndex = {
  name: 'Curriculum',
  lists: Object.fromEntries(nouns.map(noun => [plurals[noun], `/v1/${plurals[noun]}`])),
  search: '/v1/search',
  graphql: '/graphql',
  openapi: '/openapi.json',
  documentation: '/docs',
} as const

/** Returns the media types of `/`, the default first. The page shows content, so where reading needs a key the index is the default. */
export const homeTypes = (readingNeedsKey = false): string[] =>
  readingNeedsKey ? ['application/json', 'text/html'] : ['text/html', 'application/json']
