import { openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ignoreSighup } from '../../src/cli/listen.ts'
import { createLogOutput, type Send } from '../../src/runtime/log-output.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { workerCounts } from '../fixtures/scope.ts'
import { type RunningService, serve, smallFolder } from '../fixtures/service.ts'

const freePort = async (): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const probe = createServer().listen(0, 'localhost', resolve)
  await promise
  const address = probe.address()
  await new Promise(closed => probe.close(closed))
  return String(typeof address === 'object' ? address?.port : undefined)
}

/** A service at a known address, whose log may not be readable. */
const silent = async (t: Test, more: Parameters<typeof serve>[2] = {}, folder = smallFolder(t)) => {
  const PORT = await freePort()
  const env = { PORT, RATE_LIMIT_PER_MINUTE: '0', ...more.env }
  const service = serve(t, folder, { ...more, env })
  const address = `http://localhost:${PORT}`
  while (!(await fetch(`${address}/readyz`).catch(() => ({ ok: false }))).ok) await sleep(20)
  return { service, address }
}

const dropped = async (address: string): Promise<number> => {
  const metrics = await (await fetch(`${address}/metrics`)).text()
  return Number(/^log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1])
}

/** Requests something uncached so many times, and returns the statuses. */
const statuses = async (address: string, count: number, path = '/v1/skills/python.functions'): Promise<number[]> => {
  const answered: number[] = []
  while (answered.length < count) {
    const some = Array.from({ length: Math.min(50, count - answered.length) }, () => fetch(`${address}${path}`))
    for (const response of await Promise.all(some)) {
      await response.arrayBuffer()
      answered.push(response.status)
    }
  }
  return answered
}

const endsWell = async (t: Test, service: RunningService): Promise<void> => {
  const stopped = performance.now()
  service.child.kill('SIGTERM')
  t.strictSame(await service.exit, { code: 0, signal: null })
  const took = performance.now() - stopped
  t.ok(took < 10_000, `${took} ms`)
}

for (const WORKERS of workerCounts) {
  t.test(`a full log disk affects neither responses nor the service (WORKERS=${WORKERS})`, async t => {
    const { service, address } = await silent(t, {
      stdout: openSync('/dev/full', 'w'),
      env: { WORKERS },
      coverage: true,
    })
    t.same(new Set(await statuses(address, 200)), new Set([200]))
    while ((await dropped(address)) < 200) await sleep(20)
    await endsWell(t, service)
    t.equal(service.stderr(), '')
  })

  t.test(`a service survives the exit of its log reader (WORKERS=${WORKERS})`, async t => {
    const { service, address } = await silent(t, { env: { WORKERS } })
    await service.waitForLog('ready')
    t.equal(await dropped(address), 0)
    service.child.stdout?.destroy()
    t.same(new Set(await statuses(address, 200)), new Set([200]))
    while ((await dropped(address)) < 200) await sleep(20)
    await endsWell(t, service)
    t.equal(service.stderr(), '')
  })

  t.test(`a stalled log reader delays neither responses nor a stop (WORKERS=${WORKERS})`, async t => {
    const { service, address } = await silent(t, { env: { WORKERS } })
    await service.waitForLog('ready')
    service.child.stdout?.pause()
    // More than fits: 1,200 lines of 9,000 characters.
    t.same(new Set(await statuses(address, 1_200, `/${'-'.repeat(9_000)}`)), new Set([404]))
    while ((await dropped(address)) < 200) await sleep(20)
    const lost = await dropped(address)
    t.ok(lost < 1_200, `${lost} lines`)
    const stopped = performance.now()
    service.child.kill('SIGTERM')
    const { promise, resolve } = Promise.withResolvers<number | null>()
    service.child.once('exit', resolve)
    t.equal(await promise, 0)
    t.ok(performance.now() - stopped < 10_000)
    service.child.stdout?.resume()
  })
}

t.test('a log is written again once its disk has space, and reports how many lines are missing', async t => {
  const folder = smallFolder(t)
  const file = `${folder}/log`
  const limit = 8 * 1024 * 1024
  writeFileSync(file, '')
  // Limits the file size: as on a full disk, a line is written only in part.
  truncateSync(file, limit - 100)
  // SIGXFSZ does not end the service, but would end the modules that the test runner loads.
  const node = ['--import', 'data:text/javascript,process.on("SIGXFSZ",()=>undefined)']
  const prefix = ['sh', '-c', `ulimit -f ${limit / 512}; exec "$@"`, 'sh']
  const more = { stdout: openSync(file, 'a'), prefix, node, coverage: true }
  const { service, address } = await silent(t, more, folder)
  await statuses(address, 50)
  while ((await dropped(address)) === 0) await sleep(20)
  t.equal(readFileSync(file).length, limit)
  await sleep(100)
  truncateSync(file, 0)
  const missing = await dropped(address)
  while (readFileSync(file).length === 0) await statuses(address, 1)
  await sleep(500)
  await endsWell(t, service)
  const [rest, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  t.equal(rest, '', 'the line that was cut has ended')
  const logged = lines.map(line => JSON.parse(line) as { msg: string; dropped?: number })
  const [report, ...others] = logged.filter(({ msg }) => msg.startsWith('log lines were dropped'))
  t.match(report, { level: 40 })
  t.ok(Number(report?.dropped) >= missing)
  t.same(others, [], 'it is said once')
  t.match(logged.at(-1), { msg: 'stopped' })
})

t.test('SIGHUP does not end a service whose log is a stream', async t => {
  for (const WORKERS of workerCounts) {
    const service = serve(t, smallFolder(t), { env: { WORKERS } })
    const address = await service.address()
    service.child.kill('SIGHUP')
    await service.waitForLog('SIGHUP is ignored: the log is a stream and has no file to reopen')
    t.equal((await fetch(`${address}/healthz`)).status, 200)
    await endsWell(t, service)
  }
})

t.test('SIGHUP ends a service on a terminal, as closing the terminal does', async t => {
  const before = process.listenerCount('SIGHUP')
  t.same(ignoreSighup(createLogger('silent', { write: () => undefined }), true), [])
  t.equal(process.listenerCount('SIGHUP'), before)
})

t.test('the number of waiting lines is bounded; further lines are dropped, counted and reported once', async t => {
  const sent: string[] = []
  let done: Parameters<Send>[1] = () => undefined
  const output = createLogOutput((text, callback) => {
    sent.push(text)
    done = callback
  }, 20)
  const reports: number[] = []
  output.onRecovery(count => reports.push(count))
  await output.flushed(1_000)
  output.write('one\n')
  output.write('two\nthree\n')
  await sleep(50)
  t.same(sent, ['one\ntwo\nthree\n'], 'lines of one moment are written together')
  output.write('four\n')
  output.write('five\nsix\n')
  t.equal(output.dropped(), 2, 'what is being written takes room as well')
  const started = performance.now()
  await output.flushed(100)
  t.ok(performance.now() - started > 90, 'nobody waits longer for a destination that is stalled')
  done(new Error('no space left on device'))
  await sleep(50)
  t.equal(output.dropped(), 5)
  t.same(reports, [])
  t.same(sent.slice(1), ['four\n'])
  done()
  await output.flushed(1_000)
  t.same(reports, [5])
  output.write('seven\n')
  await sleep(50)
  done(null)
  await output.flushed(1_000)
  t.same([sent.slice(2), reports, output.dropped()], [['seven\n'], [5], 5])
})
