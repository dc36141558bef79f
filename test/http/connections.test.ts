import { createServer } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { createConnectionLimiter } from '../../src/http/connections.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { serve, smallFolder, waitUntil } from '../fixtures/service.ts'

const few = ['sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh']

t.test(
  'a low limit of open files is logged at the start, and connections beyond it are dropped with a log line',
  async t => {
    if (process.platform !== 'linux') return
    const service = serve(t, smallFolder(t), { prefix: few, env: { HOST: '127.0.0.1' }, coverage: true })
    const address = await service.address()
    const warning = await service.waitForLog('the limit of open files is low: raise LimitNOFILE or ulimit -n')
    t.match(warning, { level: 40, openFiles: 64 })
    const connections = Number(warning.connections)
    t.ok(connections > 0 && connections < 64)
    const clients = Array.from({ length: 100 }, () => connect(Number(new URL(address).port), '127.0.0.1').resume())
    let closed = 0
    for (const client of clients) {
      client.on('error', () => undefined)
      client.on('close', () => {
        closed += 1
      })
    }
    const dropped = 'connections dropped, too many are open: raise LimitNOFILE or ulimit -n'
    t.match(await service.waitForLog(dropped), { level: 50, dropped: 1, connections, openFiles: 64 })
    await waitUntil(
      () => closed >= clients.length - connections || undefined,
      () => `${closed} closed`,
    )
    for (const client of clients) client.destroy()
    await waitUntil(
      () => closed === clients.length || undefined,
      () => `${closed} closed`,
    )
    t.equal((await fetch(`${address}/readyz`)).status, 200)
    t.equal(service.logLines().filter(({ msg }) => msg === dropped).length, 1)
  },
)

t.test('dropped connections are reported at most once a minute, with their number', async t => {
  const lines: { dropped?: number; openFiles: number }[] = []
  const log = createLogger('info', { write: line => lines.push(JSON.parse(line)) })
  const proc = t.testdir({
    limits: 'Limit  Soft Limit\nMax open files            2048   4096   files\n',
    fd: { 0: '', 1: '' },
  })
  const clock = { now: 0 }
  const server = createServer()
  createConnectionLimiter(log, proc, () => clock.now)(server)
  t.equal(server.maxConnections, 2_030)
  for (clock.now of [0, 1_000, 59_999, 60_000, 61_000, 130_000]) server.emit('drop')
  t.match(lines, [{ dropped: 1, openFiles: 2048 }, { dropped: 3 }, { dropped: 2 }])
  t.equal(lines.length, 3)
  for (const limits of ['Max open files            unlimited   unlimited   files\n', '']) {
    const free = createServer()
    createConnectionLimiter(log, t.testdir({ limits }))(free)
    t.equal(free.maxConnections, createServer().maxConnections)
  }
  const elsewhere = createServer()
  createConnectionLimiter(log, `${t.testdir()}/proc`)(elsewhere)
  t.equal(elsewhere.maxConnections, createServer().maxConnections)
  t.equal(lines.length, 3)
})
