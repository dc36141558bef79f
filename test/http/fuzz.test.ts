import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { Problem } from '../../src/http/problem.ts'
import { asAdmin, testApp } from '../fixtures/app.ts'
import { allCases } from '../fixtures/scope.ts'
import { type Described, type FuzzedRequest, fuzzed } from '../hostile/fuzzed-requests.ts'

const description: Described = parse(await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8'))

/** As somebody would send it again by hand. */
const shown = ({ method, url, headers, body }: FuzzedRequest): string =>
  `${method} ${url.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${body?.slice(0, 300)}`

t.test('no damaged request to any operation gets a 500, and problems match the schema', async t => {
  const { app } = await testApp(t)
  const statuses = new Map<number, number>()
  for (const request of fuzzed(description, 1, allCases ? 12 : 2)) {
    const { method, url, headers, body } = request
    const {
      statusCode,
      payload,
      headers: sent,
    } = await app.inject({
      method: method as 'GET', // one of a description
      url,
      headers: { ...asAdmin, ...headers },
      ...(body !== undefined && { payload: body }),
    })
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    if (statusCode >= 500) t.fail(`${statusCode} to ${shown(request)}: ${payload}`)
    if (!String(sent['content-type']).startsWith('application/problem+json')) continue
    const read = Problem.safeParse(JSON.parse(payload))
    if (!read.success) t.fail(`the problem of ${shown(request)} is not as described: ${read.error.message}`)
  }
  // What is sent reaches further than the first check.
  for (const status of [200, 400, 404, 422]) t.ok(statuses.has(status), `some requests are answered ${status}`)
})
