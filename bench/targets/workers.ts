import { availableParallelism } from 'node:os'
import { cases } from '../cases.ts'
import { databaseOf } from '../data.ts'
import { measuredHeading, measuredRow } from '../figure.ts'
import { interleaved } from '../rounds.ts'
import type { Bench, Section } from '../section.ts'
import { startOurs } from '../servers/ours.ts'

/** Target 5: two processes on one port compared with one. */
export const workers = async ({ generator, pace, log }: Bench): Promise<Section[]> => {
  const database = await databaseOf(1)
  const section: Section = { title: 'Two processes on one port', rows: [measuredHeading], figures: [] }
  // Without the cache the generator takes little CPU time; with it, up to half a core.
  for (const [kind, environment] of [
    ['cached', {}],
    ['without the cache', { CACHE_BYTES: '0' }],
  ] as const) {
    log(`two processes, ${kind}`)
    const one = await startOurs(database, environment)
    const two = await startOurs(database, { ...environment, WORKERS: '2' })
    const request = cases['list of 50']
    const measured = await interleaved(
      generator,
      { 'one process': { server: one, request }, 'two processes': { server: two, request } },
      { ...pace, warmUp: pace.warmUp * 2 },
    )
    for (const [processes, result] of Object.entries(measured))
      section.rows.push(measuredRow(`list of 50, ${kind}, ${processes}`, result, measured['one process']))
    section.figures.push({
      target: 5,
      name: `two processes for one on ${availableParallelism()} cores, list of 50, ${kind}`,
      value: measured['two processes'].perSecond / measured['one process'].perSecond,
      unit: '×',
      wanted: { least: 1.3 },
      by: 'req/s',
    })
    for (const server of [one, two]) await server.stop()
  }
  return [section]
}
