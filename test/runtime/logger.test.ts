import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openLog } from '../../src/runtime/logger.ts'

/** Creates a logger that writes to a stream, optionally as to a terminal, and stores its output. */
const logTo = (level: string, isTTY: boolean) => {
  const stream = new PassThrough()
  // The part of a stream that a logger uses.
  const { log, output } = openLog(level, Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream)
  const written = async () => {
    await output.flushed(5_000)
    return String(stream.read() ?? '')
  }
  return { log, written }
}

t.test('a log is one JSON object per line, at LOG_LEVEL and above', async t => {
  const { log, written } = logTo('info', false)
  log.info({ track: 'python', skills: 3 }, 'curriculum loaded')
  log.debug('not this')
  log.error({ err: new Error('boom') }, 'and this')
  const [first, second, ...rest] = (await written()).split('\n')
  t.match(JSON.parse(first ?? ''), { level: 30, track: 'python', skills: 3, msg: 'curriculum loaded' })
  t.match(JSON.parse(second ?? ''), { level: 50, err: { message: 'boom' }, msg: 'and this' })
  t.strictSame(rest, [''])
})

t.test('a log is readable on a terminal', async t => {
  const { log, written } = logTo('info', true)
  log.info({ track: 'python', reqId: 'abc' }, 'curriculum loaded')
  log.error('and this')
  const text = await written()
  t.match(text, /INFO.*curriculum loaded/)
  t.match(text, /track.*python/)
  t.match(text, /ERROR.*and this\S*\n$/)
  t.notMatch(text, /abc|pid|hostname/)
  t.throws(() => JSON.parse(text))
})

t.test('a line is written without waiting for the next', async t => {
  const { log, written } = logTo('info', false)
  log.info('one')
  await sleep(200)
  t.match(JSON.parse(await written()), { msg: 'one' })
})

t.test('no secret is in a log, at any depth of the object', async t => {
  for (const isTTY of [false, true]) {
    const { log, written } = logTo('info', isTTY)
    log.info({ req: { headers: { authorization: 'Bearer hidden', host: 'shown' } } }, 'one')
    log.info({ headers: { authorization: 'Bearer hidden' } }, 'two')
    log.info({ authorization: 'Bearer hidden', secret: 'hidden', password: 'hidden' }, 'three')
    log.info({ hook: { secret: 'hidden', url: 'shown' }, login: { password: 'hidden' } }, 'four')
    const text = await written()
    t.notMatch(text, 'hidden')
    t.equal(text.match(/\[Redacted\]/g)?.length, 7)
    t.equal(text.match(/shown/g)?.length, 2)
  }
})
