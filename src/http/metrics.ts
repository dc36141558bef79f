import type { FastifyInstance } from 'fastify'
import { Counter, type CounterConfiguration, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { z } from 'zod'
import { databaseWork } from '../runtime/diagnostics.ts'

/** What the doors tell, as it happens: called at every request, so each takes well under a microsecond. */
export interface Metrics {
  /** A request that was answered; no route where nothing is at the address. */
  observeRequest(route: string | undefined, status: number, seconds: number): void
  /** An answer that was kept, or had to be made. */
  countAnswer(from: 'cache' | 'made'): void
  countOperation(type: OperationType, outcome: 'answered' | 'failed'): void
  /** Adds a gauge that is read whenever somebody asks for the metrics, and left out where that fails. */
  addGauge(name: keyof typeof gauges, read: () => number | Promise<number>): void
  /** All that was told to this process and what Node says of it: the beginning of a sum. */
  collect(): Promise<MetricValues>
  /** The same of the whole service, in the text format of Prometheus. */
  text(): Promise<string>
}
export type OperationType = 'query' | 'mutation' | 'subscription' | 'unknown'
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** The metrics of one process, which counts by itself how many log lines it drops. */
export const createMetrics = (droppedLogLines: () => number = () => 0): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  const requests = new Histogram({ ...requestDurations, registers })
  const operations = new Counter({ ...graphqlOperations, registers })
  const database = new Histogram({ ...databaseDurations, registers })
  databaseWork.subscribe(({ kind, start, end }) => database.observe({ kind }, (end - start) / 1000))
  addPulledCounter(logLinesDropped, registers, droppedLogLines)
  const answers = { cache: 0, made: 0 }
  new Counter({
    ...cacheAnswers,
    registers,
    // Counted in plain numbers, since every answer passes by, and copied when somebody asks.
    collect() {
      this.reset()
      for (const [from, count] of Object.entries(answers)) this.inc({ from }, count)
    },
  })
  return {
    observeRequest: (route = 'none', status, seconds) => requests.observe({ route, status }, seconds),
    countAnswer: from => {
      answers[from] += 1
    },
    countOperation: (type, outcome) => operations.inc({ type, outcome }),
    addGauge: (name, read) => {
      registry.removeSingleMetric(name)
      new Gauge({
        name,
        ...gauges[name],
        registers,
        async collect() {
          try {
            this.set(await read())
          } catch {
            this.remove()
          }
        },
      })
    },
    collect: () => registry.getMetricsAsJSON(),
    text: () => registry.metrics(),
  }
}

/** Measures what the supervisor does beside its workers: it writes their log. */
export const createLogMetrics = (droppedLogLines: () => number): (() => Promise<MetricValues>) => {
  const registry = new Registry()
  addPulledCounter(logLinesDropped, [registry], droppedLogLines)
  return () => registry.getMetricsAsJSON()
}

/** Adds a counter whose value is read when somebody asks. */
const addPulledCounter = (counter: CounterConfiguration<string>, registers: Registry[], count: () => number): void => {
  new Counter({
    ...counter,
    registers,
    collect() {
      this.reset()
      this.inc(count())
    },
  })
}

/** Gauges of prom-client whose names end as those of counters do. Sums over the gauges without `_total` say the same. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

const requestDurations = {
  name: 'http_request_duration_seconds',
  help: 'Time from a request to the end of its answer, by route and status.',
  labelNames: ['route', 'status'],
  // A kept answer takes less than a millisecond.
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
}

const databaseDurations = {
  name: 'database_duration_seconds',
  help: 'Time a statement that reads took, or a write from when it was asked for until it was on the disk.',
  labelNames: ['kind'],
  buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
}

/** The aggregator says what the value of several workers is: all of them ask the same database. */
const gauges = {
  webhook_events_waiting: { help: 'Events that wait to be sent to webhooks.', aggregator: 'max' },
  service_ready: { help: '1 where /readyz answers 200, and 0 where it answers 503.', aggregator: 'min' },
  backup_last_success_timestamp_seconds: {
    help: 'When the newest backup that succeeded was begun, in seconds since 1970; 0 where none was recorded.',
    aggregator: 'max',
  },
} as const

const graphqlOperations = {
  name: 'graphql_operations_total',
  help: 'GraphQL operations by type and outcome; the type is unknown where none could be read.',
  labelNames: ['type', 'outcome'],
}

const logLinesDropped = {
  name: 'log_lines_dropped_total',
  help: 'Log lines that were dropped because the log could not be written, or not fast enough.',
}

const cacheAnswers = {
  name: 'answers_total',
  help: 'Answers by where they came from: kept in the cache, or made.',
  labelNames: ['from'],
}

export const Exposition = z
  .string()
  .min(1)
  .max(10_000_000)
  .regex(/^# HELP /)
  .meta({ id: 'Metrics', description: 'Every metric, in the text format of Prometheus.' })

export const expositionExample = `# HELP answers_total ${cacheAnswers.help}
# TYPE answers_total counter
answers_total{from="cache"} 1042
answers_total{from="made"} 17
`

/** Adds `/metrics`: of the whole service, whichever process is asked. */
export const addMetrics = (app: FastifyInstance, metrics: Metrics): void => {
  app.get('/metrics', async (_request, reply) =>
    reply
      .headers({ 'cache-control': 'no-store', 'content-type': Registry.PROMETHEUS_CONTENT_TYPE })
      .send(await metrics.text()),
  )
}
