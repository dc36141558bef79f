import { readFile } from 'node:fs/promises'
import { request as send } from 'node:http'
import { parse } from 'yaml'
import { copyOf, shippedDatabase } from '../../bench/data.ts'
import { table } from '../../bench/report.ts'
import { startOurs } from '../../bench/servers.ts'
import { type Described, type FuzzedRequest, fuzzed } from './fuzzed-requests.ts'

// Sends damaged requests to every operation of a running service with its write thread: `npm run test:fuzz`.
// Nothing may be answered 5xx. `-- --seed=7` sends other requests, `-- --rounds=1000` more of them.

const numberOf = (name: string, usual: number): number =>
  Number(process.argv.find(one => one.startsWith(`--${name}=`))?.split('=')[1] ?? usual)
const [seed, rounds] = [numberOf('seed', 1), numberOf('rounds', 200)]

const key = 'a-key-for-the-fuzzer-alone-of-more-than-32-letters'
const file = new URL('../../openapi.yaml', import.meta.url)
const description: Described = parse(await readFile(file, 'utf8'))
const server = await startOurs(copyOf(await shippedDatabase()), { ADMIN_KEY: key })

/** Sends a request without `fetch`, which would correct some of it. */
const statusOf = ({ method, url, headers, body }: FuzzedRequest): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = {
      ...headers,
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    }
    send({ port: server.port, host: '127.0.0.1', method, path: url, headers: sent }, response => {
      response.resume().once('end', () => resolve(Number(response.statusCode)))
    })
      .once('error', reject)
      .end(body)
  })

const statuses = new Map<number, number>()
let failed = 0
for (const request of fuzzed(description, seed, rounds)) {
  const status = await statusOf(request)
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
  if (status < 500) continue
  failed += 1
  process.stderr.write(`${status} ${JSON.stringify(request).slice(0, 2_000)}\n`)
}
await server.stop()
const rows = [...statuses].sort(([one], [other]) => one - other).map(row => row.map(String))
process.stdout.write(`${table([['status', 'answers'], ...rows])}\n`)
if (failed > 0) process.exitCode = 1
