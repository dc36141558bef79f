import t from 'tap'
import { checkDocument } from '../../src/model/check-document.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { getTableConfig, sql } from '../../src/store/drizzle.ts'
import * as everyTable from '../../src/store/tables.ts'
import { createWriter } from '../../src/write/writer.ts'
import { documentOf, emptyApp, openEmptyDatabase } from '../fixtures/app.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'

const checkedDocument = (slug: string, parts: Parameters<typeof documentOf>[1] = {}) =>
  checkDocument(documentOf({ slug }, parts), () => undefined).document

t.test('every order of a list and every reference has an index', async t => {
  for (const [noun, table] of Object.entries(everyTable.tables)) {
    const { indexes, name } = getTableConfig(table)
    const names = indexes.map(index => index.config.name)
    for (const order of ['order', 'title', 'updated']) t.ok(names.includes(`${name}_${order}`), `${noun} by ${order}`)
  }
  for (const table of [
    everyTable.skillPrerequisites,
    everyTable.skillRelated,
    everyTable.skillResources,
    everyTable.skillSameAs,
    everyTable.projectSkills,
  ])
    t.equal(getTableConfig(table).indexes.length, 1, 'links can be followed backwards')
  for (const [table, count] of [
    [everyTable.entries, 1],
    [everyTable.formerNames, 1],
    [everyTable.outlineLines, 2],
    [everyTable.changes, 3],
    [everyTable.loads, 0],
  ] as const)
    t.equal(getTableConfig(table).indexes.length, count)
})

t.test('every foreign key refers to a unique column', t => {
  for (const table of [
    ...Object.values(everyTable.tables),
    everyTable.skillPrerequisites,
    everyTable.skillRelated,
    everyTable.skillResources,
    everyTable.skillSameAs,
    everyTable.projectSkills,
    everyTable.formerNames,
    everyTable.outlineLines,
  ])
    for (const key of getTableConfig(table).foreignKeys) {
      const [column] = key.reference().foreignColumns
      t.ok(column?.primary || column?.isUnique, key.getName())
    }
  t.end()
})

t.test('a write that fails is rolled back, and the writes that wait behind it run', async t => {
  const { database } = await openEmptyDatabase(t)
  const catalog = openCatalog(database)
  const failing = database.write(async session => {
    await session.insert(everyTable.entries).values({ id: 'x', name: 'x', noun: 'track', key: 'x', track: 'x' })
    throw new Error('half way')
  })
  const others = ['one', 'two', 'three'].map(slug => catalog.replaceTracks({ document: checkedDocument(slug) }))
  await t.rejects(failing, /half way/)
  await Promise.all(others)
  t.same(await catalog.keys('track'), ['one', 'three', 'two'])
  t.same(
    await database.read.select({ id: everyTable.entries.id }).from(everyTable.entries).where(sql`id = 'x'`).limit(1),
    [],
  )
})

t.test('an item cannot be removed while another track refers to it', async t => {
  const { database } = await openEmptyDatabase(t)
  const catalog = openCatalog(database)
  const skill = { slug: 's', category: 'a', tier: 'senior' }
  await catalog.replaceTracks({ document: checkedDocument('first', { category: [{ slug: 'a' }], skill: [skill] }) })
  const second = documentOf(
    { slug: 'second' },
    { category: [{ slug: 'a' }], skill: [{ ...skill, prerequisites: ['first.s'] }] },
  )
  await catalog.replaceTracks(checkDocument(second, (_noun, key) => key))
  const before = await catalog.document('first')
  await t.rejects(catalog.replaceTracks({ document: checkedDocument('first', { category: [{ slug: 'a' }] }) }), {
    code: 'CONFLICT',
    message: /"second.s" refers to "first.s"/,
  })
  t.same(await catalog.document('first'), before)
})

t.test('a change through the API after the last load is detected', async t => {
  const { database } = await openEmptyDatabase(t)
  const catalog = openCatalog(database)
  await catalog.replaceTracks({ document: checkedDocument('demo'), hash: 'abc' })
  await database.write(session =>
    Promise.resolve(
      session.insert(everyTable.changes).values({
        noun: 'track',
        id: 'x',
        key: 'demo',
        track: 'demo',
        op: 'upsert',
        changedAt: 'now',
        isApiEdit: true,
      }),
    ),
  )
  t.same(await catalog.lastLoad('demo'), { hash: 'abc', stamp: null, changedSince: true })
})

t.test('thousands of keys are looked up in chunks', async t => {
  const { catalog } = await emptyApp(t)
  const category = Array.from({ length: 2_500 }, (_, index) => ({ slug: `c-${index}` }))
  await catalog.replaceTracks({ document: checkedDocument('demo', { category }) })
  const keys = category.map(({ slug }) => `demo.${slug}`)
  t.equal((await catalog.byKeys('category', keys)).length, 2_500)
  t.equal((await catalog.currentKeys('category', keys)).size, 2_500)
  t.equal((await catalog.keys('category')).length, 2_000, 'the keys to suggest from are limited')
})

t.test('a webhook that was removed has no secret to rotate and no delivery to replay', async t => {
  const { options } = await emptyApp(t)
  const { rotateSecret, replay } = options.webhookWrites
  t.equal(await rotateSecret('lms', 'whsec_x', '2026-12-01T00:00:00.000Z'), false)
  t.equal(await replay('lms', { id: 'msg_x' }), undefined)
})

t.test('a track that was created through the API counts as changed since its last load, without a load', async t => {
  const { catalog } = await emptyApp(t)
  t.equal(await catalog.lastLoad('go'), undefined)
  await createWriter(catalog).put('track', 'go', { title: 'Go' }, noPreconditions)
  t.same(await catalog.lastLoad('go'), { hash: '', stamp: null, changedSince: true })
})
