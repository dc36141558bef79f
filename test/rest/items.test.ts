import t from 'tap'
import { parseItems } from '../../src/catalog.ts'
import { checkDocument } from '../../src/model/check-document.ts'
import type { Item } from '../../src/model/curriculum.ts'
import { schemas } from '../../src/model/curriculum.ts'
import { type Noun, nouns, plurals } from '../../src/model/vocabulary.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

t.test('an item is the noun with every field, by key and by id', async t => {
  const { app, catalog } = await testApp(t)
  for (const noun of nouns) {
    const [first] = parseItems<Noun>((await catalog.list(noun, {}, { limit: 1, sort: 'default' })).data)
    const byKey = await app.inject(`/v1/${plurals[noun]}/${first?.key}`)
    t.equal(byKey.statusCode, 200, noun)
    t.same(byKey.json(), first, 'its body is the same in every answer')
    t.same(Object.keys(byKey.json<object>()), Object.keys(schemas[noun].shape), 'every field is there, in order')
    t.ok(schemas[noun].safeParse(byKey.json()).success, 'the response matches the schema')
    t.equal((await app.inject(`/v1/${plurals[noun]}/${first?.id}`)).body, byKey.body)
    t.equal((await app.inject(`/v1/${plurals[noun]}/${first?.id.toUpperCase()}`)).body, byKey.body)
  }
})

t.test('ids are the same on every machine', async t => {
  const { app } = await testApp(t)
  for (const [url, id] of [
    ['/v1/tracks/python', '7c3a40fa-0a9d-5f24-a4c3-27df3aac477e'],
    ['/v1/skills/python.decorators', 'ac33359d-a0ad-522a-9cef-6d0cc52af183'],
    ['/v1/categories/python.error-handling', '1aef9e2f-f5c7-5b2a-bef8-08def093db46'],
    ['/v1/skills/python.error-handling', '661f862f-4359-504c-9331-26d1ba6d80ad'],
  ] as const)
    t.equal((await app.inject(url)).json<Item>().id, id, url)
})

t.test('a noun that moved, was removed or never existed gets 308, 410 or 404', async t => {
  const { app, load } = await emptyApp(t)
  const skills = [
    { slug: 'old', category: 'a', tier: 'senior' },
    { slug: 'gone', category: 'a', tier: 'senior' },
  ]
  await load(
    documentOf(
      { slug: 'demo' },
      { category: [{ slug: 'a' }], skill: skills, project: [{ slug: 'p', skills: ['old'] }] },
    ),
  )
  const { id } = (await app.inject('/v1/skills/demo.old')).json<Item>()
  await load(
    documentOf(
      { slug: 'demo' },
      {
        category: [{ slug: 'a' }],
        skill: [{ slug: 'new', formerly: ['old'], category: 'a', tier: 'senior' }],
        project: [{ slug: 'p', skills: ['old'] }],
      },
    ),
  )
  const moved = await app.inject('/v1/skills/demo.old?include=category')
  t.equal(moved.statusCode, 308)
  t.equal(moved.headers.location, '../../v1/skills/demo.new?include=category')
  t.equal(
    (await app.inject('/v1/skills/demo.new?include=category')).json<Item>().id,
    id,
    'a renamed skill keeps its id',
  )
  t.same((await app.inject('/v1/projects/demo.p')).json<Item<'project'>>().skills, ['demo.new'], 'references follow')
  t.equal((await app.inject('/v1/skills?category=demo.a')).json<{ page: { total: number } }>().page.total, 1)
  t.equal(
    (await app.inject('/v1/projects?skill=demo.old')).json<{ page: { total: number } }>().page.total,
    1,
    'a filter takes the old key',
  )
  const gone = await app.inject('/v1/skills/demo.gone')
  t.equal(gone.statusCode, 410)
  t.equal(gone.json<{ code: string }>().code, 'GONE')
  for (const ref of ['demo.never', 'nope', 'a%20b', '00000000-0000-5000-8000-000000000000', "x'--"])
    t.equal((await app.inject(`/v1/skills/${ref}`)).statusCode, 404, ref)
})

t.test('a renamed track keeps the ids of its items, and old keys resolve', async t => {
  const { app, load } = await emptyApp(t)
  const parts = {
    category: [{ slug: 'a' }],
    skill: [{ slug: 's', category: 'a', tier: 'senior', prerequisites: [] }],
    source: [
      {
        slug: 'x',
        outline: [
          { label: 'S', of: 'skill.s' },
          { label: 'T', of: 'track' },
        ],
      },
    ],
  }
  await load(documentOf({ slug: 'demo' }, parts))
  const before = (await app.inject('/v1/skills/demo.s')).json<Item<'skill'>>()
  await load(documentOf({ slug: 'other', formerly: ['demo'] }, parts))
  t.equal((await app.inject('/v1/tracks/demo')).headers.location, '../../v1/tracks/other')
  t.equal((await app.inject('/v1/tracks/demo/roadmap')).headers.location, '../../../v1/tracks/other/roadmap')
  t.equal((await app.inject('/v1/skills/demo.s')).headers.location, '../../v1/skills/other.s')
  const after = (await app.inject('/v1/skills/other.s')).json<Item<'skill'>>()
  t.equal(after.id, before.id)
  t.same([after.track, after.category, after.mentions[0]?.source], ['other', 'other.a', 'other.x'])
  t.equal((await app.inject('/v1/tracks')).json<{ page: { total: number } }>().page.total, 1)
})

t.test('the roadmap has every category with its skills by tier, in order', async t => {
  const { app, catalog } = await testApp(t)
  const roadmap = (await app.inject('/v1/tracks/python/roadmap')).json<{
    categories: { key: string; skills: Record<string, { key: string }[]> }[]
    projects: { key: string }[]
    tiers: { title: string }[]
    track: Item<'track'>
  }>()
  const skills = await catalog.document('python').then(document => document?.skills ?? [])
  const shown = roadmap.categories.flatMap(({ skills: cells }) =>
    ['beginner', 'intermediate', 'senior'].flatMap(tier => cells[tier]?.map(({ key }) => key)),
  )
  t.same(
    shown,
    skills.map(({ key }) => key),
  )
  t.same(
    roadmap.tiers.map(({ title }) => title),
    ['Beginner', 'Intermediate', 'Advanced'],
  )
  t.equal(roadmap.projects.length, 8)
  t.match(roadmap.tiers, roadmap.track.tiers)
})

t.test('the document of a track contains its nouns as REST returns them, as JSON and as YAML', async t => {
  const { app, catalog } = await testApp(t)
  const { parse } = await import('yaml')
  const json = await app.inject('/v1/tracks/python/document')
  const yaml = await app.inject({ url: '/v1/tracks/python/document', headers: { accept: 'application/yaml' } })
  t.match(yaml.headers['content-type'], 'application/yaml')
  t.equal(yaml.headers.vary, 'Accept, Accept-Encoding')
  t.same(parse(yaml.body), json.json())
  t.same(json.json(), await catalog.document('python'))
  t.equal((await app.inject({ url: '/v1/tracks/python/document', headers: { accept: 'text/html' } })).statusCode, 406)
  t.equal((await app.inject('/v1/tracks/nope/document')).statusCode, 404)
})

t.test('a change of one edge changes both ends, and nothing else', async t => {
  const { app, catalog, load } = await emptyApp(t)
  const skill = (slug: string, more = {}) => ({ slug, category: 'a', tier: 'senior', ...more })
  const parts = (more: object) => ({
    category: [{ slug: 'a' }],
    skill: [skill('one', more), skill('two'), skill('three')],
  })
  await load(documentOf({ slug: 'demo' }, parts({})))
  const before = await catalog.latestCursor()
  const times = async () =>
    Object.fromEntries(
      parseItems((await catalog.list('skill', {}, { limit: 9, sort: 'default' })).data).map(one => [
        one.slug,
        one.updatedAt,
      ]),
    )
  const old = await times()
  await new Promise(resolve => setTimeout(resolve, 5))
  await load(documentOf({ slug: 'demo' }, parts({ prerequisites: ['two'], related: ['three'] })))
  const two = (await app.inject('/v1/skills/demo.two')).json<Item<'skill'>>()
  const three = (await app.inject('/v1/skills/demo.three')).json<Item<'skill'>>()
  t.same([two.dependents, three.related], [['demo.one'], ['demo.one']])
  t.equal(await catalog.latestCursor(), before + 3)
  const now = await times()
  t.ok(['one', 'two', 'three'].every(slug => String(now[slug]) > String(old[slug])))
  await load(documentOf({ slug: 'demo' }, parts({ prerequisites: ['two'], related: ['three'] })))
  t.equal(await catalog.latestCursor(), before + 3, 'the same content again is no change')
  t.same(await times(), now)
})

t.test('tracks refer to each other by key', async t => {
  const { app, catalog } = await emptyApp(t)
  const outside = (_noun: string, key: string) => (key === 'first.s' || key === 'first' ? key : undefined)
  const skill = { slug: 's', category: 'a', tier: 'senior' }
  const track = (slug: string, more: object, skillMore: object) =>
    checkDocument(
      documentOf({ slug, ...more }, { category: [{ slug: 'a' }], skill: [{ ...skill, ...skillMore }] }),
      outside,
    )
  const referring = track(
    'second',
    { translationOf: 'first' },
    { prerequisites: ['first.s'], related: ['first.s'], sameAs: ['first.s'] },
  )
  await t.rejects(catalog.replaceTracks(referring), {
    code: 'UNPROCESSABLE',
    message: /refers to "first.*", which does not exist/,
  })
  t.equal(await catalog.latestCursor(), 0, 'nothing of it stays')
  await catalog.replaceTracks(track('first', {}, {}))
  const [difference] = await catalog.replaceTracks(referring)
  t.same(difference?.changed, [{ noun: 'skill', key: 'first.s' }], 'the other side of an edge has changed too')
  t.equal(difference?.created.length, 3)
  const first = (await app.inject('/v1/skills/first.s')).json<Item<'skill'>>()
  t.same([first.dependents, first.related, first.sameAs], [['second.s'], ['second.s'], []])
  const [apart] = await catalog.replaceTracks(track('second', {}, {}))
  t.same(new Set(apart?.changed.map(({ key }) => key)), new Set(['second', 'first.s', 'second.s']))
  t.same((await app.inject('/v1/skills/first.s')).json<Item<'skill'>>().dependents, [])
})
