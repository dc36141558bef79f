import type { Generator, Summary } from './load/generator.ts'
import type { BenchRequest } from './load/request.ts'
import type { Server } from './servers/server.ts'
import { median } from './statistics.ts'

/** How long is measured. */
export interface Pace {
  rounds: number
  seconds: number
  warmUp: number
}

export interface Contender {
  server: Server
  /** One, or several that are asked in turn. */
  request: BenchRequest | BenchRequest[]
}

/** What a contender came to: the medians of its rounds. */
export interface Measured {
  perSecond: number
  /** Microseconds of the server's CPU a request took. */
  cpu: number
  /** How much of one core the server was busy: where the limit is far from 1, the generator was the bottleneck. */
  busy: number
  p50: number
  p99: number
}

/** Rounds in turn, so that whatever else the machine does meets all of them alike. */
export const interleaved = async <Who extends Record<string, Contender>>(
  generator: Generator,
  contenders: Who,
  { rounds, seconds, warmUp }: Pace,
): Promise<{ [Name in keyof Who]: Measured }> => {
  const taken = Object.entries(contenders).map(([name, contender]) => ({ name, contender, rounds: [] as Round[] }))
  for (const { contender } of taken) await round(generator, contender, warmUp)
  for (let number = 0; number < rounds; number++)
    for (const { contender, rounds: own } of taken) own.push(await round(generator, contender, seconds))
  return Object.fromEntries(taken.map(({ name, rounds: own }) => [name, middle(own)])) as {
    [Name in keyof Who]: Measured // one entry a contender
  }
}

type Round = Summary & { cpu: number; busy: number }

const round = async (generator: Generator, { server, request }: Contender, seconds: number): Promise<Round> => {
  const before = server.costs().cpu
  const summary = await generator.run({ port: server.port, requests: [request].flat(), seconds })
  const cpu = server.costs().cpu - before
  return { ...summary, cpu: cpu / summary.answers, busy: (cpu / summary.answers) * summary.perSecond * 1e-6 }
}

const middle = (rounds: Round[]): Measured => {
  const of = (name: keyof Measured) => median(rounds.map(round => round[name]))
  return { perSecond: of('perSecond'), cpu: of('cpu'), busy: of('busy'), p50: of('p50'), p99: of('p99') }
}
