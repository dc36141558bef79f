import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { casesOf } from '../cases.ts'
import { copyOf, databaseOf, databaseOfOne, filesOf, newDatabase } from '../data.ts'
import { type BenchRequest, fetchResponse, get, type LoadResult, post as postRequest } from '../load.ts'
import { type Bench, median, timeOf } from '../measure.ts'
import { formatted } from '../report.ts'
import { program, type Server, startOurs } from '../servers.ts'
import { trackSlug } from '../tracks.ts'

export const adminKey = 'a-key-for-the-bench-alone-of-more-than-32-letters'
export const track = trackSlug(1)

/** Sends a write, without a precondition that could fail. */
export const write = async (
  { port }: Server,
  method: 'PUT' | 'PATCH',
  path: string,
  body: unknown,
): Promise<Response> => {
  const type = method === 'PUT' ? 'application/json' : 'application/merge-patch+json'
  const headers = { authorization: `Bearer ${adminKey}`, 'if-match': '*', 'content-type': type }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 500)}`)
  await response.arrayBuffer()
  return response
}

/** Writes whole documents during reads of the same track. */
export const writes = async ({ report, generator, quick, log }: Bench): Promise<void> => {
  const rows = report.table('Writes during reads', ['', 'req/s', 'p50 ms', 'p99 ms'])
  log('writes during reads')
  const server = await startOurs(copyOf(await databaseOf(10)), { ADMIN_KEY: adminKey })
  const { skill, 'list of 50': list, roadmap, 'GraphQL list': graphqlList } = casesOf(1)
  const path = `/v1/tracks/${track}/document`
  const document = String((await fetchResponse(server.port, get(path))).body)
  const version = (version: number) =>
    JSON.parse(document, (name, value) => {
      if (name === 'updatedAt') return undefined
      return typeof value === 'string' ? value.replace('Version 0.', `Version ${version}.`) : value
    })
  const load = { port: server.port, requests: [skill, list, roadmap, graphqlList], duration: quick ? 1 : 4 }
  const watched = watchVersions(server, [roadmap, list])
  await generator.run(load)
  const rounds: Record<'no writes' | 'two documents a second', LoadResult[]> = {
    'no writes': [],
    'two documents a second': [],
  }
  for (let round = 0, written = 0; round < 3; round++) {
    rounds['no writes'].push(await generator.run(load))
    let over = false
    const running = generator.run(load).finally(() => {
      over = true
    })
    for (; !over; await sleep(500)) await write(server, 'PUT', path, version(++written))
    rounds['two documents a second'].push(await running)
  }
  const { mixed, seen, versions } = await watched.end()
  await server.stop()
  const medianOf = (results: LoadResult[], name: keyof LoadResult) => median(results.map(result => result[name]))
  for (const [name, results] of Object.entries(rounds))
    rows.push([name, ...(['perSecond', 'p50', 'p99'] as const).map(field => formatted(medianOf(results, field)))])
  const value = medianOf(rounds['two documents a second'], 'p99') / medianOf(rounds['no writes'], 'p99')
  report.atMost('p99 of readers during writes', { value, unit: '×' }, 2)
  const by = `${versions} versions seen`
  report.atMost('responses that mix two versions', { value: mixed, unit: `of ${seen}`, by }, 0)
}

/** Reads continuously, and counts responses with summaries of different versions. */
const watchVersions = ({ port }: Server, requests: BenchRequest[]) => {
  const versions = new Set<string>()
  let over = false
  let [mixed, seen] = [0, 0]
  const watch = async (request: BenchRequest) => {
    for (; !over; seen++) {
      const found = new Set(String((await fetchResponse(port, request)).body).match(/(?<=Version )\d+/g))
      for (const version of found) versions.add(version)
      if (found.size !== 1) mixed++
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

const skills = 10_000
const burst = 32

/**
 * Measures one track of 10,000 skills: a small write, learning paths, and how often a changed roadmap is built if 32 clients request
 * it at once, derived from their waiting time.
 */
export const largeTrack = async ({ report, quick, log }: Bench): Promise<void> => {
  const rows = report.table(`One track of ${skills} skills`, ['', 'median ms'])
  log(`a track of ${skills} skills`)
  const server = await startOurs(copyOf(await databaseOfOne(skills)), { ADMIN_KEY: adminKey })
  const send = (request: BenchRequest) => fetchResponse(server.port, request)
  let written = 0
  const patch = () => write(server, 'PATCH', `/v1/skills/${track}.skill-44`, { summary: `Summary ${++written}.` })
  // The response to HEAD is built as for GET, but sending megabytes would hide that time.
  const roadmaps = (clients: number) =>
    Promise.all(Array.from({ length: clients }, () => send({ ...casesOf(1).roadmap, method: 'HEAD' })))
  const known = Array.from({ length: skills / 2 }, (_, index) => `skill-${index * 2}`)
  const post = (path: string, body: unknown) => send(postRequest(`/v1/tracks/${track}/${path}`, body))
  const times: Record<string, number[]> = {}
  const record = async (name: string, work: () => unknown) => {
    times[name] = [...(times[name] ?? []), await timeOf(work)]
  }
  await patch()
  await roadmaps(1)
  // Every round sends other requests, or the same ones after a change, so that no response is cached.
  for (let round = 1; round <= (quick ? 3 : 9); round++) {
    await record('one small write', patch)
    await record('changed roadmap, one request', () => roadmaps(1))
    await patch()
    await record(`changed roadmap, ${burst} requests at once`, () => roadmaps(burst))
    await record('learning path to one of the last skills', () => post('path', { to: [`skill-${skills - round}`] }))
    await record(`next skills, ${skills / 2} known`, () => post('next', { known: known.slice(round) }))
  }
  await server.stop()
  const medians = Object.entries(times).map(([name, all]): [string, number] => [name, median(all)])
  rows.push(...medians.map(([name, value]) => [name, formatted(value)]))
  const [[, small], [, one], [, all]] = medians as [[string, number], [string, number], [string, number]] // in the order of `record`
  report.atMost(`one small write, track of ${skills} skills`, { value: small, unit: 'ms' }, 50)
  const builds = { value: all / one, unit: 'times', by: 'time' }
  report.atMost(`builds of a changed roadmap for ${burst} requests at once`, builds, 2)
}

/** Loads many tracks from files, and again when nothing has changed. */
export const loading = async ({ report, quick, log }: Bench): Promise<void> => {
  const tracks = quick ? 10 : 1_000
  const folder = await filesOf(tracks)
  log(`loading ${tracks} tracks`)
  const env = { PATH: process.env.PATH, DATABASE_URL: `file:${newDatabase()}` }
  const load = () => promisify(execFile)(process.execPath, [...program, 'load', folder], { env, maxBuffer: 2 ** 30 })
  report.atMost(`loading ${tracks * 100} skills`, { value: (await timeOf(load)) / 1_000, unit: 's' }, 30)
  report.atMost(`loading ${tracks * 100} unchanged skills`, { value: (await timeOf(load)) / 1_000, unit: 's' }, 2)
}
