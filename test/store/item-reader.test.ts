import t from 'tap'
import { parseItems } from '../../src/catalog.ts'
import { Failure } from '../../src/errors.ts'
import { type Item, schemas } from '../../src/model/curriculum.ts'
import { fieldsOf } from '../../src/model/fields.ts'
import { roadmapOf } from '../../src/model/roadmap.ts'
import { tiers } from '../../src/model/tiers.ts'
import { type Noun, nouns } from '../../src/model/vocabulary.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const track = (slug: string, count: number) =>
  documentOf(
    { slug },
    {
      category: [{ slug: 'a' }, { slug: 'b', optional: true, parent: 'a' }],
      skill: Array.from({ length: count }, (_, index) => ({
        slug: `s-${index}`,
        category: index % 3 === 0 ? 'a' : 'b',
        tier: tiers[index % 3],
        kind: index % 4 === 0 ? 'theoretical' : 'practical',
        optional: index % 5 === 0,
        duration: index % 2 === 0 ? { unit: 'minute', from: index } : null,
      })),
      principle: [{ slug: 'p', kind: 'rule', category: 'a' }],
    },
  )

t.test('a list has the same items in pages of any size, and in one of more than the rows of a turn', async t => {
  const { catalog, load } = await emptyApp(t)
  await load(track('one', 9))
  await load(track('two', 0))
  await load(track('three', 1_100))
  const all = (await catalog.document('three'))?.skills.map(({ key }) => key) ?? []
  for (const sort of ['default', '-title'] as const) {
    const whole = await catalog.list('skill', {}, { limit: 5_000, sort })
    t.equal(whole.data.length, 1_109)
    t.equal(whole.more, false)
    for (const limit of [300, 500, 1_000, 1_108, 1_109]) {
      const paged: string[] = []
      for (let after: string | undefined, more = true; more; ) {
        const page = await catalog.list('skill', {}, { limit, sort, after })
        paged.push(...page.data.map(({ key }) => key))
        more = page.more
        after = page.cursorAfter(page.data.length - 1)
      }
      t.same(
        paged,
        whole.data.map(({ key }) => key),
        `${sort} ${limit}`,
      )
    }
  }
  t.same(
    (await catalog.list('skill', { track: ['three'] }, { limit: 5_000, sort: 'default' })).data.map(({ key }) => key),
    all,
  )
  t.same(
    (await catalog.byKeys('skill', all.toReversed())).map(({ key }) => key),
    all,
    'many keys come in curriculum order too',
  )
  await t.rejects(catalog.list('skill', {}, { limit: 1, sort: 'default', after: 'nonsense' }), Failure)
})

t.test('what does not exist is left out', async t => {
  const { catalog, load } = await emptyApp(t)
  await load(track('one', 4))
  t.equal(await catalog.document('none'), undefined)
  t.equal(await catalog.roadmap('none'), undefined)
  t.same(
    (await catalog.byKeys('skill', ['one.s-3', 'none.x', 'one.s-0'])).map(({ key }) => key),
    ['one.s-0', 'one.s-3'],
  )
})

t.test('items of several tracks come in curriculum order', async t => {
  const { catalog, load } = await emptyApp(t)
  await load(track('two', 3))
  await load(track('one', 3))
  const keys = ['two.s-1', 'one.s-2', 'two.s-0', 'one.s-0']
  const expected = ['one.s-0', 'one.s-2', 'two.s-0', 'two.s-1']
  for (let round = 0; round < 2; round++)
    t.same(
      (await catalog.byKeys('skill', keys)).map(({ key }) => key),
      expected,
    )
})

t.test('a roadmap built from stored JSON equals the serialized roadmap', async t => {
  const { app, catalog, load } = await testApp(t)
  await load(track('small', 7))
  await load(track('empty', 0))
  for (const slug of ['python', 'small', 'empty']) {
    const document = await catalog.document(slug)
    t.ok(document)
    if (document !== undefined)
      t.equal((await app.inject(`/v1/tracks/${slug}/roadmap`)).body, JSON.stringify(roadmapOf(document)))
  }
})

t.test('each field that is read alone equals the field of the whole item', async t => {
  const { catalog } = await testApp(t)
  for (const noun of nouns) {
    const request = { limit: 1_000, sort: 'default' } as const
    const whole = parseItems<Noun>((await catalog.list(noun, {}, request)).data)
    const keys = whole.map(({ key }) => key)
    for (const { name } of fieldsOf(schemas[noun])) {
      const values = (items: Item[]) => items.map(item => (item as unknown as Record<string, unknown>)[name])
      const listed = parseItems<Noun>((await catalog.list(noun, {}, { ...request, fields: [name] })).data)
      t.strictSame(values(listed), values(whole), `${noun}.${name}`)
      t.strictSame(values(parseItems<Noun>(await catalog.byKeys(noun, keys, [name]))), values(whole))
    }
    const short = (await catalog.list(noun, {}, { ...request, fields: ['title'] })).data
    t.same(Object.keys(JSON.parse(String(short[0]?.json))), ['key', 'title'])
  }
})
