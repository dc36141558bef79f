import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { parse } from 'yaml'
import { addresses } from '../http/addresses.ts'
import { type Finished, finish, type Made } from '../http/answers.ts'
import { negotiate } from '../http/media-types.ts'
import type { Answers } from '../http/replay.ts'
import { sendFinished } from '../http/send.ts'
import { assetNames, assetOf } from './files.ts'
import { indexPage } from './index-page.ts'
import { docsPage, graphiqlPage } from './tools.ts'

/** What people look at, and the description of REST for programs. */
export const addPages = (app: FastifyInstance, answers: Answers, graphiql: boolean): void => {
  app.get('/', async (request, reply) => {
    const type = negotiate(request, ['text/html', 'application/json'])
    return answers.send(request, reply, `/ ${type}`, async noting => {
      const { headers, ...made } = type === 'text/html' ? await indexPage(noting, graphiql) : addressesMade
      return { ...made, headers: { ...headers, vary: 'Accept, Accept-Encoding' } }
    })
  })
  const unchanging: Record<string, () => Promise<Finished>> = {
    '/openapi.yaml': once(openapiYaml),
    '/openapi.json': once(openapiJson),
    '/docs': once(docsPage),
    ...(graphiql ? { '/graphiql': once(graphiqlPage) } : {}),
    ...Object.fromEntries(assetNames.map(name => [`/assets/${name}`, () => assetOf(name)])),
  }
  for (const [path, made] of Object.entries(unchanging))
    app.get(path, async (request, reply) => sendFinished(request, reply, await made()))
}

const addressesMade: Made = { body: JSON.stringify(addresses), type: 'application/json; charset=utf-8' }

/** Made when it is first asked for, and kept. */
const once = (make: () => Promise<Made>): (() => Promise<Finished>) => {
  let made: Promise<Finished> | undefined
  return () => {
    made ??= make().then(one => finish(one, null))
    return made
  }
}

const openapiFile = join(import.meta.dirname, '..', '..', 'openapi.yaml')

const openapiYaml = async (): Promise<Made> => ({ body: await readFile(openapiFile, 'utf8'), type: 'application/yaml' })

const openapiJson = async (): Promise<Made> => ({
  body: JSON.stringify(parse(await readFile(openapiFile, 'utf8'))),
  type: 'application/json; charset=utf-8',
})
