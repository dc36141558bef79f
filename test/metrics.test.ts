import t from 'tap'
import { testApp } from './app.ts'

t.test('the metrics tell of requests by route and status, of GraphQL operations and of kept answers', async t => {
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

t.test('whoever watches the service is never told that it asks too often', async t => {
  const { app } = await testApp(t, { ratePerMinute: 1 })
  for (let request = 0; request < 3; request++) t.equal((await app.inject('/metrics')).statusCode, 200)
})
