import t from 'tap'
import { clientKey, createRequestCounter, type RequestCounter } from '../../src/http/rate-limit.ts'
import { testApp } from '../fixtures/app.ts'

t.test(
  'a client of the rate limit is an IPv4 address or an IPv6 network of 64 bits, however it is written',
  async t => {
    for (const [address, client] of [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['::FFFF:c000:201', '192.0.2.1'],
      ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
      ['2001:db8::1', '2001:db8:0:0'],
      ['2001:0DB8:0000:0000:ffff:ffff:ffff:ffff', '2001:db8:0:0'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
      ['2001:db8:0:2::', '2001:db8:0:2'],
      ['::2:3:4:5:6:7', '0:0:2:3'],
      ['1::3:4:5:6:7:8', '1:0:3:4'],
      ['fe80::1%eth0', 'fe80:0:0:0'],
      ['::1', '0:0:0:0'],
      ['::192.0.2.1', '0:0:0:0'],
      ['unknown', 'unknown'],
    ] as const)
      t.equal(clientKey(address), client, address)
  },
)

t.test('a request over the rate limit counts once, whether its response is cached or not', async t => {
  for (const cacheBytes of [1_000_000, 0]) {
    let counted = 0
    const counter = createRequestCounter()
    const requestCounter: RequestCounter = {
      add: (client, more) => {
        counted += more
        return counter.add(client, more)
      },
    }
    const { app } = await testApp(t, { ratePerMinute: 3, cacheBytes, requestCounter })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const responses: [status: number, rateLimit: string][] = []
    for (let round = 0; round < 6; round++) {
      const { status, headers } = await fetch(`${url}/v1/skills/python.decorators`, {
        headers: { 'accept-encoding': 'identity' },
      })
      responses.push([status, String(headers.get('ratelimit')).replace(/;t=\d+$/, '')])
    }
    t.same(responses, [
      [200, '"minute";r=2'],
      [200, '"minute";r=1'],
      [200, '"minute";r=0'],
      [429, '"minute";r=0'],
      [429, '"minute";r=0'],
      [429, '"minute";r=0'],
    ])
    const { body } = await app.inject('/metrics')
    const lines = body.split('\n')
    for (const status of [200, 429])
      t.ok(lines.includes(`http_request_duration_seconds_count{route="/v1/skills/:ref",status="${status}"} 3`))
    t.equal(lines.includes('answers_total{from="cache"} 2'), cacheBytes > 0)
    t.equal(counted, 6)
  }
})
