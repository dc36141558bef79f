import { cases, distinctRequests, graphqlCases } from '../cases.ts'
import type { Curve } from '../curve.ts'
import { databaseOf } from '../data.ts'
import { measuredHeading, measuredRow, ratioOf } from '../figure.ts'
import { type Contender, interleaved, type Measured } from '../rounds.ts'
import type { Bench, Section } from '../section.ts'
import { withDelayMonitor } from '../servers/event-loop-delay.ts'
import { startOurs } from '../servers/ours.ts'
import type { Server } from '../servers/server.ts'
import { large } from './large.ts'

/** The limit for the slowdown from the smallest database to the biggest. */
const maxSlowdown = 1.5

/** Target 3: the same requests to databases of 1 to 1,000 tracks of 100 skills. */
export const growth = async (bench: Bench): Promise<Section[]> => {
  const sizes = bench.quick ? [1, 100] : [1, 10, 100, 1_000]
  const kinds: Kind[] = bench.quick ? ['without the cache'] : ['cached', 'without the cache']
  const pace = { ...bench.pace, rounds: 3, warmUp: bench.pace.seconds }
  const section: Section = {
    title: 'The same requests with more and more tracks',
    rows: [measuredHeading],
    figures: [],
  }
  const curves: Curve[] = []
  const biggest: Server[] = []
  for (const kind of kinds) {
    const servers = await serversOf(sizes, kind)
    for (const [name, one] of Object.entries({ ...cases, ...graphqlCases })) {
      const request = kind === 'cached' ? one : distinctRequests(one)
      bench.log(`${name}, ${kind}, of 1 to ${sizes.at(-1)} tracks`)
      const contenders = servers.map(([tracks, server]): [string, Contender] => [`${tracks}`, { server, request }])
      const measured = Object.entries(await interleaved(bench.generator, Object.fromEntries(contenders), pace))
      const [[, first], [most, last]] = [measured[0], measured.at(-1)] as [[string, Measured], [string, Measured]] // there are at least two sizes
      for (const [tracks, one] of measured)
        section.rows.push(measuredRow(`${name}, ${kind}, tracks: ${tracks}`, one, first))
      const points = measured.map(([tracks, { perSecond }]) => ({ tracks: Number(tracks), perSecond }))
      curves.push({ name, kind, points })
      const { ratio: value, by } = ratioOf(first, last)
      const what = `${name}, ${kind}, ${most} tracks for 1`
      section.figures.push({ target: 3, name: what, value, unit: '× slower', wanted: { most: maxSlowdown }, by })
    }
    for (const [tracks, server] of servers)
      if (tracks === sizes.at(-1)) biggest.push(server)
      else await server.stop()
  }
  const figures = await large(bench, sizes.at(-1) ?? 1, biggest)
  for (const server of biggest) await server.stop()
  return [{ ...section, figures: [...section.figures, ...figures], curves }]
}

type Kind = 'cached' | 'without the cache'

const serversOf = async (sizes: number[], kind: Kind): Promise<[number, Server][]> => {
  const servers: [number, Server][] = []
  for (const tracks of sizes) {
    const environment: Record<string, string> = kind === 'cached' ? {} : { CACHE_BYTES: '0' }
    servers.push([tracks, await startOurs(await databaseOf(tracks), environment, withDelayMonitor)])
  }
  return servers
}
