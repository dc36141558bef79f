import { connect } from 'node:net'
import t from 'tap'
import { openRequest, serve, smallFolder } from '../fixtures/service.ts'

t.test('a connection that sends nothing, or too slowly, is closed within fifteen seconds', async t => {
  const service = serve(t, smallFolder(t))
  const { port } = new URL(await service.address())
  const lasted = async (text: string, trickle: string): Promise<number> => {
    const start = Date.now()
    const socket = connect(Number(port), 'localhost')
    socket.on('error', () => undefined)
    if (text !== '') socket.write(text)
    const timer = trickle === '' ? undefined : setInterval(() => socket.write(trickle), 1_000)
    socket.resume()
    await new Promise(resolve => socket.once('close', resolve))
    clearInterval(timer)
    return Date.now() - start
  }
  const body = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n'
  const times = await Promise.all([
    lasted('', ''),
    lasted('GET /v1 HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'),
    lasted(body, '{'),
  ])
  for (const time of times) t.ok(time < 16_000, `${time}`)
})

t.test('a hanging connection does not delay a stop beyond ten seconds', async t => {
  const service = serve(t, smallFolder(t))
  const address = await service.address()
  const { response } = await openRequest(
    address,
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
  )
  const start = Date.now()
  service.child.kill('SIGTERM')
  t.same(await service.exit, { code: 0, signal: null })
  t.ok(Date.now() - start < 10_000)
  await response
})
