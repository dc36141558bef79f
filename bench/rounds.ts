import type { Generator, Summary } from './load/generator.ts'
import type { BenchRequest } from './load/request.ts'
import type { Server } from './servers/server.ts'
import { median } from './statistics.ts'

/** The number of rounds, and their length in seconds. */
export interface Pace {
  rounds: number
  seconds: number
  warmUp: number
}

export interface Contender {
  server: Server
  /** One request, or several that are sent in turn. */
  request: BenchRequest | BenchRequest[]
}

/** The medians of a contender's rounds. */
export interface Measured {
  perSecond: number
  /** CPU time of the server per request, in microseconds. */
  cpu: number
  /** How much of one core the server was busy: where the limit is far from 1, the generator was the bottleneck. */
  busy: number
  p50: number
  p99: number
}

/** Measures the contenders in turn, so that other work of the machine slows all of them equally. */
export const interleaved = async <Who extends Record<string, Contender>>(
  generator: Generator,
  contenders: Who,
  { rounds, seconds, warmUp }: Pace,
): Promise<{ [Name in keyof Who]: Measured }> => {
  const results = Object.entries(contenders).map(([name, contender]) => ({ name, contender, rounds: [] as Round[] }))
  for (const { contender } of results) await round(generator, contender, warmUp)
  for (let number = 0; number < rounds; number++)
    for (const { contender, rounds: own } of results) own.push(await round(generator, contender, seconds))
  return Object.fromEntries(results.map(({ name, rounds: own }) => [name, medianOf(own)])) as {
    [Name in keyof Who]: Measured // one entry for each contender
  }
}

type Round = Summary & { cpu: number; busy: number }

const round = async (generator: Generator, { server, request }: Contender, seconds: number): Promise<Round> => {
  const before = server.costs().cpu
  const summary = await generator.run({ port: server.port, requests: [request].flat(), seconds })
  const cpu = server.costs().cpu - before
  return { ...summary, cpu: cpu / summary.answers, busy: (cpu / summary.answers) * summary.perSecond * 1e-6 }
}

const medianOf = (rounds: Round[]): Measured => {
  const of = (name: keyof Measured) => median(rounds.map(round => round[name]))
  return { perSecond: of('perSecond'), cpu: of('cpu'), busy: of('busy'), p50: of('p50'), p99: of('p99') }
}
