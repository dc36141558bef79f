import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Catalog, Writer } from '../catalog.ts'
import type { Authentication } from '../http/authentication.ts'
import type { ResponseCache } from '../http/response-cache.ts'
import { serviceIndex } from '../http/service-index.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { addChanges } from './changes.ts'
import { itemOperation } from './items.ts'
import { nextOperation, pathOperation } from './learning.ts'
import { listOperation } from './lists.ts'
import { addOperation, json, type Operation } from './operation.ts'
import { addPictureWrites } from './pictures.ts'
import { searchOperation } from './search.ts'
import { documentOperation, roadmapOperation } from './tracks.ts'
import { addDocumentWrite } from './write-document.ts'
import { addWrites } from './writes.ts'

const Address = z
  .string()
  .max(200)
  .regex(/^\/\S*$/)

const Root = z
  .strictObject({
    name: z.literal('Curriculum').meta({ description: 'The name of the service.' }),
    lists: z
      .strictObject(Object.fromEntries(nouns.map(noun => [plurals[noun], Address])) as Record<string, typeof Address>) // fromEntries forgets the names
      .meta({ description: 'The list of each noun.' }),
    search: Address.meta({ description: 'Search over everything.' }),
    graphql: Address.meta({ description: 'The GraphQL endpoint.' }),
    openapi: Address.meta({ description: 'The OpenAPI 3.1 document.' }),
    documentation: Address.meta({ description: 'The API reference for people.' }),
  })
  .meta({ id: 'Root', description: 'The URLs of the service.' })

const rootOperation: Operation = {
  path: '/v1',
  operationId: 'getRoot',
  tag: 'service',
  summary: 'Find everything',
  description: 'The index of the service: the URLs of all lists and of the documentation.',
  query: z.strictObject({}),
  types: ['application/json'],
  schema: Root,
  problems: ['BAD_USER_INPUT', 'NOT_ACCEPTABLE'],
  example: '/v1',
  answer: async () => json(serviceIndex),
}

/** Every read operation of REST. Routes and OpenAPI are derived from this list. */
export const operations: readonly Operation[] = [
  rootOperation,
  ...nouns.flatMap(noun => [listOperation(noun), itemOperation(noun)]),
  roadmapOperation,
  documentOperation,
  pathOperation as unknown as Operation, // the query type of each of these three differs
  nextOperation as unknown as Operation,
  searchOperation as unknown as Operation,
]

export const addRest = (app: FastifyInstance, catalog: Catalog, cache: ResponseCache): void => {
  for (const operation of operations) addOperation(app, catalog, cache, operation)
}

/** Adds the write routes of REST, and the change feed. */
export const addRestWrites = (
  app: FastifyInstance,
  catalog: Catalog,
  writer: Writer,
  authentication: Authentication,
): void => {
  addChanges(app, catalog, authentication)
  addWrites(app, catalog, writer, authentication)
  addDocumentWrite(app, catalog, writer, authentication)
  addPictureWrites(app, catalog, writer, authentication)
}
