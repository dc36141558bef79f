import { once } from 'node:events'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { openDatabase } from '../src/store/better-sqlite3.ts'
import { changes } from '../src/store/tables.ts'
import { smallTrack } from './fixtures/small-track.ts'
import { begun, serve, small, titled, titleOf } from './service.ts'

t.test('serve loads the content, says where it listens, answers, and does not load what is in place again', async t => {
  const folder = small(t)
  const first = serve(t, folder)
  const ready = await first.line('ready')
  const address = String(ready.address)
  t.match(ready, {
    level: 30,
    address: /^http:\/\/localhost:\d+$/,
    rest: `${address}/v1`,
    graphql: `${address}/graphql`,
    graphiql: `${address}/graphiql`,
    docs: `${address}/docs`,
  })
  t.match(await first.line('track loaded'), { track: 'python', created: 13, changed: 0, removed: 0 })
  t.equal(await titleOf(address, 'python.functions'), 'Functions')
  t.equal((await fetch(`${address}/readyz`)).status, 200)
  t.match(await first.line('request'), { method: 'GET', path: '/v1/skills/python.functions', statusCode: 200 })
  first.child.kill('SIGTERM')
  t.strictSame(await first.exit, { code: 0, signal: null })
  t.equal(first.stderr(), '')
  t.notOk(first.logged().some(({ level }) => level > 30))

  const second = serve(t, folder)
  t.equal(await titleOf(await second.address(), 'python.functions'), 'Functions')
  t.notOk(second.logged().some(({ msg }) => msg === 'track loaded'))
})

t.test('a service that is told to stop answers what was begun, takes nothing new, and ends well', async t => {
  const service = serve(t, small(t))
  const address = await service.address()
  const waiting = await begun(address, 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n')
  const query = JSON.stringify({ query: '{ track(ref: "python") { title } }' })
  const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n`
  const working = await begun(address, `${head}${query.slice(0, 10)}`)
  // Both have arrived once a request sent after them is answered.
  await fetch(`${address}/healthz`)
  service.child.kill('SIGTERM')
  const refused = async (): Promise<boolean> =>
    fetch(`${address}/healthz`).then(
      () => false,
      () => true,
    )
  while (!(await refused())) await new Promise(resolve => setTimeout(resolve, 10))
  waiting.socket.write('\r\n')
  const unready = await waiting.answer
  t.match(unready, /^HTTP\/1.1 503 /)
  t.match(unready, '"detail":"The service is shutting down."')
  working.socket.write(query.slice(10))
  const answer = await working.answer
  t.match(answer, /^HTTP\/1.1 200 /)
  t.match(answer, '"title":"Python"')
  t.strictSame(await service.exit, { code: 0, signal: null })
})

t.test('content with mistakes at the first start: they are printed, and the service waits for better', async t => {
  const folder = t.testdir({
    content: { python: { ...smallTrack(), 'principles.yaml': '- slug: style\n  kind: rule\n  title: `x`\n' } },
  })
  const service = serve(t, folder)
  const address = await service.address()
  t.equal(await titleOf(address, 'python.functions'), 404)
  t.match(await service.line('content has mistakes: what was loaded before is served'), { level: 50, mistakes: 1 })
  t.match(service.stderr(), `${folder}/content/python/principles.yaml:3:10 error: `)
  t.match(service.stderr(), '1 error in 1 file')
})

t.test('content with mistakes later: what was loaded before is served', async t => {
  const folder = small(t)
  const first = serve(t, folder)
  await first.address()
  first.child.kill('SIGTERM')
  await first.exit
  writeFileSync(join(folder, 'content/python/skills/functions.yaml'), 'title: `f`\n')
  const second = serve(t, folder)
  t.equal(await titleOf(await second.address(), 'python.functions'), 'Functions')
  t.match(second.stderr(), 'functions.yaml:1:8 error: ')
  second.child.kill('SIGTERM')
  await second.exit
  renameSync(join(folder, 'content'), join(folder, 'elsewhere'))
  const third = serve(t, folder)
  t.equal(await titleOf(await third.address(), 'python.functions'), 'Functions')
  t.match(third.stderr(), 'no track is here')
})

t.test('what would break another track is not loaded, and that is logged', async t => {
  const other = {
    'track.yaml': 'title: Web\n',
    'roadmap.yaml': 'categories: [{ slug: c, title: C, skills: { senior: [web] } }]\n',
    skills: { 'web.yaml': 'title: Web\nprerequisites: [python.functions]\nresources: [python.fluent-python]\n' },
  }
  const folder = t.testdir({ content: { python: smallTrack(), web: other } })
  const first = serve(t, folder)
  await first.address()
  first.child.kill('SIGTERM')
  await first.exit
  renameSync(join(folder, 'content/web'), join(folder, 'web'))
  for (const [path, from, to] of [
    ['roadmap.yaml', 'variables, functions', 'variables'],
    ['projects/todo-app.yaml', '[functions, decorators]', '[decorators]'],
    ['sources/guide.yaml', '  - { label: Functions, of: python.skill.functions }\n', ''],
    ['skills/decorators.yaml', "'functions'   # they wrap one", 'variables'],
  ] as const) {
    const file = join(folder, 'content/python', path)
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
  }
  renameSync(join(folder, 'content/python/skills/functions.yaml'), join(folder, 'functions.yaml'))
  const second = serve(t, folder)
  t.equal(await titleOf(await second.address(), 'python.functions'), 'Functions')
  t.match(await second.line('tracks not loaded'), {
    level: 50,
    tracks: ['python'],
    reason: '"web.web" refers to "python.functions"',
  })
})

t.test('what was changed through the API is served on, and that is logged', async t => {
  const folder = small(t)
  const first = serve(t, folder)
  await first.address()
  first.child.kill('SIGTERM')
  await first.exit
  const database = openDatabase(join(folder, 'curriculum.db'))
  await database.write(async session => {
    await session.insert(changes).values({
      noun: 'track',
      id: 'x',
      key: 'python',
      track: 'python',
      op: 'upsert',
      changedAt: 'now',
      by: 'somebody',
    })
  })
  database.close()
  const skill = join(folder, 'content/python/skills/functions.yaml')
  writeFileSync(skill, readFileSync(skill, 'utf8').replace('title: Functions', 'title: Routines'))
  const second = serve(t, folder, { env: { PUBLIC_URL: 'https://curriculum.example.org/' } })
  t.match(await second.line('track not loaded: it was changed through the API since its last load'), {
    level: 40,
    track: 'python',
  })
  t.match(await second.line('ready'), { address: 'https://curriculum.example.org' })
})

t.test('serve --watch loads what is saved, and keeps serving the last good one', async t => {
  const folder = small(t)
  const service = serve(t, folder, { args: ['--watch'] })
  const address = await service.address()
  t.match(await service.line('watching'), { content: join(folder, 'content') })
  const skill = join(folder, 'content/python/skills/functions.yaml')
  const text = readFileSync(skill, 'utf8')
  writeFileSync(skill, text.replace('title: Functions', 'title: Routines'))
  await titled(address, 'python.functions', 'Routines')
  t.match(await service.line('track loaded', 2), { track: 'python', created: 0, changed: 1, removed: 0 })
  t.equal(service.stderr(), '')

  writeFileSync(skill, text.replace('title: Functions', 'title: `f`'))
  await service.line('content has mistakes: what was loaded before is served')
  t.match(service.stderr(), `${skill}:1:8 error: `)
  t.equal(await titleOf(address, 'python.functions'), 'Routines')

  writeFileSync(skill, text.replace('title: Functions', 'title: Mended'))
  await titled(address, 'python.functions', 'Mended')
  service.child.kill('SIGTERM')
  t.strictSame(await service.exit, { code: 0, signal: null })
})

t.test('a variable that is not as it should be ends the start with one sentence', async t => {
  const folder = small(t)
  const busy = createServer().listen(0, 'localhost')
  await once(busy, 'listening')
  t.teardown(() => busy.close())
  const address = busy.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  const cases = [
    [{ PORT: 'x' }, /^PORT [^\n]*\n$/],
    [{ PORT: port }, /^PORT is in use by another program: stop that one, or set PORT to a free one\.\n$/],
    [{ PORT: port, WORKERS: '2' }, /^PORT is in use by another program: stop that one, or set PORT to a free one\.\n$/],
    [{ HOST: '192.0.2.1' }, /^HOST is no address of this machine: .*\n$/],
    [{ HOST: '192.0.2.1', WORKERS: '2' }, /^HOST is no address of this machine: .*\n$/],
    [{ HOST: 'fe80::1%nowhere' }, /^PORT and HOST name an address that cannot be used \(EINVAL\)\.\n$/],
    [{ HOST: 'no-such-host.invalid' }, /^HOST is no address of this machine: .*\n$/],
    [{ DATABASE_URL: 'postgres://user:secret@somewhere' }, /^DATABASE_URL [^\n]*\n$/],
    [{ DATABASE_URL: `file:${folder}/content` }, /^DATABASE_URL names a database that cannot be opened \(.*\)\.\n$/],
    [{ LOG_LEVEL: 'loud', CACHE_BYTES: '-1' }, /^LOG_LEVEL [^\n]*CACHE_BYTES [^\n]*\n$/],
    [{ CONTENT: `${folder}/nowhere` }, /^CONTENT names no folder that is there: .*\n$/],
  ] as const
  const ended = cases.map(async ([env, words], index) => {
    const service = serve(t, folder, {
      args: 'CONTENT' in env ? ['--watch'] : [],
      env: { DATABASE_URL: `file:${folder}/${index}.db`, ...env },
    })
    t.strictSame(await service.exit, { code: 1, signal: null }, JSON.stringify(env))
    t.match(service.stderr(), words)
    t.notMatch(service.stderr(), 'secret')
    t.notOk(service.logged().some(({ msg }) => msg === 'ready'))
  })
  await Promise.all(ended)
})

t.test('something unforeseen is logged before it ends the service', async t => {
  const bomb = 'data:text/javascript,process.stdin.once("data",()=>{throw new Error("boom")})'
  const service = serve(t, small(t), { node: ['--import', bomb] })
  await service.address()
  service.child.stdin?.write('now')
  t.strictSame(await service.exit, { code: 1, signal: null })
  t.match(await service.line('something unforeseen ends the service'), { level: 60, err: { message: 'boom' } })
})
