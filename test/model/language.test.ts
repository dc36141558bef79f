import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { readFolder } from '../../src/content/read-folder.ts'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'
import { smallTrack } from '../fixtures/small-track.ts'

t.test('the language of a track is a tag of registered subtags, and another form of it is suggested', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, {}))
  const put = (language: string) =>
    app.inject({
      method: 'PUT',
      url: '/v1/tracks/go',
      headers: { ...asAdmin, 'if-match': '*' },
      payload: { title: 'Go', language },
    })
  for (const language of [
    ...['en', 'pt-BR', 'pt-br', 'zh-Hans', 'zh-Hant-HK', 'zh-yue', 'tl', 'aaa', 'es-419', 'de-1996', 'sl-rozaj-biske'],
    ...['de-DE-u-co-phonebk', 'en-x-school'],
  ]) {
    const response = await put(language)
    t.equal(response.statusCode, 200, language)
    t.equal(response.json<{ language: string }>().language, language)
  }
  for (const [language, meant] of [
    ['German', 'de'],
    ['deutsch', 'de'],
    ['Português', 'pt'],
    ['日本語', 'ja'],
    ['ger', 'de'],
    ['eng', 'en'],
    ['en-UK', 'en-GB'],
    ['pt_BR', 'pt-BR'],
    ['jp', 'ja'],
    ['UA', 'uk'],
    ['xx', undefined],
    ['xyz', undefined],
    ['zh-CN-Hans', undefined],
    ['de-u', undefined],
    ['de-', undefined],
    ['Brazilian', undefined],
  ] as const) {
    const response = await put(language)
    t.equal(response.statusCode, 422, language)
    const rule = '"language" must be a language tag (BCP 47), such as en or pt-BR.'
    t.strictSame(response.json<{ errors: unknown }>().errors, [
      { pointer: '/language', message: meant === undefined ? rule : `${rule} Did you mean "${meant}"?` },
    ])
  }
})

t.test('an invalid language is reported at its place in track.yaml', async t => {
  const track = smallTrack()
  const folder = t.testdir({ python: { ...track, 'track.yaml': `${track['track.yaml']}language: German\n` } })
  t.match((await readFolder(folder)).findings, [
    {
      file: join(folder, 'python/track.yaml'),
      line: 13,
      column: 11,
      message: /^"language" must be .* Did you mean "de"\?$/,
    },
  ])
})

t.test('a track that was stored with an invalid language can still be read and changed', async t => {
  const { app, load, file } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'c' }] }))
  const database = new Sqlite(file)
  database.exec("UPDATE tracks SET language = 'German', json_format = NULL")
  database.close()
  for (const url of ['/v1/tracks/go', '/v1/tracks/go/document', '/tracks/go', '/v1/tracks/go/export/yaml']) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 200, url)
    t.match(response.body, 'German')
  }
  const payload = { title: 'S', category: 'c', tier: 'senior' }
  const written = await app.inject({ method: 'PUT', url: '/v1/skills/go.s', headers: asAdmin, payload })
  t.equal(written.statusCode, 201, written.body)
})
