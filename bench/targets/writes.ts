import { setTimeout as pause } from 'node:timers/promises'
import { cases, graphqlCases } from '../cases.ts'
import { copyOf, databaseOf } from '../data.ts'
import { formatted } from '../figure.ts'
import type { Summary } from '../load/generator.ts'
import { type BenchRequest, fetchResponse } from '../load/request.ts'
import type { Bench, Section } from '../section.ts'
import { startOurs } from '../servers/ours.ts'
import type { Server } from '../servers/server.ts'
import { startWriter } from '../servers/writer.ts'
import { median } from '../statistics.ts'

/** The requests of the readers, all for the track that changes, one of ten. */
const requests: BenchRequest[] = [cases.skill, cases['list by tier'], cases.roadmap, graphqlCases['GraphQL list']]

/** Target 6: another process writes during reads. */
export const writes = async ({ generator, quick, log }: Bench): Promise<Section[]> => {
  const section: Section = { title: 'Writes during reads', rows: [], figures: [] }
  log('writes during reads')
  const database = copyOf(await databaseOf(10))
  const server = await startOurs(database)
  const writer = startWriter(database, 100)
  const load = { port: server.port, requests, seconds: quick ? 1 : 4 }
  const watch = watchVersions(server, [cases.roadmap, cases['list by tier']])
  await generator.run({ ...load, seconds: 1 })
  const [quiet, busy]: [Summary[], Summary[]] = [[], []]
  let version = 0
  const writing = async (running: Promise<Summary>): Promise<Summary> => {
    let over = false
    const summary = running.finally(() => {
      over = true
    })
    while (!over) {
      await writer.write(++version)
      await pause(500)
    }
    return summary
  }
  for (let round = 0; round < 3; round++) {
    quiet.push(await generator.run(load))
    busy.push(await writing(generator.run(load)))
  }
  const { mixed, seen, versions } = await watch.end()
  await writer.stop()
  await server.stop()
  const of = (rounds: Summary[], name: keyof Summary) => median(rounds.map(round => round[name]))
  const row = (name: string, rounds: Summary[]) => [
    name,
    ...(['perSecond', 'p50', 'p99'] as const).map(field => formatted(of(rounds, field))),
  ]
  section.rows.push(['', 'req/s', 'p50 ms', 'p99 ms'], row('no writes', quiet), row('two writes a second', busy))
  section.figures.push(
    {
      target: 6,
      name: 'p99 of readers during writes',
      value: of(busy, 'p99') / of(quiet, 'p99'),
      unit: '×',
      wanted: { most: 2 },
    },
    {
      target: 6,
      name: 'responses that mix two versions',
      value: mixed,
      unit: `of ${seen}`,
      wanted: { most: 0 },
      by: `${versions} versions seen`,
    },
  )
  return [section]
}

/** Reads continuously, and counts responses with summaries of different versions. */
const watchVersions = ({ port }: Server, requests: BenchRequest[]) => {
  const versions = new Set<string>()
  let over = false
  let [mixed, seen] = [0, 0]
  const watch = async (request: BenchRequest) => {
    while (!over) {
      const { body } = await fetchResponse(port, request)
      const found = new Set(String(body).match(/(?<=Version )\d+/g))
      for (const version of found) versions.add(version)
      if (found.size !== 1) mixed++
      seen++
    }
  }
  const watching = Promise.all(requests.map(watch))
  return {
    end: async () => {
      over = true
      await watching
      return { mixed, seen, versions: versions.size }
    },
  }
}
