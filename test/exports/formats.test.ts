import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { generatedTrack } from '../../bench/tracks.ts'
import { exportTrack } from '../../src/exports/export.ts'
import { formats } from '../../src/exports/formats.ts'
import { checkDocument } from '../../src/model/check-document.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { hostileApp } from '../fixtures/hostile-track.ts'
import { allCases } from '../fixtures/scope.ts'

interface Listed {
  format: string
  mediaType: string
  fileName: string
  description: string
  options: { name: string; values: string[] | null; several: boolean; example: string }[]
  url: string
}

const listed = async (app: FastifyInstance, track = 'python'): Promise<Listed[]> =>
  (await app.inject(`/v1/tracks/${track}/export`)).json<{ data: Listed[] }>().data

t.test('a track lists its export formats, with their options and URLs', async t => {
  const { app } = await testApp(t)
  const data = await listed(app)
  t.same(
    data.map(({ format, fileName, options }) => [format, fileName, options.map(({ name }) => name).join()]),
    [
      ['moodle.csv', 'python-moodle.csv', 'by,idnumber,tier,category,source'],
      ['canvas.csv', 'python-canvas.csv', 'by,since,tier,category,source'],
      ['cartridge.imscc', 'python.imscc', 'by,version,tier,category,source'],
      ['json', 'python.json', ''],
      ['yaml', 'python.yaml', ''],
      ['ndjson', 'python.ndjson', 'tier,category,source'],
      ['csv', 'python-skills.csv', 'bom,tier,category,source'],
      ['markdown', 'python.md', 'checklist,tier,category,source'],
      ['mermaid', 'python.mmd', 'tier,category,source'],
      ['ob3-alignments.json', 'python-ob3-alignments.json', 'external,tier,category,source'],
    ],
  )
  t.match(data[0], { url: '/v1/tracks/python/export/moodle.csv', mediaType: 'text/csv; charset=utf-8' })
  t.match(data[0]?.options, [
    { name: 'by', values: ['tier', 'category'], several: false, example: 'category' },
    { name: 'idnumber', values: null },
    { name: 'tier', values: ['beginner', 'intermediate', 'senior'], several: true },
  ])
})

t.test('every format is a file with a name, an ETag and a cursor, and accepts every option it lists', async t => {
  const { app } = await testApp(t)
  for (const { url, mediaType, fileName, options } of await listed(app)) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 200, url)
    t.match(response.headers, {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'public, max-age=60, stale-while-revalidate=600',
      'curriculum-cursor': /^\d+$/,
      etag: /^"/,
    })
    const notModified = await app.inject({ url, headers: { 'if-none-match': String(response.headers.etag) } })
    t.equal(notModified.statusCode, 304)
    t.equal(notModified.body, '')
    const head = await app.inject({ method: 'HEAD', url })
    t.equal(head.headers['content-length'], String(response.rawPayload.length))
    t.equal(head.headers.etag, response.headers.etag)
    const zipped = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })
    t.ok(gunzipSync(zipped.rawPayload).equals(response.rawPayload), 'compressed it is the same')
    for (const { name, example } of options) {
      const withOption = await app.inject(`${url}?${name}=${example}`)
      t.equal(withOption.statusCode, 200, `${url} ${name}=${example}`)
      // The shipped track has no alignments, and nothing has changed since its beginning.
      if (!['since', 'external'].includes(name))
        t.notOk(withOption.rawPayload.equals(response.rawPayload), `${name} says something else`)
    }
  }
})

t.test('the same content gives the same bytes on every machine and at any time', async t => {
  const [one, other] = [await hostileApp(t), await hostileApp(t)]
  const zone = process.env.TZ
  t.teardown(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })
  for (const { name } of formats) {
    process.env.TZ = 'Pacific/Auckland'
    const first = await one.bytes(name)
    process.env.TZ = 'America/Caracas'
    t.ok((await one.bytes(name)).equals(first), name)
    // The two services loaded the content at different times, which these formats contain.
    if (!['json', 'yaml', 'ndjson', 'csv'].includes(name)) t.ok((await other.bytes(name)).equals(first), name)
  }
})

t.test('an unknown format, option or value is rejected with a suggestion', async t => {
  const { app } = await testApp(t)
  for (const [path, status, detail] of [
    ['moodle', 404, 'There is no format called "moodle". Did you mean "moodle.csv"?'],
    ['', 404, /^There is no format called ""/],
    ['pdf', 404, /^There is no format called "pdf"\. The formats are moodle\.csv, canvas\.csv, /],
    ['moodle.csv?teir=senior', 400, 'There is no parameter "teir" here. Did you mean "tier"?'],
    ['moodle.csv?tier=advanced', 400, '"tier" cannot be "advanced": use "senior" for that tier.'],
    ['moodle.csv?category=testin', 400, 'There is no category called "testin". Did you mean "testing"?'],
    ['ndjson?source=matrx', 400, 'There is no source called "matrx". Did you mean "matrix"?'],
    ['canvas.csv?by=plan', 400, '"by" must be one of category, tier.'],
    ['cartridge.imscc?version=1.2', 400, '"version" must be one of 1.1, 1.3.'],
    ['markdown?checklist=yes', 400, '"checklist" must be one of false, true.'],
    ['json?tier=senior', 400, 'There is no parameter "tier" here. Leave it out.'],
    ['moodle.csv?since=0', 400, /^There is no parameter "since" here\./],
    ['moodle.csv?idnumber=a&idnumber=b', 400, '"idnumber" is given twice: once is enough.'],
  ] as const) {
    const response = await app.inject(`/v1/tracks/python/export/${path}`)
    t.equal(response.statusCode, status, path)
    t.match(response.json(), { status, detail }, path)
    t.equal(response.headers['cache-control'], 'no-store')
  }
  const refused = await app.inject({ url: '/v1/tracks/python/export/moodle.csv', headers: { accept: 'text/html' } })
  t.equal(refused.statusCode, 406)
  t.equal(
    (await app.inject({ method: 'POST', url: '/v1/tracks/python/export/moodle.csv' })).headers.allow,
    'GET, HEAD, OPTIONS',
  )
})

t.test("an export under a track's former slug redirects to the current one, and of a removed track is 410", async t => {
  const { app, load, catalog } = await emptyApp(t, { cacheBytes: 0 })
  await load(documentOf({ slug: 'old' }, {}))
  await load(documentOf({ slug: 'new', formerly: ['old'] }, {}))
  for (const path of ['', '/canvas.csv?by=tier']) {
    const moved = await app.inject(`/v1/tracks/old/export${path}`)
    t.equal(moved.statusCode, 308)
    t.equal(moved.headers.location, `${path === '' ? '../../../' : '../../../../'}v1/tracks/new/export${path}`)
    t.equal((await app.inject(`/v1/tracks/new/export${path}`)).statusCode, 200)
    t.equal((await app.inject(`/v1/tracks/none/export${path}`)).statusCode, 404)
  }
  catalog.find = async () => ({ removedAt: '2026-11-01T00:00:00.000Z' })
  for (const path of ['', '/moodle.csv']) t.equal((await app.inject(`/v1/tracks/new/export${path}`)).statusCode, 410)
})

t.test('a scope combines several tiers, categories or sources, and includes parents', async t => {
  const { app } = await testApp(t)
  const typed = async (query: string) => {
    const lines = (await app.inject(`/v1/tracks/python/export/ndjson?${query}`)).body.trimEnd().split('\n')
    return Object.groupBy(
      lines.map(line => JSON.parse(line)),
      ({ type }) => type as string,
    )
  }
  const testing = await typed('category=testing,python.security&tier=senior,intermediate')
  t.same(testing.category?.map(({ slug }) => slug).sort(), ['security', 'testing'])
  t.same([...new Set(testing.skill?.map(({ tier }) => tier))].sort(), ['intermediate', 'senior'])
  t.ok(
    testing.resource?.every(({ skills }) => skills.some((key: string) => testing.skill?.some(one => one.key === key))),
  )
  t.notOk('plan' in testing || 'checklist' in testing, 'plans and checklists are of no category')
  t.ok(testing.project?.every(({ tier }) => tier !== 'beginner'))
  const draft = await typed('source=matrix-draft')
  t.same(
    draft.source?.map(({ slug }) => slug),
    ['matrix-draft'],
  )
  t.ok(
    draft.skill?.every(({ mentions }) =>
      mentions.some(({ source }: { source: string }) => source === 'python.matrix-draft'),
    ),
  )
  const beginner = await typed('tier=beginner')
  t.ok(beginner.plan?.length === 4 && beginner.checklist?.every(({ tier }) => tier === 'beginner' || tier === null))
})

t.test('a large track is exported completely and in small chunks in every format', async t => {
  const skills = allCases ? 10_000 : 400
  const { app, catalog } = await emptyApp(t, { cacheBytes: 0 })
  await catalog.replaceTracks(checkDocument(generatedTrack(1, skills), () => undefined))
  const whole = await catalog.document('track-1')
  if (whole === undefined) throw new Error('it was just made')
  for (const format of formats) {
    let [size, largest] = [0, 0]
    const options = format.name === 'canvas.csv' ? { since: '0' } : {}
    for (const { length } of await exportTrack(catalog, whole, format, options, 'https://curriculum.example')) {
      size += length
      largest = Math.max(largest, length)
    }
    t.ok(size > 40 * skills, `${format.name} has ${size} bytes`)
    // A source lists every skill, and a zip all its files: these are single chunks.
    // Chunks are about 64 KiB.
    t.ok(largest < Math.max(size / 4, 70_000), `the largest chunk of ${format.name} has ${largest} bytes`)
  }
  const response = await app.inject('/v1/tracks/track-1/export/canvas.csv?since=0')
  t.equal(response.body.match(/,outcome,/g)?.length, skills)
})
