import { casesOf, matrixByGet } from '../cases.ts'
import { databaseOf } from '../data.ts'
import { type BenchRequest, fetchResponse } from '../load.ts'
import { type Bench, interleaved, type Measured, ratioOf } from '../measure.ts'
import { measuredHeading, measuredRows } from '../report.ts'
import { onLimit, type Server, startLimit, startOurs, startTextbook } from '../servers.ts'

/** Compares repeated responses with constants. */
export const repeated = async (bench: Bench): Promise<void> => {
  const rows = bench.report.table('Repeated responses of a track of 100 skills', measuredHeading)
  const ours = await startOurs(await databaseOf(1))
  const { skill } = casesOf(1)
  const { etag } = await fetchResponse(ours.port, skill)
  const cases: Record<string, BenchRequest> = {
    ...casesOf(1),
    'GraphQL matrix by GET': matrixByGet(1),
    'skill, 304': { ...skill, headers: { 'if-none-match': etag }, status: 304 },
    'skill, HEAD': { ...skill, method: 'HEAD' },
  }
  const limit = await startLimit(ours, cases)
  for (const [name, request] of Object.entries(cases)) {
    bench.log(`${name}, repeated`)
    const measured = await interleaved(bench, {
      limit: { server: limit, request: onLimit(name, request) },
      ours: { server: ours, request },
    })
    rows.push(...measuredRows(name, measured))
    bench.report.atLeast(`${name}, repeated`, ratioOf(measured.ours, measured.limit, 'L'), 0.9)
  }
  for (const server of [ours, limit]) await server.stop()
}

/** The share of the limit that each response must reach if nothing of it is cached. */
const wanted = {
  ...{ skill: 0.5, 'list of 50': 0.3, roadmap: 0.3, search: 0.3 },
  ...{ 'GraphQL list': 0.25, 'GraphQL matrix': 0.25 },
}

/** Compares responses about many tracks in turn, without any cache, with constants and with the textbook. */
export const uncached = async (bench: Bench): Promise<void> => {
  const [tracks, inTurn] = bench.quick ? [100, 100] : [1_000, 200]
  const title = `Responses about ${inTurn} of ${tracks} tracks in turn, without any cache`
  const rows = bench.report.table(title, measuredHeading)
  const database = await databaseOf(tracks)
  const ours = await startOurs(database, { CACHE_BYTES: '0' })
  const textbook = await startTextbook(database)
  const limit = await startLimit(ours, casesOf(1))
  const all = Array.from({ length: inTurn }, (_, index) => casesOf(1 + (index * tracks) / inTurn))
  for (const [name, least] of Object.entries(wanted) as [keyof typeof wanted, number][]) {
    bench.log(`${name}, without any cache`)
    const request = all.map(cases => cases[name])
    const inTextbook = name !== 'search'
    if (inTextbook) await assertComparable(ours, textbook, casesOf(1)[name])
    const measured: Record<'limit' | 'ours', Measured> & { textbook?: Measured } = await interleaved(bench, {
      limit: { server: limit, request: onLimit(name, casesOf(1)[name]) },
      ours: { server: ours, request },
      ...(inTextbook && { textbook: { server: textbook, request } }),
    })
    rows.push(...measuredRows(name, measured))
    bench.report.atLeast(`${name}, without any cache`, ratioOf(measured.ours, measured.limit, 'L'), least)
    if (measured.textbook !== undefined)
      bench.report.atLeast(`${name}, without any cache`, ratioOf(measured.ours, measured.textbook, '× textbook'), 4)
  }
  for (const server of [ours, textbook, limit]) await server.stop()
}

/** Checks that the textbook's response is as long as ours, within 20 %: a different response would prove nothing. */
const assertComparable = async (ours: Server, textbook: Server, request: BenchRequest): Promise<void> => {
  const lengths: number[] = []
  for (const { port } of [ours, textbook]) lengths.push((await fetchResponse(port, request)).body.length)
  const [our = 0, other = 0] = lengths
  if (Math.abs(other / our - 1) > 0.2)
    throw new Error(`The textbook's response to ${request.path} has ${other} bytes, ours has ${our}.`)
}
