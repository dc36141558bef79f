import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cache } from '../data.ts'
import type { BenchRequest, RecordedResponse } from '../load/request.ts'
import { type Server, startServer } from './server.ts'

/** A response that the limit server sends as a constant. */
export interface Constant {
  name: string
  request: BenchRequest
  answer: RecordedResponse
}

const server = fileURLToPath(new URL('limit-server.ts', import.meta.url))

/** Starts the fastest possible service on Fastify: routes that send constants, with Fastify's own logging. */
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

/** Returns the request for a constant, with the same query. */
export const onLimit = ({ name, request }: Constant): BenchRequest => ({
  ...request,
  path: `/${slugOf(name)}${request.path}`,
})

const slugOf = (name: string): string => name.replace(/\W+/g, '-')
