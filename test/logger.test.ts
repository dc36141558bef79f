import { openSync, readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { createLogger, lineStream, logTo } from '../src/logger.ts'
import { until } from './service.ts'

/** A stream that keeps what is written, and is a terminal or not. */
const streamOf = (isTTY: boolean) => {
  const stream = new PassThrough()
  return {
    stream: Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream, // a logger asks for no more of one
    written: () => String(stream.read() ?? ''),
  }
}

t.test('a log is one JSON object a line, of what is at least as grave as was asked for', async t => {
  const { stream, written } = streamOf(false)
  const log = createLogger('info', lineStream(stream))
  log.info({ track: 'python', skills: 3 }, 'curriculum loaded')
  log.debug('not this')
  log.error({ err: new Error('boom') }, 'and this')
  const [first, second, ...rest] = written().split('\n')
  t.match(JSON.parse(first ?? ''), { level: 30, track: 'python', skills: 3, msg: 'curriculum loaded' })
  t.match(JSON.parse(second ?? ''), { level: 50, err: { message: 'boom' }, msg: 'and this' })
  t.strictSame(rest, [''])
})

t.test('a log is readable where a person looks on', async t => {
  const { stream, written } = streamOf(true)
  createLogger('info', lineStream(stream)).info({ track: 'python', reqId: 'abc' }, 'curriculum loaded')
  const text = written()
  t.match(text, /INFO.*curriculum loaded/)
  t.match(text, /track.*python/)
  t.notMatch(text, /abc|pid|hostname/)
  t.throws(() => JSON.parse(text))
})

t.test('a line is written as soon as it is logged', async t => {
  const file = `${t.testdir()}/log`
  const stream = { isTTY: false, fd: openSync(file, 'w') } as unknown as typeof process.stdout // a logger asks for no more of one
  createLogger('info', logTo(stream)).info('written')
  const line = await until(
    () => readFileSync(file, 'utf8') || undefined,
    () => 'nothing was written',
  )
  t.match(JSON.parse(line), { msg: 'written' })
  const terminal = streamOf(true)
  createLogger('info', logTo(terminal.stream as typeof process.stdout)).info('readable')
  t.match(terminal.written(), /INFO.*readable/)
})

t.test('no secret is in a log, wherever it stands', async t => {
  for (const isTTY of [false, true]) {
    const { stream, written } = streamOf(isTTY)
    const log = createLogger('info', lineStream(stream))
    log.info({ req: { headers: { authorization: 'Bearer hidden', host: 'shown' } } }, 'one')
    log.info({ headers: { authorization: 'Bearer hidden' } }, 'two')
    log.info({ authorization: 'Bearer hidden', secret: 'hidden', password: 'hidden' }, 'three')
    log.info({ hook: { secret: 'hidden', url: 'shown' }, login: { password: 'hidden' } }, 'four')
    const text = written()
    t.notMatch(text, 'hidden')
    t.equal(text.match(/\[Redacted\]/g)?.length, 7)
    t.equal(text.match(/shown/g)?.length, 2)
  }
})
