import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addLoad } from '../../src/cli/load.ts'
import { adminKey, asAdmin, emptyApp } from '../fixtures/app.ts'
import { createRunner } from '../fixtures/command.ts'
import { setEnvironment } from '../fixtures/environment.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const run = createRunner(addLoad)

const withKey = (t: Test, key: string): void => setEnvironment(t, { CURRICULUM_KEY: key })

type Tree = { [name: string]: string | Tree }

/** Beside the database, which has the folder of the test. */
const folderOf = (t: Test, tree: Tree): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tracks-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  write(folder, tree)
  return folder
}

const write = (folder: string, tree: Tree): void => {
  mkdirSync(folder, { recursive: true })
  for (const [name, inside] of Object.entries(tree))
    if (typeof inside === 'string') writeFileSync(join(folder, name), inside)
    else write(join(folder, name), inside)
}

const serving = async (t: Test) => {
  const service = await emptyApp(t)
  const url = await service.app.listen({ port: 0, host: 'localhost' })
  withKey(t, adminKey)
  return { ...service, url }
}

t.test('a folder is loaded into a remote service, and only differences are written', async t => {
  const { url, app } = await serving(t)
  const folder = folderOf(t, { python: smallTrack() })
  t.match(await run('load', folder, '--to', url, '--dry-run'), { out: /^python:\n {2}1 track added/, err: '', code: 0 })
  t.equal((await app.inject('/v1/tracks/python')).statusCode, 404)
  t.match(await run('load', folder, '--to', `${url}/`), {
    out: /^python: \d+ created, 0 changed, 0 removed\n$/,
    err: '',
    code: 0,
  })
  t.same(await run('load', folder, '--to', url), { out: 'python: unchanged\n', err: '', code: 0 })
  t.same(await run('load', folder, '--to', url, '--dry-run'), { out: 'python: no changes\n', err: '', code: 0 })
})

t.test('a remote load does not undo changes without --overwrite', async t => {
  const { url, app } = await serving(t)
  const folder = folderOf(t, { python: smallTrack() })
  await run('load', folder, '--to', url)
  const change = {
    method: 'PATCH',
    url: '/v1/skills/python.variables',
    headers: { ...asAdmin, 'if-match': '*' },
  } as const
  await app.inject({ ...change, payload: { summary: 'Changed there.' } })
  const rejected = await run('load', folder, '--to', url)
  t.equal(rejected.code, 1)
  t.match(
    rejected.err,
    /python: not loaded\. The track "python" was changed through the API.*"python\.variables" changed by ADMIN_KEY.*\(409\)/,
  )
  t.match(await run('load', folder, '--to', url, '--overwrite'), {
    out: /^python: 0 created, 1 changed, 0 removed\n$/,
    code: 0,
  })
})

t.test('a remote load sends tracks after those that they refer to', async t => {
  const { url } = await serving(t)
  const web = (title: string, skill: string) => ({
    'track.yaml': `title: ${title}\n`,
    'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { senior: [s] } }]\n`,
    skills: { 's.yaml': skill },
  })
  const folder = folderOf(t, {
    a: web('A', 'title: S\nprerequisites: [b.s]\n'),
    b: web('B', 'title: S\n'),
    c: web('C', 'title: S\nprerequisites: [nowhere.s]\n'),
  })
  const { out, err, code } = await run('load', folder, '--to', url)
  t.equal(code, 1)
  t.match(out, /^b: \d+ created.*\na: \d+ created/)
  t.match(err, /c: not loaded\. There is no skill called "nowhere\.s"/)
})

t.test('a failed remote load gives the reason in a sentence', async t => {
  const { url } = await serving(t)
  const folder = folderOf(t, { python: smallTrack() })
  const other = createServer((_request, response) => response.end('hello')).listen(0, 'localhost')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const elsewhere = `http://localhost:${(other.address() as AddressInfo).port}` // what listens on TCP has a port
  process.env.CURRICULUM_KEY = 'wrong'
  for (const [to, words] of [
    [url, /127\.0\.0\.1:\d+ rejects the track: There is no such key\..*\(401\)/],
    ['http://localhost:49', /localhost:49 cannot be reached \(ECONNREFUSED\)/],
    ['http://localhost:1', /localhost:1 cannot be reached \(bad port\)/],
    ['not an address', /must be the URL of a service/],
    [elsewhere, /rejects the track: the response is not from a curriculum service\. \(200\)/],
  ] as const) {
    const { err, code } = await run('load', folder, '--to', to)
    t.equal(code, 1, to)
    t.match(err, words)
  }
  delete process.env.CURRICULUM_KEY
  t.match(await run('load', folder, '--to', url), { code: 1, err: /needs a key of scope write/ })
})

t.test('a remote load sends the pictures that differ, and removes those that are gone', async t => {
  const { url, app } = await serving(t)
  const folder = folderOf(t, { python: { ...smallTrack(), images: { 'a b.svg': '<svg/>', 'gone.svg': '<svg/>' } } })
  t.match(await run('load', folder, '--to', url), { out: /^python: \d+ created/, err: '' })
  t.equal((await app.inject('/tracks/python/files/images/a%20b.svg')).body, '<svg/>')
  t.same(await run('load', folder, '--to', url), { out: 'python: unchanged\n', err: '', code: 0 })
  write(folder, { python: { images: { 'a b.svg': '<svg></svg>', 'new.svg': '<svg/>' } } })
  rmSync(join(folder, 'python/images/gone.svg'))
  t.match(await run('load', folder, '--to', url, '--dry-run'), { out: /pictures/, err: '' })
  t.equal((await app.inject('/tracks/python/files/images/new.svg')).statusCode, 404)
  t.match(await run('load', folder, '--to', url), { out: 'python: 0 created, 1 changed, 0 removed\n', err: '' })
  t.same(
    (await app.inject('/v1/tracks/python')).json().pictures.map(({ path }: { path: string }) => path),
    ['images/a b.svg', 'images/new.svg'],
  )
  t.same(await run('load', folder, '--to', url), { out: 'python: unchanged\n', err: '', code: 0 }, 'no drift')
})

t.test('a picture that the service rejects is named with the reason', async t => {
  const rejecting = createServer((request, response) => {
    response.statusCode = request.url?.includes('/files/') ? 413 : 200
    response.end(
      request.url?.includes('/files/') ? 'too large' : '{"created":[],"changed":[],"removed":[],"changes":[]}',
    )
  }).listen(0, 'localhost')
  await once(rejecting, 'listening')
  t.teardown(() => rejecting.close())
  withKey(t, adminKey)
  const folder = folderOf(t, { python: { ...smallTrack(), images: { 'a.svg': '<svg/>' } } })
  const url = `http://localhost:${(rejecting.address() as AddressInfo).port}` // what listens on TCP has a port
  const { err, code } = await run('load', folder, '--to', url)
  t.equal(code, 1)
  t.match(err, `${url} rejects the picture images/a.svg: too large`)
})
