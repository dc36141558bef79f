import { mkdirSync } from 'node:fs'
import type { Test } from 'tap'
import { serve, waitUntil } from '../fixtures/service.ts'
import type { Disk } from './disk.ts'
import { integrityOf } from './integrity.ts'
import { seeded } from './kill.ts'
import { type Acknowledged, counts, env, killed, read, type Written, writers, writesIn } from './writers.ts'

const paths = ['/v1/tracks/go/document', '/v1/resources', '/v1/search?q=round', '/v1/changes', '/readyz', '/healthz']

/** Fills the disk under a service that is written to, and makes room again: so many times, without a start in between. */
export const fillRounds = async (t: Test, disk: Disk, rounds: number): Promise<void> => {
  const database = `${disk.folder}/curriculum.db`
  mkdirSync(`${disk.folder}/content`)
  await seeded(database)
  const begin = () => serve(t, disk.folder, { node: disk.node, env })
  const service = begin()
  const address = await service.address()
  const pid = Number(service.child.pid)
  const acknowledged: Acknowledged = new Map()
  const refused: Written[] = []
  for (let round = 0; round < rounds; round += 1) {
    // The first time it is full before anything was written: the thread that writes begins on a full disk.
    const early = round === 0 ? await disk.fill(pid) : undefined
    const stop = writers(address, 3, round, acknowledged, refused)
    if (early === undefined) await more(() => writesIn(acknowledged), 15)
    const makeRoom = early ?? (await disk.fill(pid))
    await more(() => refused.filter(isForRoom).length, 3)
    for (const path of paths) t.equal((await read(address, path)).status, 200, `${path} is read all the same`)
    await makeRoom()
    await more(() => writesIn(acknowledged), 15)
    await stop()
  }
  t.same(refused.filter(one => !isForRoom(one) && !isBusy(one)).slice(0, 3), [], 'a write is refused as what it is')
  t.same(await otherwise(address, acknowledged), [], 'what was acknowledged is there, and nothing that was refused')
  await killed(service)
  t.same(await otherwise(await begin().address(), acknowledged), [], 'nor is anything else there after a kill')
  t.equal(integrityOf(database), 'ok')
  t.comment(
    `${disk.how}, full ${rounds} times: ${writesIn(acknowledged)} writes acknowledged, 0 lost; refused: ${counts(refused.map(({ status }) => status))}`,
  )
}

/** Waits until there are so many more than there were. */
const more = async (count: () => number, many: number): Promise<void> => {
  const before = count()
  await waitUntil(
    () => (count() >= before + many ? true : undefined),
    () => `there were ${before}, and only ${count() - before} more came`,
  )
}

/** 507 where the disk has no room, 503 where the system names another reason. */
const isForRoom = ({ status, body }: Written): boolean =>
  [503, 507].includes(status) && /^\{"type":"urn:curriculum:problem:unavailable".*nothing was written/.test(body)

const isBusy = ({ status, body }: Written): boolean => status === 503 && /try again/.test(body)

/** The nouns that are not just as they were acknowledged last. */
const otherwise = async (address: string, acknowledged: Acknowledged): Promise<string[]> => {
  const differing: string[] = []
  for (const [path, bodies] of acknowledged)
    if ((await read(address, path)).body !== bodies.at(-1)) differing.push(path)
  return differing
}
