import { cases } from '../cases.ts'
import { copyOf, databaseOfOne } from '../data.ts'
import { type Figure, formatted } from '../figure.ts'
import { type BenchRequest, fetchResponse } from '../load/request.ts'
import type { Bench, Section } from '../section.ts'
import { startOurs } from '../servers/ours.ts'
import type { Server } from '../servers/server.ts'
import { startWriter } from '../servers/writer.ts'

const burst = 32

/**
 * Target 6: how often a changed roadmap is built if 32 clients request it at once, derived from their waiting time. The time that
 * one client waits longer than for an unchanged roadmap is the time to build it.
 */
export const stampede = async ({ quick, log }: Bench): Promise<Section[]> => {
  log('a burst after a change')
  const skills = 1_000
  const database = copyOf(await databaseOfOne(skills))
  const server = await startOurs(database)
  const writer = startWriter(database, skills)
  const times = { 'one, changed': [], 'one, unchanged': [], 'all, changed': [], 'all, unchanged': [] } as Record<
    Burst,
    number[]
  >
  let version = 0
  for (let round = 0; round < (quick ? 4 : 8); round++)
    for (const [clients, size] of [
      ['one', 1],
      ['all', burst],
    ] as const) {
      await writer.write(++version)
      times[`${clients}, changed`].push(await burstTime(server, size))
      times[`${clients}, unchanged`].push(await burstTime(server, size))
    }
  await writer.stop()
  await server.stop()
  // The shortest, since other work of the machine only adds to it.
  const took = (name: Burst) => Math.min(...times[name])
  const names = Object.keys(times) as Burst[] // the keys of `times`
  const rows = [[`roadmap of ${skills} skills`, 'ms'], ...names.map(name => [name, formatted(took(name))])]
  const built = (took('all, changed') - took('all, unchanged')) / (took('one, changed') - took('one, unchanged'))
  const figure: Figure = {
    target: 6,
    name: `builds of a changed roadmap for ${burst} requests at once`,
    value: built,
    unit: 'times',
    wanted: { most: 2 },
    by: 'time',
  }
  return [{ title: `${burst} requests at once after a change`, rows, figures: [figure] }]
}

type Burst = `${'one' | 'all'}, ${'changed' | 'unchanged'}`

/** Measures a burst of HEAD requests. Their response is built as for GET, but sending megabytes would hide that time. */
const burstTime = async ({ port }: Server, size: number): Promise<number> => {
  const request: BenchRequest = { ...cases.roadmap, method: 'HEAD' }
  const started = performance.now()
  await Promise.all(Array.from({ length: size }, () => fetchResponse(port, request)))
  return performance.now() - started
}
