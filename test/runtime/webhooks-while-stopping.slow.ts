import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { adminKey, asAdmin } from '../fixtures/app.ts'
import { serve, smallFolder } from '../fixtures/service.ts'

/** A receiver of webhooks that keeps what it is sent. */
const receiver = async (t: Test, responds: boolean) => {
  const received: string[] = []
  const server = createServer(async (request, response) => {
    received.push(await text(request))
    if (responds) response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } // what listens on TCP has a port
}

/** The service with one webhook. */
const withWebhook = async (t: Test, url: string, DRAIN_SECONDS: string) => {
  const env = { ADMIN_KEY: adminKey, WEBHOOK_NETWORKS: '127.0.0.1', DRAIN_SECONDS }
  const service = serve(t, smallFolder(t), { env })
  const address = await service.address()
  const send = async (method: string, path: string, body: object, more: object = {}): Promise<void> => {
    const headers = { ...asAdmin, 'content-type': 'application/json', ...more }
    const { ok } = await fetch(`${address}${path}`, { method, headers, body: JSON.stringify(body) })
    t.ok(ok, path)
  }
  await send('PUT', '/v1/webhooks/lms', { url })
  const rename = (title: string) => send('PATCH', '/v1/skills/python.functions', { title }, { 'if-match': '*' })
  return { service, rename }
}

t.test('webhooks are delivered while a service drains', async t => {
  const { received, url } = await receiver(t, true)
  const { service, rename } = await withWebhook(t, url, '4')
  service.child.kill('SIGTERM')
  await service.waitForLog('stopping')
  await rename('Routines')
  t.strictSame(await service.exit, { code: 0, signal: null })
  t.match(JSON.parse(String(received[0])), { type: 'skill.updated', data: { title: 'Routines' } })
  await service.waitForLog('event delivered')
})

t.test('a receiver that does not respond does not delay a stop', async t => {
  const { received, url } = await receiver(t, false)
  const { service, rename } = await withWebhook(t, url, '0')
  await rename('Routines')
  while (received.length === 0) await sleep(20)
  const stopped = performance.now()
  service.child.kill('SIGTERM')
  t.strictSame(await service.exit, { code: 0, signal: null })
  t.ok(performance.now() - stopped < 8_000)
  t.match(await service.waitForLog('event interrupted'), { level: 30, webhook: 'lms' })
})
