import { setTimeout as sleep } from 'node:timers/promises'
import { casesOf, distinctRequests } from '../cases.ts'
import { databaseOf, seed, shippedDatabase } from '../data.ts'
import { type BenchRequest, fetchResponse, get, post } from '../load.ts'
import { type Bench, interleaved, median } from '../measure.ts'
import { formatted, measuredHeading, measuredRows } from '../report.ts'
import { type Server, startOurs } from '../servers.ts'
import { trackSlug } from '../tracks.ts'

/** Measures the start and the memory, with the shipped track and with 100,000 skills. */
export const starts = async ({ report, generator, quick, log }: Bench): Promise<void> => {
  const rows = report.table('Starts', ['', 'median s', 'fastest s', 'slowest s', 'MB at rest'])
  const tracks = quick ? 100 : 1_000
  log('starts')
  const start = async () =>
    startOurs(await shippedDatabase(), { CONTENT: seed }, { probePath: '/v1/skills/python.decorators' })
  const { server, ...shipped } = await measureStart(start, quick ? 3 : 11)
  const startLarge = async () =>
    startOurs(await databaseOf(tracks), {}, { probePath: `/v1/skills/${trackSlug(tracks)}.skill-44` })
  const { server: largeServer, ...large } = await measureStart(startLarge, 3)
  await largeServer.stop()
  const skills = `${tracks * 100} skills`
  rows.push(['shipped track', ...shipped.row], [skills, ...large.row])
  report.atMost('start to first response', shipped.time, 0.5)
  report.atMost(`start to first response, ${skills}`, large.time, 1)
  report.atMost('memory at rest', shipped.memory, 110)
  report.atMost(`memory at rest, ${skills}`, large.memory, 200)
  log('memory under load')
  const requests = await mixedRequests(server)
  let most = 0
  const sampling = setInterval(() => {
    most = Math.max(most, server.costs().memory)
  }, 500)
  const load = { port: server.port, requests }
  await generator.run({ ...load, connections: 10, overallRate: 50, duration: quick ? 10 : 60 })
  clearInterval(sampling)
  report.atMost('memory under light traffic, at most', { value: most, unit: 'MB' }, 160)
  await generator.run({ ...load, duration: quick ? 2 : 20 })
  report.atMost('memory after the benchmark', { value: server.costs().memory, unit: 'MB' }, 250)
  await server.stop()
}

/** Starts a server several times; returns the last one, at rest. */
const measureStart = async (start: () => Promise<Server>, times: number) => {
  const seconds: number[] = []
  let server: Server | undefined
  for (let time = 0; time < times; time++) {
    await server?.stop()
    server = await start()
    seconds.push(server.startTime / 1_000)
  }
  if (server === undefined) throw new Error('No server was started.')
  // The garbage of the start is collected in the first idle second.
  await sleep(5_000)
  const { memory } = server.costs()
  return {
    server,
    time: { value: median(seconds), unit: 's' },
    memory: { value: memory, unit: 'MB' },
    row: [median(seconds), Math.min(...seconds), Math.max(...seconds), memory].map(formatted),
  }
}

/** Returns different requests to all parts of the service, about the skills of the shipped track. */
const mixedRequests = async ({ port }: Server): Promise<BenchRequest[]> => {
  const { body } = await fetchResponse(port, get('/v1/skills?track=python&limit=200'))
  const { data } = JSON.parse(String(body)) as { data: { key: string; slug: string; category: string }[] }
  const query = `query ($skill: ID!) { skill(ref: $skill) { title summary prerequisites { key title } category { title } } }`
  const whole = ['/v1/tracks/python/roadmap', '/tracks/python', '/v1/tracks/python/export/markdown'] as const
  return data.flatMap(({ key, slug, category }, index) => [
    get(`/v1/skills/${key}`),
    get(`/v1/search?q=${slug.replaceAll('-', '+')}`),
    get(`/v1/skills?category=${category}&limit=${1 + index}`),
    post('/graphql', { query, variables: { skill: key } }),
    get(whole[index % 3] ?? whole[0]),
  ])
}

/** Compares two processes on one port with one, with responses that take the server far longer than the generator. */
export const workers = async (bench: Bench): Promise<void> => {
  const rows = bench.report.table('Two processes on one port', measuredHeading)
  bench.log('two processes')
  const database = await databaseOf(1)
  const one = await startOurs(database, { CACHE_BYTES: '0' })
  const two = await startOurs(database, { CACHE_BYTES: '0', WORKERS: '2' })
  const request = distinctRequests(casesOf(1)['GraphQL matrix'])
  // Each process warms up with half of the requests.
  const pace = { ...bench.pace, warmUp: 2 + bench.pace.warmUp }
  const contenders = { 'one process': { server: one, request }, 'two processes': { server: two, request } }
  const measured = await interleaved({ ...bench, pace }, contenders)
  for (const server of [one, two]) await server.stop()
  rows.push(...measuredRows('GraphQL matrix, without the response cache', measured))
  const value = measured['two processes'].perSecond / measured['one process'].perSecond
  bench.report.atLeast('two processes for one, GraphQL matrix', { value, unit: '×', by: 'req/s' }, 1.3)
}
