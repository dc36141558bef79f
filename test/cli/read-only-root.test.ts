import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { documentOf } from '../fixtures/app.ts'
import { confineTo } from '../fixtures/confine.ts'
import { main, serve } from '../fixtures/service.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const adminKey = 'a-key-for-tests-of-a-read-only-root'

/** A document of 900 kB, near to the largest that is taken. */
const large = (text: string) =>
  documentOf(
    { slug: 'go' },
    {
      category: [{ slug: 'c' }],
      skill: Array.from({ length: 400 }, (_, index) => ({
        slug: `s${index}`,
        category: 'c',
        tier: 'senior',
        summary: `${text} ${'x'.repeat(1_800)}`,
      })),
    },
  )

t.test('a service writes only to the folder of its database: loads, large documents and backups', async t => {
  const folder = t.testdir({ content: { python: smallTrack() }, data: {} })
  const data = join(folder, 'data')
  const { method, prefix, env, watchFiles } = confineTo(t, data)
  t.comment(method)
  const settings = { ...env, ADMIN_KEY: adminKey, DATABASE_URL: `file:${data}/curriculum.db` }
  const service = serve(t, folder, { prefix, env: settings })
  const address = await service.address()
  t.match(await service.waitForLog('track loaded'), { track: 'python' })
  const temporaryFiles = watchFiles(Number(service.child.pid))
  const put = (text: string, terms: Record<string, string>) =>
    fetch(`${address}/v1/tracks/go/document`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', ...terms },
      body: JSON.stringify(large(text)),
    })
  t.equal((await put('First', { 'if-none-match': '*' })).status, 201)
  t.equal((await put('Second', { 'if-match': '*' })).status, 200)
  t.strictSame(temporaryFiles(), [])
  t.match(await (await fetch(`${address}/v1/skills/go.s1`)).json(), { summary: /^Second/ })
  const run = (...args: string[]) => {
    const [program = '', ...rest] = [...prefix, process.execPath, main, ...args]
    const { status, stderr } = spawnSync(program, rest, { env: { ...process.env, ...settings }, encoding: 'utf8' })
    return { status, stderr }
  }
  mkdirSync(join(data, 'backups'))
  t.match(run('backup', join(data, 'backups/one.db')), { status: 0 })
  t.match(run('keys', 'create', '--name', 'ci', '--scope', 'write'), { status: 0 })
  service.child.kill('SIGTERM')
  t.strictSame(await service.exit, { code: 0, signal: null })
  t.match(run('restore', join(data, 'backups/one.db')), { status: 0 })
  t.equal(service.stderr(), '')
  t.notOk(service.logLines().some(({ level }) => level > 30))
})
