import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { findPort, listen } from '../../src/cli/listen.ts'
import { watchedContent } from '../../src/cli/watch-content.ts'
import { readConfig } from '../../src/config.ts'
import { stampOfFolder } from '../../src/content/folder.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openStore } from '../../src/store/open-store.ts'
import { changes } from '../../src/store/tables.ts'
import { createWriter } from '../../src/write/writer.ts'
import { openRequest, serve, smallFolder, titleOf, waitForTitle } from '../fixtures/service.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const silent = createLogger('silent', { write: () => undefined })

t.test('serve loads the content, logs its address, responds, and does not load unchanged content again', async t => {
  const folder = smallFolder(t)
  const first = serve(t, folder, { coverage: true })
  const ready = await first.waitForLog('ready')
  const address = String(ready.address)
  t.match(ready, {
    level: 30,
    address: /^http:\/\/localhost:\d+$/,
    rest: `${address}/v1`,
    graphql: `${address}/graphql`,
    graphiql: `${address}/graphiql`,
    docs: `${address}/docs`,
  })
  t.match(await first.waitForLog('track loaded'), { track: 'python', created: 13, changed: 0, removed: 0 })
  t.equal(await titleOf(address, 'python.functions'), 'Functions')
  t.equal((await fetch(`${address}/readyz`)).status, 200)
  t.match(await first.waitForLog('request'), { method: 'GET', path: '/v1/skills/python.functions', statusCode: 200 })
  first.child.kill('SIGTERM')
  t.strictSame(await first.exit, { code: 0, signal: null })
  t.match(first.logLines().slice(-2), [{ msg: 'stopping', signal: 'SIGTERM' }, { msg: 'stopped' }])
  t.equal(first.stderr(), '')
  t.notOk(first.logLines().some(({ level }) => level > 30))

  const second = serve(t, folder)
  t.equal(await titleOf(await second.address(), 'python.functions'), 'Functions')
  t.notOk(second.logLines().some(({ msg }) => msg === 'track loaded'))
})

t.test('a service that is stopped finishes requests in progress, accepts no new ones, and exits with 0', async t => {
  const service = serve(t, smallFolder(t))
  const address = await service.address()
  const waiting = await openRequest(address, 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n')
  const query = JSON.stringify({ query: '{ track(ref: "python") { title } }' })
  const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n`
  const working = await openRequest(address, `${head}${query.slice(0, 10)}`)
  // Both have arrived once a request sent after them is answered.
  await fetch(`${address}/healthz`)
  service.child.kill('SIGTERM')
  const rejected = async (): Promise<boolean> =>
    fetch(`${address}/healthz`).then(
      () => false,
      () => true,
    )
  while (!(await rejected())) await new Promise(resolve => setTimeout(resolve, 10))
  waiting.socket.write('\r\n')
  const unready = await waiting.response
  t.match(unready, /^HTTP\/1.1 503 /)
  t.match(unready, '"detail":"The service is shutting down."')
  working.socket.write(query.slice(10))
  const response = await working.response
  t.match(response, /^HTTP\/1.1 200 /)
  t.match(response, '"title":"Python"')
  t.strictSame(await service.exit, { code: 0, signal: null })
})

t.test('a first start with only broken content prints the mistakes and fails', async t => {
  const folder = t.testdir({
    content: { python: { ...smallTrack(), 'principles.yaml': '- slug: style\n  kind: rule\n  title: `x`\n' } },
  })
  const service = serve(t, folder, { coverage: true })
  t.strictSame(await service.exit, { code: 1, signal: null })
  t.match(service.logLines(), [
    { level: 50, mistakes: 1, tracks: ['python'], msg: 'content has mistakes: these tracks are not served' },
  ])
  t.match(service.stderr(), `${folder}/content/python/principles.yaml:3:10 error: `)
  t.match(service.stderr(), /1 error in 1 file\nCONTENT holds no track that can be loaded, [^\n]*\n$/)
})

t.test('a first start with a CONTENT without a track fails with one sentence that names it', async t => {
  const folder = t.testdir({ 'a.txt': '', empty: { notes: {} } })
  const { catalog, close } = openStore(`file:${folder}/curriculum.db`)
  t.teardown(close)
  for (const [name, message] of [
    ['nowhere', /^CONTENT names a folder that does not exist, and nothing was loaded before: set it to [^\n]*$/],
    ['a.txt', /^CONTENT names a file instead of a folder, and nothing [^\n]*$/],
    ['empty', /^CONTENT names a folder without a track \([^\n]*\), and nothing [^\n]*$/],
    ['x'.repeat(300), /^CONTENT names a folder that cannot be read \(ENAMETOOLONG\), and nothing [^\n]*$/],
  ] as const)
    await t.rejects(watchedContent(join(folder, name), catalog, silent, { verbose: false, watch: false }).load(), {
      message,
    })
  const service = serve(t, folder, { env: { CONTENT: join(folder, 'nowhere') }, coverage: true })
  t.strictSame(await service.exit, { code: 1, signal: null })
  t.match(service.stderr(), /^CONTENT names a folder that does not exist, [^\n]*\n$/)
  t.strictSame(service.lines(), [])
})

t.test('serve --watch waits for missing content', async t => {
  const folder = t.testdir({ elsewhere: { python: smallTrack() } })
  const service = serve(t, folder, { args: ['--watch'], coverage: true })
  const address = await service.address()
  t.match(await service.waitForLog('nothing is served yet'), {
    level: 50,
    content: join(folder, 'content'),
    reason: /^CONTENT names a folder that does not exist/,
  })
  t.equal(await titleOf(address, 'python.functions'), 404)
  renameSync(join(folder, 'elsewhere'), join(folder, 'content'))
  await waitForTitle(address, 'python.functions', 'Functions')
})

t.test('a track whose folder was removed is still served, and that is logged once', async t => {
  const folder = t.testdir({ content: { python: smallTrack(), go: goTrack } })
  const service = serve(t, folder, { args: ['--watch'] })
  const address = await service.address()
  t.notOk(service.logLines().some(({ level }) => level > 30))
  renameSync(join(folder, 'content/go'), join(folder, 'go'))
  const words = 'tracks that are not in CONTENT any more are still served'
  t.match(await service.waitForLog(words), { level: 40, tracks: ['go'], content: join(folder, 'content') })
  t.equal(await titleOf(address, 'go.channels'), 'Channels')
  writeFileSync(join(folder, 'content/python/skills/functions.yaml'), 'title: Routines\nresources: [fluent-python]\n')
  await waitForTitle(address, 'python.functions', 'Routines')
  service.child.kill('SIGTERM')
  await service.exit
  t.equal(service.logLines().filter(({ msg }) => msg === words).length, 1)
  const second = serve(t, folder, { coverage: true })
  await second.address()
  t.match(await second.waitForLog(words), { tracks: ['go'] })
})

const goTrack = {
  'track.yaml': 'title: Go\n',
  'roadmap.yaml': 'categories: [{ slug: c, title: C, skills: { senior: [channels] } }]\n',
  'resources.yaml': '- { slug: book, kind: book, title: Book }\n',
  skills: { 'channels.yaml': 'title: Channels\nresources: [book]\n' },
}

t.test('a later start with broken content serves the content that was loaded before', async t => {
  const folder = smallFolder(t)
  const first = serve(t, folder)
  await first.address()
  first.child.kill('SIGTERM')
  await first.exit
  writeFileSync(join(folder, 'content/python/skills/functions.yaml'), 'title: `f`\n')
  const second = serve(t, folder, { coverage: true })
  t.equal(await titleOf(await second.address(), 'python.functions'), 'Functions')
  t.match(second.stderr(), 'functions.yaml:1:8 error: ')
  second.child.kill('SIGTERM')
  await second.exit
  renameSync(join(folder, 'content'), join(folder, 'elsewhere'))
  const third = serve(t, folder, { coverage: true })
  t.equal(await titleOf(await third.address(), 'python.functions'), 'Functions')
  t.match(await third.waitForLog('CONTENT names a folder that does not exist: what was loaded before is served'), {
    level: 50,
    content: join(folder, 'content'),
    tracks: ['python'],
  })
  t.equal(third.stderr(), '')
})

t.test('a track that would break another is not loaded, and that is logged', async t => {
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
  const second = serve(t, folder, { coverage: true })
  t.equal(await titleOf(await second.address(), 'python.functions'), 'Functions')
  t.match(await second.waitForLog('tracks not loaded'), {
    level: 50,
    tracks: ['python'],
    reason: '"web.web" refers to "python.functions"',
  })
})

t.test('a track that was changed through the API is still served, and that is logged', async t => {
  const folder = smallFolder(t)
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
      isApiEdit: true,
    })
  })
  database.close()
  const skill = join(folder, 'content/python/skills/functions.yaml')
  writeFileSync(skill, readFileSync(skill, 'utf8').replace('title: Functions', 'title: Routines'))
  const second = serve(t, folder, {
    env: { PUBLIC_URL: 'https://curriculum.example.org/' },
    coverage: true,
  })
  t.match(await second.waitForLog('track not loaded: it was changed through the API since its last load'), {
    level: 40,
    track: 'python',
  })
  t.match(await second.waitForLog('ready'), { address: 'https://curriculum.example.org' })
})

t.test('serve --watch loads saved files, and serves the last valid version', async t => {
  const folder = smallFolder(t)
  const service = serve(t, folder, { args: ['--watch'] })
  const address = await service.address()
  t.match(await service.waitForLog('watching'), { content: join(folder, 'content') })
  const skill = join(folder, 'content/python/skills/functions.yaml')
  const text = readFileSync(skill, 'utf8')
  writeFileSync(skill, text.replace('title: Functions', 'title: Routines'))
  await waitForTitle(address, 'python.functions', 'Routines')
  t.match(await service.waitForLog('track loaded', 2), { track: 'python', created: 0, changed: 1, removed: 0 })
  t.equal(service.stderr(), '')

  writeFileSync(skill, text.replace('title: Functions', 'title: `f`'))
  await service.waitForLog('content has mistakes: what was loaded before is served')
  t.match(service.stderr(), `${skill}:1:8 error: `)
  t.equal(await titleOf(address, 'python.functions'), 'Routines')

  writeFileSync(skill, text.replace('title: Functions', 'title: Mended'))
  await waitForTitle(address, 'python.functions', 'Mended')
  service.child.kill('SIGTERM')
  t.strictSame(await service.exit, { code: 0, signal: null })
})

t.test(
  'serve --watch prints many warnings of one kind in one line at every save, and each of them with --verbose',
  async t => {
    const slugs = Array.from({ length: 12 }, (_, index) => `s${index + 10}`)
    const folder = t.testdir({
      content: {
        go: {
          'track.yaml': 'title: Go\n',
          'README.md': 'Read me.\n',
          'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { beginner: [${slugs.join(', ')}] } }]\n`,
          skills: Object.fromEntries(slugs.map(slug => [`${slug}.yaml`, `title: ${slug}\n`])),
        },
      },
    })
    const service = serve(t, folder, { args: ['--watch'] })
    const address = await service.address()
    writeFileSync(join(folder, 'content/go/skills/s10.yaml'), 'title: Ten\n')
    await waitForTitle(address, 'go.s10', 'Ten')
    await service.waitForLog('track loaded', 2)
    t.match(
      service.stderr().replaceAll(`${folder}/content/go/skills/`, ''),
      /^(warning: 12 skills have no resource to learn them from: s10\.yaml:1:1, s11\.yaml:1:1, s12\.yaml:1:1 and 9 more\n\n12 warnings in 12 files; --verbose shows each\n){2}$/,
    )
    const verbose = serve(t, folder, {
      args: ['--watch', '--verbose'],
      env: { DATABASE_URL: `file:${folder}/other.db` },
    })
    await verbose.address()
    t.equal(verbose.stderr().match(/ warning: /g)?.length, 12)
  },
)

t.test('serve --watch notices every replacement of a file by a rename', async t => {
  const folder = smallFolder(t)
  const service = serve(t, folder, { args: ['--watch'] })
  const address = await service.address()
  const skill = join(folder, 'content/python/skills/functions.yaml')
  const text = readFileSync(skill, 'utf8')
  const replaceBy = async (title: string) => {
    writeFileSync(join(folder, 'saved'), text.replace('title: Functions', `title: ${title}`))
    renameSync(join(folder, 'saved'), skill)
    await waitForTitle(address, 'python.functions', title)
  }
  for (const title of ['One', 'Two', 'Three', 'Four', 'Five']) await replaceBy(title)
  t.equal(service.stderr(), '')

  renameSync(join(folder, 'content'), join(folder, 'elsewhere'))
  await service.waitForLog('CONTENT names a folder that does not exist: what was loaded before is served')
  renameSync(join(folder, 'elsewhere'), join(folder, 'content'))
  await replaceBy('Six')
})

t.test('unreadable content is logged, and still watched', async t => {
  const folder = smallFolder(t)
  const store = openStore(`file:${folder}/curriculum.db`)
  store.close()
  let logged = ''
  const log = createLogger('info', { write: line => (logged += line) })
  const options = { verbose: false, watch: true }
  await watchedContent(join(folder, 'content'), store.catalog, log, options).loadOrLogError()
  t.match(JSON.parse(logged), { level: 50, msg: 'content could not be read', err: { message: /not open/ } })
})

t.test('the stamp of a folder changes with every change of its files', async t => {
  const folder = smallFolder(t)
  const content = join(folder, 'content')
  const stamps = [await stampOfFolder(content)]
  for (const change of [
    () => writeFileSync(join(content, 'python/skills/functions.yaml'), 'title: F\n'),
    () => symlinkSync(join(folder, 'nowhere'), join(content, 'python/skills/loops.yaml')),
    () => rmSync(join(content, 'python/skills/functions.yaml')),
    () => renameSync(content, join(folder, 'elsewhere')),
  ]) {
    change()
    stamps.push(await stampOfFolder(content))
  }
  t.equal(new Set(stamps).size, stamps.length)
  t.equal(await stampOfFolder(join(folder, 'elsewhere')), await stampOfFolder(join(folder, 'elsewhere')))
})

t.test('an invalid variable ends the start with one sentence', async t => {
  const folder = smallFolder(t)
  const busy = createServer().listen(0, 'localhost')
  await once(busy, 'listening')
  t.teardown(() => busy.close())
  const address = busy.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  const cases = [
    [{ PORT: 'x' }, /^PORT [^\n]*\n$/],
    [{ PORT: port, WORKERS: '2' }, /^PORT is in use by another program: stop that one, or set PORT to a free one\.\n$/],
    [{ HOST: '192.0.2.1', WORKERS: '2' }, /^HOST is not an address of this machine: .*\n$/],
    [{ DATABASE_URL: 'postgres://user:secret@somewhere' }, /^DATABASE_URL [^\n]*\n$/],
    [{ DATABASE_URL: `file:${folder}/content` }, /^DATABASE_URL: .* cannot be opened: .*\.\n$/],
    [{ LOG_LEVEL: 'loud', CACHE_BYTES: '-1' }, /^LOG_LEVEL [^\n]*CACHE_BYTES [^\n]*\n$/],
  ] as const
  const ended = cases.map(async ([env, words], index) => {
    const service = serve(t, folder, {
      env: { DATABASE_URL: `file:${folder}/${index}.db`, ...env },
    })
    t.strictSame(await service.exit, { code: 1, signal: null }, JSON.stringify(env))
    t.match(service.stderr(), words)
    t.notMatch(service.stderr(), 'secret')
    t.notOk(service.logLines().some(({ msg }) => msg === 'ready'))
    t.notOk(existsSync(join(folder, `${index}.db`)), 'nothing is loaded where nothing can be served')
  })
  await Promise.all(ended)
})

t.test('an address that cannot be used is reported with one sentence', async t => {
  for (const [HOST, message] of [
    ['192.0.2.1', /^HOST is not an address of this machine: [^\n]*$/],
    ['no-such-host.invalid', /^HOST is not an address of this machine: [^\n]*$/],
    ['fe80::1%nowhere', 'PORT and HOST name an address that cannot be used (EINVAL).'],
  ] as const)
    await t.rejects(findPort(readConfig({ HOST, PORT: '0' })), { message }, HOST)
})

t.test('a port that is taken during the start is reported with the same sentence', async t => {
  const busy = createServer().listen(0, 'localhost')
  await once(busy, 'listening')
  const store = openStore(`file:${t.testdir()}/curriculum.db`)
  t.teardown(() => {
    busy.close()
    store.close()
  })
  const config = readConfig({ PORT: String((busy.address() as AddressInfo).port) }) // what listens on TCP has a port
  const sentence = { message: 'PORT is in use by another program: stop that one, or set PORT to a free one.' }
  await t.rejects(findPort(config), sentence)
  await t.rejects(
    listen(config, store.catalog, silent, {
      metrics: createMetrics(),
      writer: createWriter(store.catalog),
      ...store,
    }),
    sentence,
  )
})

t.test('an uncaught exception is logged before it ends the service', async t => {
  const bomb = 'data:text/javascript,process.stdin.once("data",()=>{throw new Error("boom")})'
  const service = serve(t, smallFolder(t), { node: ['--import', bomb], coverage: true })
  await service.address()
  service.child.stdin?.write('now')
  t.strictSame(await service.exit, { code: 1, signal: null })
  t.match(await service.waitForLog('an unexpected error ends the service'), { level: 60, err: { message: 'boom' } })
})
