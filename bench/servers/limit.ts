import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cache } from '../data.ts'
import type { Answered, BenchRequest } from '../load/request.ts'
import { type Server, startServer } from './server.ts'

/** An answer the limit server gives as a constant. */
export interface Constant {
  name: string
  request: BenchRequest
  answer: Answered
}

const server = fileURLToPath(new URL('limit-server.ts', import.meta.url))

/** What no service on Fastify can be quicker than: routes that answer constants, logged as Fastify logs by itself. */
export const startLimit = (constants: Constant[]): Promise<Server> => {
  const file = join(cache, 'limit.json')
  const written = constants.map(({ name, request: { method, path }, answer }) => ({
    method,
    path: `/${slugOf(name)}${path.split('?')[0]}`,
    ...answer,
    body: answer.body.toString('base64'),
  }))
  writeFileSync(file, JSON.stringify(written))
  return startServer({ run: [server, file] })
}

/** The same request with the same query, where its constant is. */
export const onLimit = ({ name, request }: Constant): BenchRequest => ({
  ...request,
  path: `/${slugOf(name)}${request.path}`,
})

const slugOf = (name: string): string => name.replace(/\W+/g, '-')
