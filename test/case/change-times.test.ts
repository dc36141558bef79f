import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { Document } from '../../src/model/document.ts'
import { documentOf, emptyApp } from '../fixtures/app.ts'
import { associationSentences, type Body, createGet, packageOf, readStatusInfo } from '../fixtures/case.ts'

type Skill = Record<string, unknown>

const track = (skills: Skill[], more: Record<string, unknown> = {}): Document =>
  documentOf(
    { slug: 'a', title: 'A', ...more },
    {
      category: [{ slug: 'c', title: 'C' }],
      skill: skills.map(skill => ({ category: 'a.c', tier: 'beginner', ...skill })),
    },
  )

const [one, two] = [
  { slug: 'one', title: 'One' },
  { slug: 'two', title: 'Two' },
]

t.test('a new relation updates the change time of its association and its document', async t => {
  const { app, load } = await emptyApp(t)
  await load(track([one, two]))
  const before = (await packageOf(app, 'a')).CFDocument.lastChangeDateTime
  const changedSince = async (time: string) => {
    const filter = encodeURIComponent(`lastChangeDateTime>'${time}'`)
    return (await createGet(app)(`/CFDocuments?filter=${filter}`)).json<{ CFDocuments: Body[] }>().CFDocuments.length
  }
  t.equal(await changedSince(before), 0)
  for (const change of [{ prerequisites: ['one'] }, { related: ['one'] }, {}]) {
    await pause(5)
    const start = new Date().toISOString()
    const then = await packageOf(app, 'a')
    await load(track([one, { ...two, ...change }]))
    const now = await packageOf(app, 'a')
    t.ok(now.CFDocument.lastChangeDateTime >= start, JSON.stringify(change))
    t.equal(await changedSince(then.CFDocument.lastChangeDateTime), 1)
    t.equal(await changedSince(now.CFDocument.lastChangeDateTime), 0)
    const known = new Set(associationSentences(then))
    for (const [index, line] of associationSentences(now).entries())
      if (!known.has(line)) t.ok(String(now.CFAssociations[index]?.lastChangeDateTime) >= start, line)
  }
})

t.test('every object whose content differs has a new change time', async t => {
  const { app, load } = await emptyApp(t)
  const steps = [
    track([one, two]),
    track([two, one]),
    track([two, { ...one, tier: 'senior' }]),
    track([
      { ...two, title: 'Deux' },
      { ...one, prerequisites: ['two'] },
    ]),
    track([
      { ...two, title: 'Zwei' },
      { ...one, prerequisites: ['two'] },
    ]),
    track([{ ...two, title: 'Zwei' }, one], { title: 'B' }),
    track([{ ...two, title: 'Zwei' }]),
    track([{ ...two, title: 'Zwei' }, one], { license: 'MIT' }),
  ]
  let known = new Map<string, { text: string; time: string }>()
  for (const [index, step] of steps.entries()) {
    await pause(3)
    await load(step)
    const { CFDocument, CFItems, CFAssociations } = await packageOf(app, 'a')
    const current = new Map(
      [CFDocument, ...CFItems, ...CFAssociations].map(object => {
        const { lastChangeDateTime: time, ...rest } = object
        return [object.identifier, { text: JSON.stringify(rest), time }] as const
      }),
    )
    for (const [id, { text, time }] of current) {
      const before = known.get(id)
      if (before !== undefined && before.text !== text) t.ok(time > before.time, `step ${index}: ${text}`)
    }
    known = current
  }
})

t.test('a removed noun stays as an item with an end date until it is restored', async t => {
  const { app, catalog, load } = await emptyApp(t)
  await load(track([one, { ...two, prerequisites: ['one'] }]))
  const id = (await app.inject('/v1/skills/a.two')).json<{ id: string }>().id
  await load(track([one]))
  const removed = { identifier: id, fullStatement: 'Two', humanCodingScheme: 'two', CFItemType: 'Skill' }
  const { CFDocument, CFItems, ...rest } = await packageOf(app, 'a')
  const item = CFItems.find(({ identifier }) => identifier === id)
  t.match(item, { ...removed, statusEndDate: String(item?.lastChangeDateTime).slice(0, 10) })
  t.ok(CFDocument.lastChangeDateTime >= String(item?.lastChangeDateTime))
  t.same(associationSentences({ CFDocument, CFItems, ...rest }), [
    'C isChildOf A',
    'One isChildOf C',
    'Two isChildOf A',
  ])
  t.match((await createGet(app)(`/CFItems/${id}`)).json(), removed)
  t.equal(
    (await createGet(app)(`/CFItemAssociations/${id}`)).json<{ CFAssociations: Body[] }>().CFAssociations.length,
    1,
  )
  t.match((await createGet(app, 'v1p0')(`/CFItems/${id}`)).json(), removed)
  t.equal((await app.inject(`/v1/skills/${id}`)).statusCode, 410, 'elsewhere it is gone')

  await load(track([one, two]))
  const back = (await packageOf(app, 'a')).CFItems.filter(({ identifier }) => identifier === id)
  t.equal(back.length, 1)
  t.notOk('statusEndDate' in Object(back[0]))

  await load(track([one]))
  const { changes } = catalog
  catalog.changes = async query => {
    const page = await changes({ ...query, limit: 2 })
    return { ...page, data: page.data.map(change => ({ ...change, title: null })) }
  }
  await load(track([one, { slug: 'three' }]))
  const last = (await packageOf(app, 'a')).CFItems.find(({ identifier }) => identifier === id)
  t.match(last, { ...removed, fullStatement: 'two' }, 'also after many changes, and if its title was not stored')
})

t.test('an item removed before its track was renamed is still served', async t => {
  const { app, load } = await emptyApp(t)
  await load(track([one, two]))
  await load(track([one]))
  await load(
    documentOf(
      { slug: 'b', title: 'B', formerly: ['a'] },
      {
        category: [{ slug: 'c', title: 'C' }],
        skill: [{ ...one, category: 'b.c', tier: 'beginner' }],
      },
    ),
  )
  t.same(
    (await packageOf(app, 'b')).CFItems.map(item => [item.fullStatement, 'statusEndDate' in item]),
    [
      ['A title', false],
      ['One', false],
      ['Two', true],
    ].map(([title, ended]) => [title === 'A title' ? 'C' : title, ended]),
  )
})

t.test('a change to a track updates the tracks that refer to it, and no others', async t => {
  const { app, catalog, load } = await emptyApp(t)
  const { checkDocument } = await import('../../src/model/check-document.ts')
  const dependent = documentOf(
    { slug: 'z', title: 'Z' },
    {
      category: [{ slug: 'c', title: 'C' }],
      skill: [{ slug: 's', title: 'S', category: 'z.c', tier: 'senior', prerequisites: ['a.one'] }],
    },
  )
  await load(track([one]))
  await catalog.replaceTracks(checkDocument(dependent, (_, key) => key))
  await load(documentOf({ slug: 'third', title: 'Third' }, { category: [{ slug: 'c' }] }))
  t.ok(associationSentences(await packageOf(app, 'z')).includes('One precedes S'))
  const third = await packageOf(app, 'third')
  const before = await packageOf(app, 'z')
  await pause(5)
  await load(track([{ ...one, title: 'Uno' }]))
  const after = await packageOf(app, 'z')
  t.ok(associationSentences(after).includes('Uno precedes S'))
  t.ok(after.CFDocument.lastChangeDateTime > before.CFDocument.lastChangeDateTime)
  t.same(await packageOf(app, 'third'), third)
})

t.test('concurrent requests build a framework once, and again after a change', async t => {
  const { app, catalog, load } = await emptyApp(t)
  await load(track([one]))
  const { document, byKeys } = catalog
  let read = 0
  catalog.document = async key => {
    read += 1
    return document(key)
  }
  const { CFDocument, CFItems, CFAssociations } = await packageOf(app, 'a')
  await Promise.all([...CFItems, ...CFAssociations].map(({ uri }) => app.inject(new URL(uri).pathname)))
  t.equal(read, 1)
  await load(track([one, two]))
  read = 0
  await Promise.all(['/CFPackages/', '/CFDocuments/'].map(path => createGet(app)(`${path}${CFDocument.identifier}`)))
  t.equal(read, 1)

  catalog.byKeys = async () => []
  const { checkDocument } = await import('../../src/model/check-document.ts')
  const elsewhere = { ...one, slug: 'three', prerequisites: ['x.gone'] }
  await load(
    documentOf(
      { slug: 'x' },
      { category: [{ slug: 'c' }], skill: [{ slug: 'gone', category: 'x.c', tier: 'senior' }] },
    ),
  )
  await catalog.replaceTracks(checkDocument(track([elsewhere]), (_, key) => key))
  t.notOk(
    associationSentences(await packageOf(app, 'a')).some(line => line.includes('precedes')),
    'an end that is not there is left out',
  )
  catalog.byKeys = byKeys

  catalog.document = async () => undefined
  await load(track([one]))
  t.match(readStatusInfo(await createGet(app)(`/CFPackages/${CFDocument.identifier}`)), {
    status: 404,
    value: 'unknownobject',
  })
  t.equal((await createGet(app)(`/CFItems/${CFItems[0]?.identifier}`)).statusCode, 404)
  t.equal((await createGet(app)(`/CFAssociations/${CFAssociations[0]?.identifier}`)).statusCode, 404)
  t.equal((await createGet(app)('/CFDocuments')).json<{ CFDocuments: Body[] }>().CFDocuments.length, 2)
})
