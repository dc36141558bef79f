import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { parseItems } from '../../src/catalog.ts'
import { openStore } from '../../src/store/open-store.ts'
import { main, serve } from '../fixtures/service.ts'
import { type Acknowledged, countWrites, env, kill, lostWrites, numberIn, random, startWriters } from './client.ts'
import { createDatabaseWithTrack } from './kill.ts'
import { checkIntegrity, enlargeDatabase } from './sqlite-file.ts'

const run = promisify(execFile)

/** Takes backups of a database under constant writes, checks each, and restores the last one. */
export const backUpWhileWriting = async (t: Test, rounds: number): Promise<void> => {
  const folder = t.testdir({ content: {} })
  const command = (...args: string[]) =>
    run(process.execPath, [main, ...args], { env: { ...process.env, DATABASE_URL: `file:${folder}/curriculum.db` } })
  await createDatabaseWithTrack(`${folder}/curriculum.db`)
  enlargeDatabase(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  const address = await service.address()
  const acknowledged: Acknowledged = new Map()
  const pick = random(29)
  const copy = `${folder}/copy.db`
  const stop = startWriters(address, 4, 0, acknowledged)
  let before = snapshotOf(acknowledged)
  for (let round = 0; round < rounds; round += 1) {
    await sleep(pick(500))
    before = snapshotOf(acknowledged)
    await command('backup', copy, '--force')
    t.equal(checkIntegrity(copy), 'ok')
    t.same(await gapsIn(copy, before, snapshotOf(acknowledged)), [], 'it is the state of one moment')
  }
  await stop()
  const [all, required] = [acknowledged, before].map(countWrites)
  await kill(service)
  t.match((await command('restore', copy)).stdout, /^restored /)
  const again = serve(t, folder, { env })
  t.same(await lostWrites(await again.address(), before), [], 'earlier writes are restored')
  t.comment(
    `${rounds} backups while ${all} writes were acknowledged: 0 damaged, 0 with a gap; the last one, which was restored, holds ${required}`,
  )
}

const snapshotOf = (acknowledged: Acknowledged): Acknowledged =>
  new Map([...acknowledged].map(([path, bodies]) => [path, [...bodies]]))

/** Returns the paths that a copy lacks: writes acknowledged before it began, and writes before a later one of the same writer that it has. */
const gapsIn = async (copy: string, before: Acknowledged, after: Acknowledged): Promise<string[]> => {
  const copied = await numbersIn(copy, [...after.keys()])
  const newest = new Map<string, number>()
  for (const [path, number] of copied) newest.set(writerOf(path), Math.max(number, newest.get(writerOf(path)) ?? 0))
  return [...after].flatMap(([path, bodies]) => {
    const earlier = bodies.map(numberIn).filter(number => number <= (newest.get(writerOf(path)) ?? -1))
    const owed = [...(before.get(path) ?? []).map(numberIn), ...earlier]
    return owed.some(number => number > (copied.get(path) ?? -1)) ? [path] : []
  })
}

/** Returns the number of the write that each resource has in a copy. */
const numbersIn = async (copy: string, paths: string[]): Promise<Map<string, number>> => {
  const { catalog, close } = openStore(`file:${copy}`, { readOnly: true })
  const keys = paths.map(path => path.slice(resources.length))
  const found = await catalog.byKeys('resource', keys).finally(close)
  return new Map(parseItems(found).map(({ key, title }) => [`${resources}${key}`, numberIn(title)]))
}

const resources = '/v1/resources/'

/** Returns the part of the path that names the writer: `/v1/resources/go.r0-1` for `/v1/resources/go.r0-1-4`. */
const writerOf = (path: string): string => path.replace(/-\d+$/, '')
