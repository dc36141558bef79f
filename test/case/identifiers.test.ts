import t from 'tap'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'
import { associationSentences, type Body, createGet, origin, Package, readStatusInfo } from '../fixtures/case.ts'

const uuids = {
  track: '10000000-0000-4000-8000-000000000001',
  category: '20000000-0000-1000-8000-000000000002',
  skill: 'aBcDeF00-0000-5000-9000-000000000003',
  principle: '40000000-0000-3000-a000-000000000004',
  project: '50000000-0000-2000-b000-000000000005',
  resource: '60000000-0000-4000-8000-000000000006',
}
const version7 = '0190a1b2-0000-7000-8000-000000000007'

const imported = documentOf(
  { slug: 'a', title: 'A', externalId: uuids.track },
  {
    category: [{ slug: 'c', title: 'C', externalId: uuids.category }],
    skill: [
      { slug: 's', title: 'S', category: 'c', tier: 'senior', externalId: uuids.skill, resources: ['r'] },
      { slug: 'o', title: 'O', category: 'c', tier: 'senior', externalId: version7, prerequisites: ['s'] },
      { slug: 'n', title: 'N', category: 'c', tier: 'senior', externalId: 'legacy/7', related: ['s'] },
    ],
    principle: [{ slug: 'p', title: 'P', kind: 'rule', externalId: uuids.principle, category: 'c' }],
    project: [{ slug: 'x', title: 'X', externalId: uuids.project, skills: ['s'], acceptance: ['It runs.'] }],
    resource: [{ slug: 'r', title: 'R', kind: 'book', externalId: uuids.resource }],
  },
)

t.test('a framework that was imported with UUIDs keeps its identifiers', async t => {
  const { app, load } = await emptyApp(t)
  await load(imported)
  for (const version of ['v1p1', 'v1p0']) {
    const get = createGet(app, version)
    const whole = Package.parse((await get(`/CFPackages/${uuids.track}`)).json())
    t.equal(whole.CFDocument.identifier, uuids.track)
    t.equal(whole.CFDocument.uri, `${origin}/ims/case/${version}/CFDocuments/${uuids.track}`)
    const document = (await get(`/CFDocuments/${uuids.track}`)).json()
    t.match(document, {
      identifier: uuids.track,
      CFPackageURI: { identifier: uuids.track, uri: `${origin}/ims/case/${version}/CFPackages/${uuids.track}` },
    })
    const identifiers = new Map(
      whole.CFItems.map(({ humanCodingScheme, identifier }) => [humanCodingScheme, identifier]),
    )
    t.match(
      identifiers,
      new Map([
        ['c', uuids.category],
        ['s', uuids.skill.toLowerCase()],
        ['p', uuids.principle],
        ['x', uuids.project],
      ]),
    )
    const items = new Set(identifiers.values())
    for (const { identifier, uri, ...item } of whole.CFItems) {
      t.equal(uri, `${origin}/ims/case/${version}/CFItems/${identifier}`)
      t.same((await get(`/CFItems/${identifier}`)).json(), {
        identifier,
        uri,
        ...item,
        CFDocumentURI: {
          title: 'A',
          identifier: uuids.track,
          uri: `${origin}/ims/case/${version}/CFDocuments/${uuids.track}`,
        },
      })
      const { CFAssociations } = (await get(`/CFItemAssociations/${identifier}`)).json<{ CFAssociations: Body[] }>()
      t.ok(CFAssociations.length > 0)
    }
    const ends = whole.CFAssociations.flatMap(one => [one.originNodeURI, one.destinationNodeURI])
    for (const { identifier, uri, targetType } of ends)
      if (identifier === uuids.track) t.equal(uri, whole.CFDocument.uri)
      else if (targetType === 'ext:resource') t.equal(identifier, uuids.resource)
      else t.ok(items.has(identifier) && uri.endsWith(`/CFItems/${identifier}`), uri)
    t.equal(whole.CFRubrics?.[0]?.CFRubricCriteria[0]?.CFItemURI.identifier, uuids.project)
  }
  const alignments = (await app.inject('/v1/tracks/a/export/ob3-alignments.json')).json<{ targetUrl: string }[]>()
  t.equal(alignments[0]?.targetUrl, `${origin}/ims/case/v1p1/CFItems/${uuids.skill.toLowerCase()}`)
})

t.test(
  'an item with a UUID as external id is still found by its id, and an external id of another form changes nothing',
  async t => {
    const { app, load } = await emptyApp(t)
    await load(imported)
    const get = createGet(app)
    const idOf = async (path: string) => (await app.inject(`/v1/${path}`)).json<{ id: string }>().id
    const skill = await idOf('skills/a.s')
    const byId = await get(`/CFItems/${skill}`)
    t.match(byId.json(), { identifier: uuids.skill.toLowerCase() })
    t.equal(byId.body, (await get(`/CFItems/${uuids.skill}`)).body, 'upper and lower case are the same')
    t.equal((await get(`/CFItemAssociations/${skill}`)).body, (await get(`/CFItemAssociations/${uuids.skill}`)).body)
    const track = await idOf('tracks/a')
    for (const path of ['CFDocuments', 'CFPackages'])
      t.equal((await get(`/${path}/${track}`)).body, (await get(`/${path}/${uuids.track}`)).body)
    for (const slug of ['o', 'n']) {
      const id = await idOf(`skills/a.${slug}`)
      t.match((await get(`/CFItems/${id}`)).json(), { identifier: id })
    }
    t.match(readStatusInfo(await get(`/CFItems/${version7}`)), { status: 404, value: 'invalid_uuid' })
    t.match(readStatusInfo(await get(`/CFItems/${uuids.resource}`)), { status: 404, value: 'unknownobject' })
    t.equal((await app.inject(`/v1/skills/${uuids.skill}`)).statusCode, 404, 'REST knows the id alone')
  },
)

t.test(
  'another external id is another identifier: the id still finds the item, and the former identifier does not',
  async t => {
    const { app, load } = await emptyApp(t)
    await load(imported)
    const get = createGet(app)
    const before = (await get(`/CFDocuments/${uuids.track}`)).json<{ lastChangeDateTime: string }>()
    const skill = (await app.inject('/v1/skills/a.s')).json<{ id: string }>().id
    const patch = (externalId: string | null) =>
      app.inject({
        method: 'PATCH',
        url: '/v1/skills/a.s',
        headers: { ...asAdmin, 'content-type': 'application/merge-patch+json', 'if-match': '*' },
        payload: JSON.stringify({ externalId }),
      })
    const other = '70000000-0000-4000-8000-000000000008'
    t.equal((await patch(other)).statusCode, 200)
    t.match((await get(`/CFItems/${other}`)).json(), { identifier: other })
    t.match((await get(`/CFItems/${skill}`)).json(), { identifier: other })
    t.match(readStatusInfo(await get(`/CFItems/${uuids.skill}`)), { status: 404, value: 'unknownobject' })
    const after = (await get(`/CFDocuments/${uuids.track}`)).json<{ lastChangeDateTime: string }>()
    t.ok(after.lastChangeDateTime > before.lastChangeDateTime)
    t.equal((await patch(null)).statusCode, 200)
    t.match((await get(`/CFItems/${skill}`)).json(), { identifier: skill })
    t.match(readStatusInfo(await get(`/CFItems/${other}`)), { status: 404 })
  },
)

t.test('a removed item keeps its identifier until another item has it', async t => {
  const { app, load } = await emptyApp(t)
  await load(imported)
  const get = createGet(app)
  const { id } = (await app.inject('/v1/skills/a.s')).json<{ id: string }>()
  const [s, o, n] = imported.skills
  if (s === undefined || o === undefined || n === undefined) throw new Error('three skills')
  const rest = [
    { ...o, prerequisites: [] },
    { ...n, related: [] },
  ]
  const projects = imported.projects.map(one => ({ ...one, skills: [] }))
  await load({ ...imported, skills: rest, projects })
  const removed = { identifier: uuids.skill.toLowerCase(), statusEndDate: /^\d{4}-/ }
  t.match((await get(`/CFItems/${uuids.skill}`)).json(), removed)
  t.match((await get(`/CFItems/${id}`)).json(), removed)
  await load({ ...imported, skills: [{ ...s, slug: 'again' }, ...rest], projects })
  const { CFItems, ...others } = Package.parse((await get(`/CFPackages/${uuids.track}`)).json())
  const same = CFItems.filter(({ identifier }) => identifier === uuids.skill.toLowerCase())
  t.same(
    same.map(item => [item.humanCodingScheme, 'statusEndDate' in item]),
    [['again', false]],
  )
  t.ok(associationSentences({ CFItems, ...others }).includes('S isChildOf C'))
})

t.test(
  'two items cannot have the same identifier: in one document it is a mistake with a place, across tracks a conflict',
  async t => {
    const { app, catalog, load } = await emptyApp(t)
    const { checkDocument } = await import('../../src/model/check-document.ts')
    const twice = {
      ...imported,
      projects: imported.projects.map(one => ({ ...one, externalId: uuids.skill.toUpperCase() })),
    }
    t.same(checkDocument(twice, () => undefined).mistakes, [
      {
        noun: 'project',
        slug: 'x',
        path: ['externalId'],
        message:
          'skill "s" has this UUID too, and CASE identifies both by it: give one of the two another externalId, or none',
      },
    ])
    await load(imported)
    const copy = { ...imported, track: { ...imported.track, slug: 'copy' } }
    await t.rejects(catalog.replaceTracks(checkDocument(copy, () => undefined)), {
      code: 'CONFLICT',
      message: `"copy" cannot have the externalId ${uuids.track}: it identifies "a" in CASE. Give it another one, or none.`,
    })
    const put = (externalId: string) =>
      app.inject({
        method: 'PATCH',
        url: '/v1/skills/a.n',
        headers: { ...asAdmin, 'content-type': 'application/merge-patch+json', 'if-match': '*' },
        payload: JSON.stringify({ externalId }),
      })
    t.match((await put(uuids.project)).json(), {
      status: 409,
      code: 'CONFLICT',
      detail: `"a.skill.n" cannot have the externalId ${uuids.project}: it identifies "a.project.x" in CASE. Give it another one, or none.`,
    })
    const { id } = (await app.inject('/v1/skills/a.o')).json<{ id: string }>()
    t.match((await put(id)).json(), { status: 409, detail: /it identifies "a\.skill\.o" in CASE/ })
    const own = (await app.inject('/v1/skills/a.n')).json<{ id: string }>().id
    t.equal((await put(own)).statusCode, 200, 'its own id is no conflict')
    const [s, o, n] = imported.skills
    if (s === undefined || o === undefined || n === undefined) throw new Error('three skills')
    await load({ ...imported, skills: [{ ...s, externalId: null }, o, { ...n, externalId: uuids.skill }] })
    t.match(
      (await createGet(app)(`/CFItems/${uuids.skill}`)).json(),
      { humanCodingScheme: 'n' },
      'one may take it over',
    )
  },
)
