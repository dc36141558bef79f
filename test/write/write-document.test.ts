import t from 'tap'
import { stringify } from 'yaml'
import { readFolder } from '../../src/content/read-folder.ts'
import { asAdmin, documentOf, emptyApp, seed, testApp } from '../fixtures/app.ts'

const url = '/v1/tracks/python/document'

interface Written {
  created: unknown[]
  changed: { noun: string; key: string }[]
  removed: unknown[]
  changes: { noun: string; how: string; slug: string; detail: string }[]
}

t.test('PUT of the document that GET returned changes nothing, as JSON and as YAML', async t => {
  const { app } = await testApp(t)
  for (const type of ['application/json', 'application/yaml']) {
    const read = await app.inject({ url, headers: { accept: type } })
    const headers = { ...asAdmin, 'content-type': type, 'if-match': String(read.headers.etag) }
    const written = await app.inject({ method: 'PUT', url, headers, payload: read.body })
    t.equal(written.statusCode, 200, written.body)
    t.same(written.json(), { dryRun: false, created: [], changed: [], removed: [], changes: [] })
    t.equal(written.headers['curriculum-cursor'], read.headers['curriculum-cursor'])
    t.equal((await app.inject({ url, headers: { accept: type } })).headers.etag, read.headers.etag)
  }
})

t.test('a whole track is created on another server with the same ids', async t => {
  const read = await (await testApp(t)).app.inject(url)
  const { app: to } = await emptyApp(t)
  const headers = { ...asAdmin, 'content-type': 'application/json' }
  const dryRun = await to.inject({ method: 'PUT', url: `${url}?dryRun=true`, headers, payload: read.body })
  t.equal(dryRun.statusCode, 200, dryRun.body)
  t.ok(dryRun.json<Written>().created.length > 500)
  t.equal((await to.inject(url)).statusCode, 404)
  const written = await to.inject({ method: 'PUT', url, headers, payload: read.body })
  t.equal(written.statusCode, 201, written.body)
  t.equal(written.headers.location, `../../..${url}`)
  const copied = await to.inject(url)
  t.equal(copied.headers.etag, written.headers.etag)
  const untimed = (body: string) => body.replaceAll(/"updatedAt":"[^"]+"/g, '')
  t.equal(untimed(copied.body), untimed(read.body))
})

t.test('only items that differ are written, and the response describes the difference', async t => {
  const { app } = await testApp(t)
  const read = await app.inject(url)
  const document = read.json<{ skills: { slug: string; title: string }[] }>()
  const payload = {
    ...document,
    skills: document.skills.map(skill => (skill.slug === 'decorators' ? { ...skill, title: 'Decorating' } : skill)),
  }
  const before = await app.inject('/v1/skills/python.closures')
  const headers = { ...asAdmin, 'if-match': String(read.headers.etag) }
  const written = await app.inject({ method: 'PUT', url, headers, payload })
  t.equal(written.statusCode, 200, written.body)
  t.same(written.json<Written>().changed, [{ noun: 'skill', key: 'python.decorators' }])
  t.match(written.json<Written>().changes, [{ how: 'changed', slug: 'decorators', detail: 'title' }])
  t.equal((await app.inject('/v1/skills/python.closures')).headers.etag, before.headers.etag)
  const again = await app.inject({ method: 'PUT', url, headers, payload })
  t.equal(again.statusCode, 412)
  const unconditional = await app.inject({ method: 'PUT', url, headers: asAdmin, payload })
  t.equal(unconditional.statusCode, 428)
})

t.test('every mistake of a document is reported with its pointer, and nothing is written', async t => {
  const { app } = await testApp(t)
  const read = await app.inject(url)
  const document = read.json<Record<string, unknown[]>>()
  const [first, ...skills] = document.skills as Record<string, unknown>[]
  for (const [payload, pointer, words] of [
    [{ ...document, skills: [{ ...first, tier: 'x' }, ...skills] }, '/skills/0/tier', /one of/],
    [{ ...document, skills: [first, first, ...skills] }, '/skills/0', /two skills/],
    [{ ...document, skills: [{ ...first, position: 99 }, ...skills] }, '/skills/0/position', /read-only/],
    [
      { ...document, skills: [{ ...first, prerequisites: ['nowhere'] }, ...skills] },
      '/skills/0/prerequisites/0',
      /nowhere/,
    ],
    [{ ...document, skills: {} }, '/skills', /must be a list/],
    [{ ...document, skils: [] }, '/skils', /Did you mean "skills"/],
    [{ ...document, track: 'python' }, '/track', /"track" must be an object, with the fields of a track/],
    [{ ...document, track: { title: 'P', version: 3 } }, '/track/version', /"track", "version" must be a text/],
    [
      {
        ...document,
        track: {
          title: 'P',
          tiers: [
            { tier: 'senior', title: 'S' },
            { tier: 'beginner', title: 'B' },
          ],
        },
      },
      '/track/tiers/1/tier',
      /easiest/,
    ],
    [{ ...document, track: { title: 'P', slug: 'snake' } }, '/track/slug', /read-only/],
    [[], '', /^The body must be an object with the fields track, sources/],
  ] as const) {
    const headers = { ...asAdmin, 'if-match': '*', 'content-type': 'application/json' }
    const written = await app.inject({ method: 'PUT', url, headers, payload: JSON.stringify(payload) })
    t.equal(written.statusCode, 422, written.body.slice(0, 300))
    const { errors } = written.json<{ errors: { pointer: string; message: string }[] }>()
    const [place] = errors.filter(error => error.pointer === pointer)
    t.match(place?.message, words, JSON.stringify(errors))
  }
  t.equal((await app.inject(url)).headers.etag, read.headers.etag)
})

t.test('a document that cannot be parsed or is too large is rejected', async t => {
  const { app } = await emptyApp(t)
  for (const [payload, type, status, words] of [
    ['{"track":', 'application/json', 400, /is not JSON/],
    ['track: [', 'application/yaml', 400, /is not YAML/],
    ['a: &a [x]\nb: *c', 'text/yaml', 400, /is not YAML/],
    ['', 'application/json', 400, /body is empty/],
    ['x', 'text/plain', 415, /media type/],
    ['x'.repeat(17 * 1024 * 1024), 'application/yaml', 413, /larger/],
  ] as const) {
    const headers = { ...asAdmin, 'content-type': type }
    const written = await app.inject({ method: 'PUT', url, headers, payload })
    t.equal(written.statusCode, status, written.body)
    t.match(written.json<{ detail: string }>().detail, words)
  }
})

t.test('a load over HTTP does not undo changes of the API', async t => {
  const { app, catalog } = await emptyApp(t)
  const { tracks } = await readFolder(seed)
  const payload = stringify(tracks[0]?.document)
  const yaml = { ...asAdmin, 'content-type': 'application/yaml' }
  const first = await app.inject({ method: 'PUT', url: `${url}?load=one`, headers: yaml, payload })
  t.equal(first.statusCode, 201, first.body)
  t.same(await catalog.lastLoad('python'), { hash: 'one', stamp: null, changedSince: false })
  const skill = '/v1/skills/python.decorators'
  const any = { ...asAdmin, 'if-match': '*' }
  await app.inject({ method: 'PATCH', url: skill, headers: any, payload: { summary: 'Mine.' } })
  t.same(await catalog.lastLoad('python'), { hash: 'one', stamp: null, changedSince: true })
  const headers = { ...yaml, 'if-match': '*' }
  const rejected = await app.inject({ method: 'PUT', url: `${url}?load=two`, headers, payload })
  t.equal(rejected.statusCode, 409, rejected.body)
  t.match(rejected.json<{ detail: string }>().detail, /skill "python\.decorators" changed by ADMIN_KEY at 2.*Export it/)
  const exported = (await app.inject({ url, headers: { accept: 'application/yaml' } })).body
  const same = await app.inject({ method: 'PUT', url: `${url}?load=three`, headers, payload: exported })
  t.equal(same.statusCode, 200, same.body)
  t.same(await catalog.lastLoad('python'), { hash: 'three', stamp: null, changedSince: false })
  await app.inject({ method: 'DELETE', url: '/v1/checklists/python.beginner-checklist', headers: any })
  const over = await app.inject({ method: 'PUT', url: `${url}?load=two&overwrite=true`, headers, payload })
  t.equal(over.statusCode, 200, over.body)
  const bad = await app.inject({ method: 'PUT', url: `${url}?load=a%20b`, headers, payload })
  t.equal(bad.statusCode, 400)
})

t.test(
  'a pair of related skills that another track lists is not a difference, whether the document repeats it or not',
  async t => {
    const { app, load } = await emptyApp(t)
    const track = (slug: string, ...related: string[]) =>
      documentOf(
        { slug },
        { category: [{ slug: 'c' }], skill: [{ slug: 's', category: 'c', tier: 'senior', related }] },
      )
    await load(track('go'))
    const url = '/v1/tracks/go/document'
    const put = async (payload: object) =>
      (
        await app.inject({
          method: 'PUT',
          url: `${url}?dryRun=true`,
          headers: { ...asAdmin, 'if-match': '*' },
          payload,
        })
      ).json<{
        changes: unknown[]
      }>().changes
    await app.inject({ method: 'PUT', url: '/v1/tracks/py/document', headers: asAdmin, payload: track('py', 'go.s') })
    const repeated = (await app.inject(url)).json<{ skills: { related: string[] }[] }>()
    t.same(repeated.skills[0]?.related, ['py.s'])
    t.same(await put(track('go')), [])
    t.same(await put(repeated), [])
  },
)
