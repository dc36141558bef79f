import type { FastifyInstance } from 'fastify'
import type { Catalog, Writer } from '../catalog.ts'
import type { Authentication } from '../http/authentication.ts'
import type { ResponseCache } from '../http/response-cache-fast-path.ts'
import { nouns } from '../model/vocabulary.ts'
import { addChanges } from './changes.ts'
import { itemOperation } from './items.ts'
import { nextOperation, pathOperation } from './learning.ts'
import { listOperation } from './lists.ts'
import { addOperation, type Operation } from './operation.ts'
import { rootOperation } from './root.ts'
import { searchOperation } from './search.ts'
import { documentOperation, roadmapOperation } from './tracks.ts'
import { addDocumentWrite } from './write-document.ts'
import { addWrites } from './writes.ts'

/** Everything REST reads. Routes and OpenAPI come from this list. */
export const operations: readonly Operation[] = [
  rootOperation,
  ...nouns.flatMap(noun => [listOperation(noun), itemOperation(noun)]),
  roadmapOperation,
  documentOperation,
  pathOperation as unknown as Operation, // each of these has a query of its own
  nextOperation as unknown as Operation,
  searchOperation as unknown as Operation,
]

export const addRest = (app: FastifyInstance, catalog: Catalog, cache: ResponseCache): void => {
  for (const operation of operations) addOperation(app, catalog, cache, operation)
}

/** Everything REST writes, and what was written. */
export const addWriting = (app: FastifyInstance, catalog: Catalog, writer: Writer, callers: Authentication): void => {
  addChanges(app, catalog, callers)
  addWrites(app, catalog, writer, callers)
  addDocumentWrite(app, catalog, writer, callers)
}
