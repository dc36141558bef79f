import { mkdirSync } from 'node:fs'
import type { Test } from 'tap'
import { serve, waitUntil } from '../fixtures/service.ts'
import {
  type Acknowledged,
  countWrites,
  env,
  formatCounts,
  kill,
  read,
  startWriters,
  type WriteResponse,
} from './client.ts'
import type { Disk } from './disk.ts'
import { createDatabaseWithTrack } from './kill.ts'
import { checkIntegrity } from './sqlite-file.ts'

const paths = ['/v1/tracks/go/document', '/v1/resources', '/v1/search?q=round', '/v1/changes', '/readyz', '/healthz']

/** Fills the disk of a service under writes and makes room again, several times, without a restart. */
export const fillDiskWhileWriting = async (t: Test, disk: Disk, rounds: number): Promise<void> => {
  const database = `${disk.folder}/curriculum.db`
  mkdirSync(`${disk.folder}/content`)
  await createDatabaseWithTrack(database)
  const begin = () => serve(t, disk.folder, { node: disk.node, env })
  const service = begin()
  const address = await service.address()
  const pid = Number(service.child.pid)
  const acknowledged: Acknowledged = new Map()
  const rejected: WriteResponse[] = []
  for (let round = 0; round < rounds; round += 1) {
    // The first time the disk is full before the first write, so the write thread starts on a full disk.
    const early = round === 0 ? await disk.fill(pid) : undefined
    const stop = startWriters(address, 3, round, acknowledged, rejected)
    if (early === undefined) await waitForMore(() => countWrites(acknowledged), 15)
    const makeRoom = early ?? (await disk.fill(pid))
    await waitForMore(() => rejected.filter(isDiskFull).length, 3)
    for (const path of paths) t.equal((await read(address, path)).status, 200, `${path} can still be read`)
    await makeRoom()
    await waitForMore(() => countWrites(acknowledged), 15)
    await stop()
  }
  t.same(rejected.filter(one => !isDiskFull(one) && !isBusy(one)).slice(0, 3), [], 'every rejection names the reason')
  t.same(await differingPaths(address, acknowledged), [], 'all acknowledged writes are stored, and no rejected one')
  await kill(service)
  t.same(await differingPaths(await begin().address(), acknowledged), [], 'the same after a kill')
  t.equal(checkIntegrity(database), 'ok')
  t.comment(
    `${disk.description}, full ${rounds} times: ${countWrites(acknowledged)} writes acknowledged, 0 lost; rejected: ${formatCounts(rejected.map(({ status }) => status))}`,
  )
}

/** Waits until the count has grown by this number. */
const waitForMore = async (count: () => number, many: number): Promise<void> => {
  const before = count()
  await waitUntil(
    () => (count() >= before + many ? true : undefined),
    () => `the count was ${before} and grew by ${count() - before} only`,
  )
}

/** Returns true for 507 (disk full), or 503 if the system reports another reason for it. */
const isDiskFull = ({ status, body }: WriteResponse): boolean =>
  [503, 507].includes(status) && /^\{"type":"urn:curriculum:problem:unavailable".*nothing was written/.test(body)

const isBusy = ({ status, body }: WriteResponse): boolean => status === 503 && /try again/.test(body)

/** Returns the paths whose content is not that of the last acknowledged write. */
const differingPaths = async (address: string, acknowledged: Acknowledged): Promise<string[]> => {
  const differing: string[] = []
  for (const [path, bodies] of acknowledged)
    if ((await read(address, path)).body !== bodies.at(-1)) differing.push(path)
  return differing
}
