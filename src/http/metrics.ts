import type { FastifyInstance } from 'fastify'
import { Counter, type CounterConfiguration, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { z } from 'zod'
import type { Replication } from '../model/replication.ts'
import { databaseWork } from '../runtime/diagnostics.ts'

/** The metrics of requests. Called for every request, so each method takes well under a microsecond. */
export interface Metrics {
  /** Records an answered request; without a route if no route has its address. */
  observeRequest(route: string | undefined, status: number, seconds: number): void
  /** Counts a response from the cache, or one that was rendered. */
  countAnswer(from: 'cache' | 'made'): void
  countOperation(type: OperationType, outcome: 'answered' | 'failed'): void
  /** Adds a gauge that is read at each request for the metrics, and left out if that fails. */
  addGauge(name: keyof typeof gauges, read: () => number | Promise<number>): void
  /** Returns the metrics of this process, to be summed over all processes. */
  collect(): Promise<MetricValues>
  /** Returns the metrics of the whole service in the text format of Prometheus. */
  text(): Promise<string>
}
export type OperationType = 'query' | 'mutation' | 'subscription' | 'unknown'
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** Creates the metrics of one process. `droppedLogLines` returns how many log lines it dropped. */
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
    // Counted in plain numbers, which is faster, and copied at each request for the metrics.
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
    addGauge: gaugeAdder(registry),
    collect: () => registry.getMetricsAsJSON(),
    text: () => registry.metrics(),
  }
}

/** Creates the metrics of the supervisor, which writes the log of its workers and runs the jobs that may need the lease. */
export const createSupervisorMetrics = (
  droppedLogLines: () => number,
  replication: Replication | undefined,
): (() => Promise<MetricValues>) => {
  const registry = new Registry()
  addPulledCounter(logLinesDropped, [registry], droppedLogLines)
  if (replication !== undefined) addReplicationGauges({ addGauge: gaugeAdder(registry) }, replication)
  return () => registry.getMetricsAsJSON()
}

const gaugeAdder =
  (registry: Registry): Metrics['addGauge'] =>
  (name, read) => {
    registry.removeSingleMetric(name)
    new Gauge({
      name,
      ...gauges[name],
      registers: [registry],
      async collect() {
        try {
          this.set(await read())
        } catch {
          this.remove()
        }
      },
    })
  }

/** Adds a counter whose value is read at each request for the metrics. */
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

/** Gauges of prom-client that are named like counters. The gauges without `_total` have the same values. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

const requestDurations = {
  name: 'http_request_duration_seconds',
  help: 'Time from a request to the end of its response, by route and status.',
  labelNames: ['route', 'status'],
  // A cached response takes less than a millisecond.
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
}

const databaseDurations = {
  name: 'database_duration_seconds',
  help: 'Time of a statement that reads, or of a write from its request until it is on the disk.',
  labelNames: ['kind'],
  buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
}

/** Adds the gauges of a node of a cluster. */
export const addReplicationGauges = (
  { addGauge }: Pick<Metrics, 'addGauge'>,
  { isPrimaryReachable, countMissingWrites, lagSeconds, holdsLease, leaseEnd }: Replication,
): void => {
  addGauge('primary_reachable', async () => Number(await isPrimaryReachable()))
  addGauge('replica_lag_writes', countMissingWrites)
  addGauge('replica_lag_seconds', lagSeconds)
  addGauge('lease_held', () => Number(holdsLease()))
  addGauge('lease_expiry_timestamp_seconds', async () => (await leaseEnd()) / 1_000)
}

/** `aggregator` combines the values of several workers, which read the same database. */
const gauges = {
  webhook_events_waiting: { help: 'Events waiting to be sent to webhooks.', aggregator: 'max' },
  service_ready: { help: '1 if /readyz answers 200, 0 if it answers 503.', aggregator: 'min' },
  backup_last_success_timestamp_seconds: {
    help: 'Start of the newest successful backup, in seconds since 1970; 0 if none is recorded.',
    aggregator: 'max',
  },
  primary_reachable: { help: '1 if the primary of the cluster answers, 0 if not.', aggregator: 'min' },
  replica_lag_writes: {
    help: 'Writes of the primary that the replica of this node does not have; left out if the primary does not answer.',
    aggregator: 'max',
  },
  replica_lag_seconds: {
    help: 'Time for which the replica of this node has not had all writes; since the last answer of the primary if it does not answer.',
    aggregator: 'max',
  },
  lease_held: { help: '1 if this node holds the lease of the jobs of the cluster, 0 if not.', aggregator: 'max' },
  lease_expiry_timestamp_seconds: {
    help: 'End of the lease of the node that runs the jobs of the cluster, in seconds since 1970, as the replica has it.',
    aggregator: 'max',
  },
} as const

const graphqlOperations = {
  name: 'graphql_operations_total',
  help: 'GraphQL operations by type and outcome; the type is unknown if the query could not be parsed.',
  labelNames: ['type', 'outcome'],
}

const logLinesDropped = {
  name: 'log_lines_dropped_total',
  help: 'Log lines that were dropped because the log could not be written fast enough, or at all.',
}

const cacheAnswers = {
  name: 'answers_total',
  help: 'Responses by origin: from the cache, or made for the request.',
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

/** Adds `/metrics`: those of the whole service, whichever process answers. */
export const addMetrics = (app: FastifyInstance, metrics: Metrics): void => {
  app.get('/metrics', async (_request, reply) =>
    reply
      .headers({ 'cache-control': 'no-store', 'content-type': Registry.PROMETHEUS_CONTENT_TYPE })
      .send(await metrics.text()),
  )
}
