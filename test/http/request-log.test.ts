import t from 'tap'
import { createLineWriter } from '../../src/http/request-log.ts'
import { createLogger } from '../../src/runtime/logger.ts'

const line = {
  reqId: 'a"b\\c',
  method: 'GET',
  path: '/v1/skills/\ud800é\u2028',
  route: null,
  statusCode: 200,
  responseTime: 0.125,
}

t.test('the line of a request has the bytes that pino writes for its fields', async t => {
  const written: string[] = []
  const log = createLogger('info', { write: text => written.push(text) })
  const writeLine = createLineWriter(log)
  for (const one of [line, { ...line, route: '/v1/skills/:ref', path: `/${'x'.repeat(500)}` }]) {
    log.info(one, 'request')
    writeLine(one)
  }
  const [first, second, third, fourth] = written.map(text => text.replace(/"time":\d+/, '"time":0'))
  t.equal(second, first)
  t.equal(fourth, third)
  t.match(JSON.parse(String(second)), { level: 30, msg: 'request', ...line })
})

t.test('a log above level info has no lines of requests', async t => {
  const written: string[] = []
  createLineWriter(createLogger('warn', { write: text => written.push(text) }))(line)
  t.same(written, [])
})
