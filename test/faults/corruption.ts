import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { plurals } from '../../src/model/vocabulary.ts'
import { serve, smallFolder } from '../fixtures/service.ts'
import { env, formatCounts, kill, read, startedAddress, type WriteResponse } from './client.ts'
import type { Damage } from './damage.ts'
import { enlargeDatabase } from './sqlite-file.ts'

const paths = [
  '/v1/tracks/python/document',
  '/v1/changes?limit=200',
  ...Object.values(plurals).map(plural => `/v1/${plural}?sort=-updatedAt`),
  '/v1/skills?sort=title',
  '/v1/search?q=decorators',
]

export const outcomes = ['refused', 'unaffected', 'failing', 'altered'] as const
export type Outcome = (typeof outcomes)[number]

/** Starts a service on a database with each of these damages, and returns the outcomes. */
export const startOnDamaged = async (
  t: Test,
  ways: (file: Buffer) => Damage[],
  { large = false } = {},
): Promise<Outcome[]> => {
  const folder = smallFolder(t)
  const file = `${folder}/curriculum.db`
  const first = serve(t, folder, { env })
  const healthy = await readAll(await first.address())
  first.child.kill('SIGTERM')
  await first.exit
  const all = ways(readFileSync(file))
  if (large) enlargeDatabase(file)
  const whole = readFileSync(file)
  const results: Outcome[] = []
  for (const { name, apply: spoil } of all) {
    writeFileSync(file, spoil(whole))
    for (const beside of ['-wal', '-shm']) rmSync(`${file}${beside}`, { force: true })
    await t.test(name, async t => void results.push(await startAndRead(t, folder, healthy)))
  }
  t.comment(`${all.length} databases${large ? ' of 17 MiB' : ''} damaged: ${formatCounts(results)}`)
  return results
}

const readAll = async (address: string): Promise<WriteResponse[]> => {
  const responses: WriteResponse[] = []
  for (const path of paths) responses.push(await read(address, path))
  return responses
}

/** Checks that the start fails with a clear message, or that each response is as before or an error and the process keeps running. */
const startAndRead = async (t: Test, folder: string, healthy: WriteResponse[]): Promise<Outcome> => {
  const service = serve(t, folder, { env })
  const address = await startedAddress(service)
  if (address === undefined) {
    t.match(service.stderr(), /^DATABASE_URL: .*curriculum\.db (is damaged|is not an SQLite database|cannot be).*\.\n$/)
    t.same((await service.exit).code, 1)
    return 'refused'
  }
  const responses = await readAll(address)
  for (const { status, body } of responses)
    if (status !== 200) t.match(JSON.parse(body), { status, code: /^(INTERNAL_SERVER_ERROR|UNAVAILABLE|NOT_FOUND)$/ })
  t.equal((await read(address, '/healthz')).status, 200)
  await kill(service)
  return toOutcome(responses, healthy)
}

const toOutcome = (responses: WriteResponse[], healthy: WriteResponse[]): Outcome => {
  const differing = responses.filter(({ body }, index) => body !== healthy[index]?.body)
  if (differing.length === 0) return 'unaffected'
  return differing.every(({ status }) => status >= 500) ? 'failing' : 'altered'
}
