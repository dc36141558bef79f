import { setTimeout as pause } from 'node:timers/promises'
import { seed, shippedDatabase } from '../data.ts'
import type { Figure } from '../figure.ts'
import { type BenchRequest, get } from '../load/request.ts'
import type { Bench, Section } from '../section.ts'
import { startOurs } from '../servers/ours.ts'
import { median } from '../statistics.ts'

/** Target 4, and the memory of target 3: the shipped track, loaded at an earlier start. */
export const starts = async ({ quick, log }: Bench): Promise<Section[]> => {
  log('starts')
  const database = await shippedDatabase()
  const request = get('/v1/skills/python.decorators')
  const times: number[] = []
  for (let start = 0; start < (quick ? 3 : 11); start++)
    times.push(await millisecondsToAnswer(database, { CONTENT: seed }, request))
  const figures: Figure[] = [
    { target: 4, name: 'start to first response', value: median(times) / 1_000, unit: 's', wanted: { most: 0.7 } },
    {
      target: 3,
      name: 'memory idle, shipped track',
      value: await idleMemory(database),
      unit: 'MB',
      wanted: { most: 120 },
    },
  ]
  const rows = [['start', 'ms'], ...times.map((time, index) => [`${index + 1}`, time.toFixed(0)])]
  return [{ title: 'Starts with the shipped track', rows, figures }]
}

/** Returns the milliseconds from the start of the process to its first response. */
export const millisecondsToAnswer = async (
  database: string,
  environment: Record<string, string>,
  { path, status }: BenchRequest,
): Promise<number> => {
  const { first, stop } = await startOurs(database, environment, { probePath: path })
  await stop()
  if (first.status !== status) throw new Error(`The first response had status ${first.status}.`)
  return first.after
}

const idleMemory = async (database: string): Promise<number> => {
  const server = await startOurs(database, { CONTENT: seed })
  await pause(2_000)
  const { memory } = server.costs()
  await server.stop()
  return memory
}
