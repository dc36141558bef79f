import { databaseOf } from '../data.ts'
import { type Figure, ratioOf } from '../figure.ts'
import { answerTo, type BenchRequest, get } from '../load/request.ts'
import { interleaved } from '../rounds.ts'
import type { Bench } from '../section.ts'
import { longestHold } from '../servers/held.ts'
import type { Server } from '../servers/server.ts'
import { median } from '../statistics.ts'
import { common, rareWord } from '../words.ts'
import { answeredAfter } from './starts.ts'

/** The rest of target 3, on servers of the biggest database that have answered everything else already; the last keeps no cache. */
export const large = async (bench: Bench, tracks: number, servers: Server[]): Promise<Figure[]> => {
  const uncached = servers.at(-1) as Server // there is always one
  return [
    await lastPage(bench, uncached),
    await rareSearch(bench, uncached, tracks),
    await commonSearch(uncached),
    most(`start to ready, ${tracks} tracks`, await startOf(tracks), 's', 2),
    most(
      `memory after the benchmark, ${tracks} tracks`,
      Math.max(...servers.map(server => server.costs().memory)),
      'MB',
      400,
    ),
  ]
}

const most = (name: string, value: number, unit: string, wanted: number, by?: string): Figure => ({
  target: 3,
  name,
  value,
  unit,
  wanted: { most: wanted },
  ...(by !== undefined && { by }),
})

const size = 50

const lastPage = async ({ generator, pace, say }: Bench, server: Server): Promise<Figure> => {
  say('the last page')
  const first = get(`/v1/skills?limit=${size}`)
  const measured = await interleaved(
    generator,
    { first: { server, request: first }, last: { server, request: await lastOf(server) } },
    { ...pace, rounds: 3 },
  )
  const { ratio, by } = ratioOf(measured.first, measured.last)
  return most('the last page for the first', ratio, '× slower', 1.25, by)
}

/** Whoever wants the last full page has to go there page by page. */
const lastOf = async ({ port }: Server): Promise<BenchRequest> => {
  let request = get('/v1/skills?limit=200')
  for (let left = Number.POSITIVE_INFINITY, seen = 0; left > size; ) {
    const { page } = JSON.parse(String((await answerTo(port, request)).body)) as Paged
    seen += page.size
    left = page.total - seen
    if (page.next !== null) request = get(`/v1/skills?limit=${left >= 200 + size ? 200 : size}&after=${page.next}`)
  }
  return request
}

type Paged = { page: { size: number; total: number; next: string | null } }

/** Other words each time, over one connection: what one person waits for. */
const rareSearch = async ({ generator, pace, say }: Bench, server: Server, tracks: number): Promise<Figure> => {
  say('searches')
  const requests = Array.from({ length: Math.min(tracks, 200) }, (_, index) =>
    get(`/v1/search?q=${rareWord(index + 1)}`),
  )
  const load = { port: server.port, requests, connections: 1, seconds: pace.seconds }
  const rounds = []
  for (let round = 0; round < pace.rounds; round++) rounds.push((await generator.run(load)).p50)
  return most('search for a rare word, median', median(rounds), 'ms', 1)
}

/** Each once, one after the other: whatever holds the event loop longest counts. */
const commonSearch = async (server: Server): Promise<Figure> => {
  await longestHold(server)
  for (const words of [...common.slice(0, 8), 'le', 'wri', 'learn write', 'the data of', 'read test build data code'])
    await answerTo(server.port, get(`/v1/search?${new URLSearchParams({ q: words })}`))
  return most('search for common words, event loop held', await longestHold(server), 'ms', 50)
}

const startOf = async (tracks: number): Promise<number> => {
  const database = await databaseOf(tracks)
  const times: number[] = []
  for (let start = 0; start < 3; start++) times.push(await answeredAfter(database, {}, get('/readyz')))
  return median(times) / 1_000
}
