import { cases } from '../cases.ts'
import { copyOf, databaseOfOne } from '../data.ts'
import { type Figure, shown } from '../figure.ts'
import { answerTo, type BenchRequest } from '../load/request.ts'
import type { Bench, Section } from '../section.ts'
import { startOurs } from '../servers/ours.ts'
import type { Server } from '../servers/server.ts'
import { startWriter } from '../servers/writer.ts'

const burst = 32

/**
 * Target 6 too: how often a roadmap is built that 32 ask for at once after it changed, told by how long they wait. What one
 * waits longer than for an unchanged one is the building.
 */
export const stampede = async ({ quick, say }: Bench): Promise<Section[]> => {
  say('a burst after a change')
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
    for (const [who, size] of [
      ['one', 1],
      ['all', burst],
    ] as const) {
      await writer.write(++version)
      times[`${who}, changed`].push(await timeOf(server, size))
      times[`${who}, unchanged`].push(await timeOf(server, size))
    }
  await writer.stop()
  await server.stop()
  // The quickest, since whatever else the machine does only adds to it.
  const took = (name: Burst) => Math.min(...times[name])
  const names = Object.keys(times) as Burst[] // as it was made
  const rows = [[`roadmap of ${skills} skills`, 'ms'], ...names.map(name => [name, shown(took(name))])]
  const built = (took('all, changed') - took('all, unchanged')) / (took('one, changed') - took('one, unchanged'))
  const figure: Figure = {
    target: 6,
    name: `a changed roadmap is built for ${burst} at once`,
    value: built,
    unit: 'times',
    wanted: { most: 2 },
    by: 'time',
  }
  return [{ title: `${burst} requests at once after a change`, rows, figures: [figure] }]
}

type Burst = `${'one' | 'all'}, ${'changed' | 'unchanged'}`

/** By HEAD, for which an answer is made as for GET: the sending of megabytes would hide the making. */
const timeOf = async ({ port }: Server, size: number): Promise<number> => {
  const request: BenchRequest = { ...cases.roadmap, method: 'HEAD' }
  const started = performance.now()
  await Promise.all(Array.from({ length: size }, () => answerTo(port, request)))
  return performance.now() - started
}
