import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { createMetrics, createSupervisorMetrics } from '../../src/http/metrics.ts'
import { testApp } from '../fixtures/app.ts'

const replication = {
  isPrimaryReachable: async () => true,
  countMissingWrites: async () => 0,
  lagSeconds: async () => 0,
  holdsLease: () => true,
  leaseEnd: async () => 0,
}

t.test('the metrics count requests by route and status, GraphQL operations and cache hits', async t => {
  const { app } = await testApp(t)
  for (const url of [
    '/v1/skills/python.decorators',
    '/v1/skills/python.variables',
    '/v1/skills/python.variables',
    '/v1/skills/python.magic',
    '/nowhere',
    `/graphql?query=${encodeURIComponent('{ __typename }')}`,
    `/graphql?query=${encodeURIComponent('{ magic }')}`,
    `/graphql?query=${encodeURIComponent('{')}`,
  ])
    await app.inject(url)
  const { statusCode, headers, body } = await app.inject('/metrics')
  t.equal(statusCode, 200)
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  t.equal(headers['cache-control'], 'no-store')
  const lines = new Set(body.split('\n'))
  for (const line of [
    'http_request_duration_seconds_count{route="/v1/skills/:ref",status="200"} 3',
    'http_request_duration_seconds_bucket{le="+Inf",route="/v1/skills/:ref",status="200"} 3',
    'http_request_duration_seconds_count{route="/v1/skills/:ref",status="404"} 1',
    'http_request_duration_seconds_count{route="none",status="404"} 1',
    'graphql_operations_total{type="query",outcome="answered"} 1',
    'graphql_operations_total{type="query",outcome="failed"} 1',
    'graphql_operations_total{type="unknown",outcome="failed"} 1',
    'answers_total{from="cache"} 1',
  ])
    t.ok(lines.has(line), line)
  for (const name of ['nodejs_eventloop_lag_max_seconds', 'process_resident_memory_bytes', 'process_cpu_seconds_total'])
    t.match(body, new RegExp(`^${name} [\\d.e-]+$`, 'm'))
})

t.test('names of metrics follow the conventions of Prometheus: counters alone end in _total', async t => {
  const { app } = await testApp(t)
  await app.inject('/v1/skills')
  const { body } = await app.inject('/metrics')
  const types = [...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)]
  t.ok(types.length > 20)
  for (const [, name = '', type] of types) t.equal(name.endsWith('_total'), type === 'counter', `${name} ${type}`)
  t.match(body, /^nodejs_active_handles\{/m)
})

t.test('monitoring is never rate limited', async t => {
  const { app } = await testApp(t, { ratePerMinute: 1 })
  for (let request = 0; request < 3; request++) t.equal((await app.inject('/metrics')).statusCode, 200)
})

t.test('every metric that the dashboard and the alerts use exists', async t => {
  const { app } = await testApp(t, { lastBackup: () => 0, replication })
  await app.inject('/v1/skills')
  await app.inject({ method: 'POST', url: '/graphql', payload: { query: '{ __typename }' } })
  const { body } = await app.inject('/metrics')
  const known = new Set([...body.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name))
  for (const file of ['docs/grafana-dashboard.json', 'docs/alerts.yaml']) {
    const text = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
    const used = [...text.matchAll(/\b(\w+)\{(?:job)=/g)].map(([, name = '']) => name)
    t.ok(used.length > 5)
    for (const name of used)
      t.ok(name === 'up' || known.has(name) || known.has(name.replace(/_(bucket|sum|count)$/, '')), `${file}: ${name}`)
  }
  const dashboard = JSON.parse(
    await readFile(new URL('../../docs/grafana-dashboard.json', import.meta.url), 'utf8'),
  ) as {
    panels: unknown[]
  }
  t.equal(dashboard.panels.length, 16)
  const rules = parse(await readFile(new URL('../../docs/alerts.yaml', import.meta.url), 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: object }[] }[]
  }
  for (const { expr } of rules.groups.flatMap(group => group.rules)) {
    const [, name, limit] = /^histogram_quantile\(.*\b(\w+_bucket)\{.*> ([\d.]+)$/.exec(expr) ?? []
    // Between two boundaries a quantile is a guess: an alert there would fire too early or too late.
    if (name !== undefined) t.ok(body.match(new RegExp(`^${name}\\{.*le="${limit}"`, 'm')), expr)
  }
  for (const { alert, expr, annotations } of rules.groups.flatMap(group => group.rules)) {
    t.ok(alert !== '' && expr !== '')
    // In a flow mapping a comma within the sentence would begin another annotation.
    t.same(Object.keys(annotations), ['summary'], alert)
  }
})

t.test('if the queue cannot be read from the database, all other metrics are still sent', async t => {
  const metrics = createMetrics()
  const gauges = [async () => 3, async () => Promise.reject(new Error('it is gone'))]
  metrics.addGauge('webhook_events_waiting', () => (gauges.shift() as () => Promise<number>)())
  t.match(await metrics.text(), /^webhook_events_waiting 3$/m)
  const text = await metrics.text()
  t.notMatch(text, /^webhook_events_waiting /m)
  t.match(text, /^process_resident_memory_bytes /m)
})

t.test('with several workers, the supervisor has the metrics of the cluster', async t => {
  const metricsOf = async (state?: typeof replication) =>
    new Map((await createSupervisorMetrics(() => 7, state)()).map(({ name, values }) => [name, values[0]?.value]))
  t.same([...(await metricsOf())], [['log_lines_dropped_total', 7]])
  const metrics = await metricsOf(replication)
  t.equal(metrics.get('primary_reachable'), 1)
  t.equal(metrics.get('lease_held'), 1)
})
