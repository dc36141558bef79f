import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { plurals } from '../../src/model/vocabulary.ts'
import { serve, smallFolder } from '../fixtures/service.ts'
import { enlarge } from './ballast.ts'
import type { Damage } from './damage.ts'
import { started } from './start.ts'
import { counts, env, killed, read, type Written } from './writers.ts'

const paths = [
  '/v1/tracks/python/document',
  '/v1/changes?limit=200',
  ...Object.values(plurals).map(plural => `/v1/${plural}?sort=-updatedAt`),
  '/v1/skills?sort=title',
  '/v1/search?q=decorators',
]

export const outcomes = ['refused', 'whole', 'failing', 'altered'] as const
export type Outcome = (typeof outcomes)[number]

/** Starts a service on a database that is spoiled in each of these ways; answers what came of each. */
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
  if (large) enlarge(file)
  const whole = readFileSync(file)
  const found: Outcome[] = []
  for (const { name, spoil } of all) {
    writeFileSync(file, spoil(whole))
    for (const beside of ['-wal', '-shm']) rmSync(`${file}${beside}`, { force: true })
    await t.test(name, async t => void found.push(await outcomeOf(t, folder, healthy)))
  }
  t.comment(`${all.length} databases${large ? ' of 17 MiB' : ''} damaged: ${counts(found)}`)
  return found
}

const readAll = async (address: string): Promise<Written[]> => {
  const replies: Written[] = []
  for (const path of paths) replies.push(await read(address, path))
  return replies
}

/** Refused in a sentence, or served: then each answer is one that it was, or an error; and the process lives on. */
const outcomeOf = async (t: Test, folder: string, healthy: Written[]): Promise<Outcome> => {
  const service = serve(t, folder, { env })
  const address = await started(service)
  if (address === undefined) {
    t.match(service.stderr(), /^DATABASE_URL: .*curriculum\.db (is damaged|is not an SQLite database|cannot be).*\.\n$/)
    t.same((await service.exit).code, 1)
    return 'refused'
  }
  const replies = await readAll(address)
  for (const { status, body } of replies)
    if (status !== 200) t.match(JSON.parse(body), { status, code: /^(INTERNAL_SERVER_ERROR|UNAVAILABLE|NOT_FOUND)$/ })
  t.equal((await read(address, '/healthz')).status, 200)
  await killed(service)
  return outcomeIn(replies, healthy)
}

const outcomeIn = (replies: Written[], healthy: Written[]): Outcome => {
  const differing = replies.filter(({ body }, index) => body !== healthy[index]?.body)
  if (differing.length === 0) return 'whole'
  return differing.every(({ status }) => status >= 500) ? 'failing' : 'altered'
}
