import t from 'tap'
import { z } from 'zod'
import { documentOf, testApp } from '../fixtures/app.ts'
import { origin, Package } from '../fixtures/case.ts'

const Discovery = z.looseObject({
  openapi: z.string().regex(/^3\./),
  servers: z.array(z.looseObject({ url: z.url() })).length(1),
  paths: z.record(z.string(), z.looseObject({ get: z.looseObject({ operationId: z.string() }) })),
})
const Documents = z.strictObject({
  CFDocuments: z.array(
    z.looseObject({
      identifier: z.uuid(),
      uri: z.url(),
      lastChangeDateTime: z.iso.datetime(),
      CFPackageURI: z.looseObject({ uri: z.url() }),
    }),
  ),
})

for (const version of ['v1p1', 'v1p0'])
  t.test(`a client that knows only the standard finds, pages, filters and follows everything (${version})`, async t => {
    const { app, load } = await testApp(t)
    await load(documentOf({ slug: 'another' }, { category: [{ slug: 'a' }] }))
    const responses = new Map<string, unknown>()
    const get = async (uri: string) => {
      const { pathname, search, origin: from } = new URL(uri)
      t.equal(from, origin, uri)
      const response = await app.inject({ url: pathname + search, headers: { accept: 'application/json' } })
      if (response.statusCode !== 200) t.fail(`${uri} is answered ${response.statusCode}`)
      return response
    }
    const body = async (uri: string) => {
      const known = responses.get(uri)
      if (known !== undefined) return known
      const body: unknown = (await get(uri)).json()
      responses.set(uri, body)
      return body
    }

    const file = `imscase${version}_openapi3_v1p0.json`
    const { servers, paths } = Discovery.parse(await body(`${origin}/ims/case/${version}/discovery/${file}`))
    t.equal(servers[0]?.url, `${origin}/ims/case/${version}`)
    t.equal(Object.keys(paths).length, 12)

    const found: z.infer<typeof Documents>['CFDocuments'] = []
    for (let next: string | undefined = `${servers[0]?.url}/CFDocuments?limit=1`; next !== undefined; ) {
      const page = await get(next)
      t.equal(page.headers['x-total-count'], '2')
      const { CFDocuments } = Documents.parse(page.json())
      t.equal(CFDocuments.length, 1)
      found.push(...CFDocuments)
      next = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1]
    }
    t.same(
      found.map(({ title }) => title),
      ['A track', 'Python'],
    )
    const filter = encodeURIComponent("title='python' AND lastChangeDateTime>'2020-01-01T00:00:00Z'")
    const filtered = Documents.parse(await body(`${servers[0]?.url}/CFDocuments?filter=${filter}`)).CFDocuments
    t.same(filtered, [found[1]])
    const [document] = filtered
    if (document === undefined) throw new Error('the track is not found')

    const whole = Package.parse(await body(document.CFPackageURI.uri))
    const { CFPackageURI, ...alone } = document
    t.same(whole.CFDocument, alone, 'the document is the same in its package')
    t.same(await body(document.uri), document, 'and by itself')

    const items = new Map(whole.CFItems.map(item => [item.identifier, item]))
    for (const item of items.values()) {
      const { CFDocumentURI, ...same } = (await body(item.uri)) as Record<string, unknown>
      t.same(same, item)
      t.match(CFDocumentURI, { identifier: document.identifier })
      const { CFItemTypes } = (await body(item.CFItemTypeURI.uri)) as { CFItemTypes: unknown[] }
      t.same(
        CFItemTypes,
        whole.CFDefinitions.CFItemTypes.filter(type => type.uri === item.CFItemTypeURI.uri),
      )
      if (item.conceptKeywordsURI !== undefined) await body(item.conceptKeywordsURI.uri)
    }
    const parents = new Map<string, string>()
    for (const association of whole.CFAssociations) {
      const { CFDocumentURI, ...same } = (await body(association.uri)) as Record<string, unknown>
      t.same(same, association)
      t.match(CFDocumentURI, { identifier: document.identifier })
      const { originNodeURI, destinationNodeURI } = association
      t.ok(items.has(originNodeURI.identifier))
      if (destinationNodeURI.targetType === undefined)
        t.match(await body(destinationNodeURI.uri), { identifier: destinationNodeURI.identifier })
      if (association.associationType === 'isChildOf')
        parents.set(originNodeURI.identifier, destinationNodeURI.identifier)
    }
    t.same([...parents.keys()].sort(), [...items.keys()].sort(), 'every item has its place')
    for (const parent of parents.values())
      t.ok(
        parent === document.identifier || parents.get(parent) === document.identifier,
        'in a tree below the document',
      )
    const places = whole.CFAssociations.flatMap(({ sequenceNumber, destinationNodeURI }) =>
      sequenceNumber === undefined ? [] : [`${destinationNodeURI.identifier} ${sequenceNumber}`],
    )
    t.equal(places.length, items.size)
    t.equal(new Set(places).size, places.length, 'no two children have the same place')

    const { CFConcepts, CFSubjects, CFLicenses, CFItemTypes } = whole.CFDefinitions
    const rubrics = whole.CFRubrics ?? []
    for (const [name, defined] of Object.entries({ CFConcepts, CFSubjects, CFItemTypes }))
      for (const one of defined) t.same(await body(one.uri), { [name]: [one] })
    for (const one of [...CFLicenses, ...rubrics]) t.same(await body(one.uri), one)
    t.ok(
      rubrics
        .flatMap(({ CFRubricCriteria }) => CFRubricCriteria)
        .every(({ CFItemURI }) => items.has(CFItemURI.identifier)),
    )

    const everything = [whole.CFDocument, ...items.values(), ...whole.CFAssociations, ...CFConcepts, ...CFSubjects]
    const times = [...everything, ...CFLicenses, ...CFItemTypes, ...rubrics].map(one => one.lastChangeDateTime)
    t.equal(document.lastChangeDateTime, times.sort().at(-1), 'the document is as new as the newest in it')
    t.equal(new Set([...everything, ...rubrics].map(one => one.identifier)).size, everything.length + rubrics.length)
    const nothing: string[] = []
    JSON.stringify([...responses.values()], (name, value) => {
      if (value === null) nothing.push(name)
      return value
    })
    t.same(nothing, [], 'absent means absent')
  })
