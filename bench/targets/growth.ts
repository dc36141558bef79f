import { casesOf, distinctRequests } from '../cases.ts'
import { databaseOf } from '../data.ts'
import { type BenchRequest, fetchResponse, get } from '../load.ts'
import { type Bench, interleaved, type Measured, median, ratioOf } from '../measure.ts'
import { measuredHeading, measuredRows } from '../report.ts'
import { delayMonitor, maxDelay, type Server, startOurs } from '../servers.ts'
import { common, rareWord, trackSlug } from '../tracks.ts'

/** Sends the same requests to databases of 1 to 1,000 tracks of 100 skills. */
export const growth = async (bench: Bench): Promise<void> => {
  const { report, pace, quick } = bench
  const rows = report.table('The same requests with more and more tracks', measuredHeading)
  const sizes = quick ? [1, 100] : [1, 100, 1_000]
  const { 'list of 50': _, ...cases } = casesOf(1)
  const requests = {
    ...cases,
    'list by tier': get(`/v1/skills?track=${trackSlug(1)}&tier=senior`),
    'first page': get('/v1/skills?limit=50'),
  }
  for (const CACHE_BYTES of quick ? ['0'] : ['64000000', '0']) {
    const kind = CACHE_BYTES === '0' ? 'without the response cache' : 'cached'
    const servers: Server[] = []
    for (const size of sizes)
      servers.push(await startOurs(await databaseOf(size), { CACHE_BYTES }, { preload: delayMonitor }))
    for (const [name, request] of Object.entries<BenchRequest>(requests)) {
      bench.log(`${name}, ${kind}, of 1 to ${sizes.at(-1)} tracks`)
      const contenders = servers.map((server, index) => [
        `tracks: ${sizes[index]}`,
        { server, request: kind === 'cached' ? request : distinctRequests(request) },
      ])
      const rounds = { rounds: 3, seconds: pace.seconds, warmUp: pace.seconds }
      const measured: Record<string, Measured> = await interleaved(
        { ...bench, pace: rounds },
        Object.fromEntries(contenders),
      )
      rows.push(...measuredRows(`${name}, ${kind}`, measured))
      const [first, last] = [Object.values(measured)[0], Object.values(measured).at(-1)] as [Measured, Measured] // there are two sizes or more
      report.atMost(`${name}, ${kind}, ${sizes.at(-1)} tracks for 1`, ratioOf(first, last, '× slower'), 1.5)
    }
    const biggest = servers.at(-1) as Server // there are two sizes or more
    if (CACHE_BYTES === '0') await lastPageAndSearches(bench, biggest)
    const figure = { value: biggest.costs().memory, unit: 'MB' }
    report.atMost(`memory after the benchmark, ${kind}, ${sizes.at(-1)} tracks`, figure, 400)
    for (const server of servers) await server.stop()
  }
}

const lastPageAndSearches = async (bench: Bench, server: Server): Promise<void> => {
  const { report, generator } = bench
  bench.log('the last page and searches')
  const first = { server, request: get('/v1/skills?limit=50') }
  const measured = await interleaved(bench, { first, last: { server, request: await lastPage(server) } })
  report.atMost('the last page for the first', ratioOf(measured.first, measured.last, '× slower'), 1.25)
  // A different word each time over one connection, as one person searches.
  const requests = Array.from({ length: 100 }, (_, index) => get(`/v1/search?q=${rareWord(index + 1)}`))
  const medians: number[] = []
  for (let round = 0; round < 3; round++)
    medians.push((await generator.run({ port: server.port, requests, connections: 1, amount: 200 })).p50)
  report.atMost('search for a rare word, median', { value: median(medians), unit: 'ms' }, 1)
  await maxDelay(server)
  for (const words of [...common.slice(0, 8), 'le', 'wri', 'learn write', 'the data of', 'read test build data code'])
    await fetchResponse(server.port, get(`/v1/search?${new URLSearchParams({ q: words })}`))
  report.atMost('search for common words, event loop blocked', { value: await maxDelay(server), unit: 'ms' }, 50)
}

/** Returns the request for the last full page of 50, which a client reaches page by page. */
const lastPage = async ({ port }: Server): Promise<BenchRequest> => {
  let request = get('/v1/skills?limit=200')
  for (let left = Number.POSITIVE_INFINITY, seen = 0; left > 50; ) {
    const { page } = JSON.parse(String((await fetchResponse(port, request)).body))
    seen += page.size
    left = page.total - seen
    if (page.next !== null) request = get(`/v1/skills?limit=${left >= 250 ? 200 : 50}&after=${page.next}`)
  }
  return request
}
