import { z } from 'zod'
import { serviceIndex } from '../http/service-index.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { json, type Operation } from './operation.ts'

const Address = z
  .string()
  .max(200)
  .regex(/^\/\S*$/)

const Root = z
  .strictObject({
    name: z.literal('Curriculum').meta({ description: 'What this is.' }),
    lists: z
      .strictObject(Object.fromEntries(nouns.map(noun => [plurals[noun], Address])) as Record<string, typeof Address>) // fromEntries forgets the names
      .meta({ description: 'The list of each noun.' }),
    search: Address.meta({ description: 'Search over everything.' }),
    graphql: Address.meta({ description: 'The same by GraphQL.' }),
    openapi: Address.meta({ description: 'This interface as OpenAPI 3.1.' }),
    documentation: Address.meta({ description: 'The same for people.' }),
  })
  .meta({ id: 'Root', description: 'Where everything is.' })

export const rootOperation: Operation = {
  path: '/v1',
  operationId: 'getRoot',
  tag: 'service',
  summary: 'Find everything',
  description: 'The serviceIndex of all lists and of what describes them.',
  query: z.strictObject({}),
  types: ['application/json'],
  schema: Root,
  problems: ['BAD_USER_INPUT', 'NOT_ACCEPTABLE'],
  example: '/v1',
  answer: async () => json(serviceIndex),
}
