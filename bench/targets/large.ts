import { databaseOf } from '../data.ts'
import { type Figure, ratioOf } from '../figure.ts'
import { type BenchRequest, fetchResponse, get } from '../load/request.ts'
import { interleaved } from '../rounds.ts'
import type { Bench } from '../section.ts'
import { maxDelay } from '../servers/event-loop-delay.ts'
import type { Server } from '../servers/server.ts'
import { median } from '../statistics.ts'
import { common, rareWord } from '../words.ts'
import { millisecondsToAnswer } from './starts.ts'

/** The rest of target 3, on servers of the biggest database after all other requests; the last server has no cache. */
export const large = async (bench: Bench, tracks: number, servers: Server[]): Promise<Figure[]> => {
  const uncached = servers.at(-1) as Server // there is at least one
  return [
    await lastPage(bench, uncached),
    await rareSearch(bench, uncached, tracks),
    await commonSearch(uncached),
    figureAtMost(`start to ready, ${tracks} tracks`, await startOf(tracks), 's', 2),
    figureAtMost(
      `memory after the benchmark, ${tracks} tracks`,
      Math.max(...servers.map(server => server.costs().memory)),
      'MB',
      400,
    ),
  ]
}

const figureAtMost = (name: string, value: number, unit: string, wanted: number, by?: string): Figure => ({
  target: 3,
  name,
  value,
  unit,
  wanted: { most: wanted },
  ...(by !== undefined && { by }),
})

const size = 50

const lastPage = async ({ generator, pace, log }: Bench, server: Server): Promise<Figure> => {
  log('the last page')
  const first = get(`/v1/skills?limit=${size}`)
  const measured = await interleaved(
    generator,
    { first: { server, request: first }, last: { server, request: await lastPageRequest(server) } },
    { ...pace, rounds: 3 },
  )
  const { ratio, by } = ratioOf(measured.first, measured.last)
  return figureAtMost('the last page for the first', ratio, '× slower', 1.25, by)
}

/** Returns the request for the last full page, which a client reaches page by page. */
const lastPageRequest = async ({ port }: Server): Promise<BenchRequest> => {
  let request = get('/v1/skills?limit=200')
  for (let left = Number.POSITIVE_INFINITY, seen = 0; left > size; ) {
    const { page } = JSON.parse(String((await fetchResponse(port, request)).body)) as PagedBody
    seen += page.size
    left = page.total - seen
    if (page.next !== null) request = get(`/v1/skills?limit=${left >= 200 + size ? 200 : size}&after=${page.next}`)
  }
  return request
}

type PagedBody = { page: { size: number; total: number; next: string | null } }

/** Searches for a different word each time over one connection, as one person does. */
const rareSearch = async ({ generator, pace, log }: Bench, server: Server, tracks: number): Promise<Figure> => {
  log('searches')
  const requests = Array.from({ length: Math.min(tracks, 200) }, (_, index) =>
    get(`/v1/search?q=${rareWord(index + 1)}`),
  )
  const load = { port: server.port, requests, connections: 1, seconds: pace.seconds }
  const rounds = []
  for (let round = 0; round < pace.rounds; round++) rounds.push((await generator.run(load)).p50)
  return figureAtMost('search for a rare word, median', median(rounds), 'ms', 1)
}

/** Searches for each once, one after the other; the longest delay of the event loop counts. */
const commonSearch = async (server: Server): Promise<Figure> => {
  await maxDelay(server)
  for (const words of [...common.slice(0, 8), 'le', 'wri', 'learn write', 'the data of', 'read test build data code'])
    await fetchResponse(server.port, get(`/v1/search?${new URLSearchParams({ q: words })}`))
  return figureAtMost('search for common words, event loop blocked', await maxDelay(server), 'ms', 50)
}

const startOf = async (tracks: number): Promise<number> => {
  const database = await databaseOf(tracks)
  const times: number[] = []
  for (let start = 0; start < 3; start++) times.push(await millisecondsToAnswer(database, {}, get('/readyz')))
  return median(times) / 1_000
}
