import { nouns, plurals } from '../model/vocabulary.ts'

/** Where everything is: the answer of `/v1`, and of `/` for programs. */
export const addresses = {
  name: 'Curriculum',
  lists: Object.fromEntries(nouns.map(noun => [plurals[noun], `/v1/${plurals[noun]}`])),
  search: '/v1/search',
  graphql: '/graphql',
  openapi: '/openapi.json',
  documentation: '/docs',
} as const
