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
