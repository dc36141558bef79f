import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { openStore } from '../../src/store/open-store.ts'
import { main, serve } from '../fixtures/service.ts'
import { enlarge } from './ballast.ts'
import { integrityOf } from './integrity.ts'
import { seeded } from './kill.ts'
import { type Acknowledged, env, killed, lostAt, numberIn, random, writers, writesIn } from './writers.ts'

const run = promisify(execFile)

/** Takes backups of a database that is written to without a pause, looks at each, and puts the last back. */
export const backUpWhileWriting = async (t: Test, rounds: number): Promise<void> => {
  const folder = t.testdir({ content: {} })
  const command = (...args: string[]) =>
    run(process.execPath, [main, ...args], { env: { ...process.env, DATABASE_URL: `file:${folder}/curriculum.db` } })
  await seeded(`${folder}/curriculum.db`)
  enlarge(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  const address = await service.address()
  const acknowledged: Acknowledged = new Map()
  const pick = random(29)
  const copy = `${folder}/copy.db`
  const stop = writers(address, 4, 0, acknowledged)
  let before = snapshotOf(acknowledged)
  for (let round = 0; round < rounds; round += 1) {
    await sleep(pick(500))
    before = snapshotOf(acknowledged)
    await command('backup', copy, '--force')
    t.equal(integrityOf(copy), 'ok')
    t.same(await wrongIn(copy, before, snapshotOf(acknowledged)), [], 'it is what there was at one moment')
  }
  await stop()
  const [all, owed] = [acknowledged, before].map(writesIn)
  await killed(service)
  t.match((await command('restore', copy)).stdout, /^restored /)
  const again = serve(t, folder, { env })
  t.same(await lostAt(await again.address(), before), [], 'what was written before is there again')
  t.comment(
    `${rounds} backups while ${all} writes were acknowledged: 0 damaged, 0 without what was there before; ${owed} were before the last, which was restored`,
  )
}

const snapshotOf = (acknowledged: Acknowledged): Acknowledged =>
  new Map([...acknowledged].map(([path, bodies]) => [path, [...bodies]]))

/** What is missing in a copy: what was acknowledged before it was begun, and of each writer what came before anything that is there. */
const wrongIn = async (copy: string, before: Acknowledged, after: Acknowledged): Promise<string[]> => {
  const there = await numbersIn(copy, [...after.keys()])
  const newest = new Map<string, number>()
  for (const [path, number] of there) newest.set(writerOf(path), Math.max(number, newest.get(writerOf(path)) ?? 0))
  return [...after].flatMap(([path, bodies]) => {
    const sooner = bodies.map(numberIn).filter(number => number <= (newest.get(writerOf(path)) ?? -1))
    const owed = [...(before.get(path) ?? []).map(numberIn), ...sooner]
    return owed.some(number => number > (there.get(path) ?? -1)) ? [path] : []
  })
}

/** The number that each noun has in a copy. */
const numbersIn = async (copy: string, paths: string[]): Promise<Map<string, number>> => {
  const { catalog, close } = openStore(`file:${copy}`, 0, { readOnly: true })
  const keys = paths.map(path => path.slice(resources.length))
  const found = await catalog.byKeys('resource', keys).finally(close)
  return new Map(found.map(({ key, title }) => [`${resources}${key}`, numberIn(title)]))
}

const resources = '/v1/resources/'

/** `/v1/resources/go.r0-1-4` is of `/v1/resources/go.r0-1`. */
const writerOf = (path: string): string => path.replace(/-\d+$/, '')
