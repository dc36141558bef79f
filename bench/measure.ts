import { type BenchRequest, connections, type Generator } from './load.ts'
import type { Figure, Report } from './report.ts'
import type { Server } from './servers.ts'

/** The arguments of every measurement. */
export interface Bench {
  report: Report
  generator: Generator
  /** The number of rounds, and their length in seconds. */
  pace: { rounds: number; seconds: number; warmUp: number }
  /** True to leave out what takes long. */
  quick: boolean
  /** Prints a line of progress. */
  log: (text: string) => void
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
  /** The share of one core that the server used. */
  busy: number
  p50: number
  p99: number
}

/** Measures the contenders in turn, so that other work of the machine slows all of them equally. */
export const interleaved = async <Contenders extends Record<string, Contender>>(
  { generator, pace }: Pick<Bench, 'generator' | 'pace'>,
  contenders: Contenders,
): Promise<{ [Name in keyof Contenders]: Measured }> => {
  const states = Object.entries(contenders).map(([name, { server, request }]) => ({
    name,
    server,
    load: { port: server.port, requests: [request].flat() },
    perSecond: 0,
    rounds: [] as Measured[],
  }))
  for (const state of states)
    state.perSecond = (await generator.run({ ...state.load, duration: pace.warmUp })).perSecond || 0
  for (let round = 0; round < pace.rounds; round++)
    for (const state of states) {
      // As many requests as the last round suggests: none is aborted at the end, so the CPU time of each counts.
      const amount = Math.max(Math.round(state.perSecond * pace.seconds), 2 * connections)
      const before = state.server.costs().cpu
      const result = await generator.run({ ...state.load, amount })
      const cpu = (state.server.costs().cpu - before) / amount
      state.perSecond = result.perSecond
      state.rounds.push({ ...result, cpu, busy: cpu * result.perSecond * 1e-6 })
    }
  return Object.fromEntries(states.map(({ name, rounds }) => [name, medians(rounds)])) as {
    [Name in keyof Contenders]: Measured // one entry for each contender
  }
}

const medians = (rounds: Measured[]): Measured => {
  const of = (name: keyof Measured) => median(rounds.map(round => round[name]))
  return { perSecond: of('perSecond'), cpu: of('cpu'), busy: of('busy'), p50: of('p50'), p99: of('p99') }
}

/**
 * Compares two contenders: by requests a second if the other kept a core busy, otherwise by CPU time per request. In the second
 * case the generator or other work of the machine was the bottleneck.
 */
export const ratioOf = (one: Measured, other: Measured, unit: string): Figure =>
  other.busy < 0.9
    ? { value: other.cpu / one.cpu, unit, by: 'CPU' }
    : { value: one.perSecond / other.perSecond, unit, by: 'req/s' }

/** Returns the milliseconds that some work takes. */
export const timeOf = async (work: () => unknown): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Returns the value below which this share of the values lies; NaN for an empty list. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN

export const median = (values: readonly number[]): number => percentile(values, 0.5)
