import { readFile } from 'node:fs/promises'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import t from 'tap'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { createGet, packageOf, readStatusInfo } from '../fixtures/case.ts'

const collections = [
  'CFDocuments',
  'CFPackages',
  'CFItems',
  'CFItemAssociations',
  'CFAssociations',
  'CFAssociationGroupings',
  'CFConcepts',
  'CFSubjects',
  'CFItemTypes',
  'CFLicenses',
  'CFRubrics',
]
const nobody = '11111111-1111-4111-8111-111111111111'

t.test('an unknown or malformed identifier is 404 at every endpoint', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'a' }, { category: [{ slug: 'c' }] }))
  for (const [version, malformed] of [
    ['v1p1', 'invalid_uuid'],
    ['v1p0', 'invaliduuid'],
  ] as const)
    for (const collection of collections) {
      const get = async (id: string) => readStatusInfo(await createGet(app, version)(`/${collection}/${id}`))
      t.match(await get(nobody), { status: 404, field: 'sourcedId', value: 'unknownobject', description: nobody })
      for (const id of ['nope', '%zz', 'x'.repeat(300), '01890a5d-ac96-774b-bcce-b302099a8057'])
        t.match(await get(id), { status: 404, field: 'sourcedId', value: malformed, description: /Invalid UUID/ }, id)
    }
})

t.test('an object is not found in another collection', async t => {
  const { app } = await testApp(t)
  const { CFDocument, CFItems, CFAssociations } = await packageOf(app, 'python')
  for (const [collection, one] of [
    ['CFItems', CFDocument],
    ['CFDocuments', CFItems[0]],
    ['CFPackages', CFItems[0]],
    ['CFRubrics', CFAssociations[0]],
    ['CFItems', CFAssociations[0]],
    ['CFAssociations', CFItems[0]],
  ] as const)
    t.match(readStatusInfo(await createGet(app)(`/${collection}/${one?.identifier}`)), {
      status: 404,
      value: 'unknownobject',
    })
  const resource = CFAssociations.find(({ associationType }) => associationType === 'exemplar')
  t.equal((await createGet(app)(`/CFAssociations/${resource?.identifier}`)).statusCode, 200)
  t.equal((await createGet(app, 'v1p0')(`/CFAssociations/${resource?.identifier}`)).statusCode, 404, 'not in 1.0')
})

t.test("every error below the prefix has the standard's body", async t => {
  const { app, catalog } = await emptyApp(t)
  for (const url of [
    '/ims/case',
    '/ims/case/',
    '/ims/case/v1p1',
    '/ims/case/v2p0/CFDocuments',
    '/ims/case/v1p1/Nothing',
  ])
    t.match(readStatusInfo(await app.inject(url)), {
      status: 404,
      major: 'failure',
      value: 'unknownobject',
      description: 'discovery/imscasev1p1_openapi3_v1p0.json lists all endpoints',
    })
  t.match(readStatusInfo(await app.inject('/ims/case/v1p0/Nothing')).description, 'imscasev1p0_openapi3_v1p0.json')
  t.match((await app.inject('/ims/cases')).json(), { code: 'NOT_FOUND' }, 'other addresses keep their own')
  for (const method of ['POST', 'PUT', 'DELETE'] as const) {
    const response = await app.inject({ method, url: `/ims/case/v1p1/CFItems/${nobody}`, payload: 'x' })
    t.match(readStatusInfo(response), { status: 405, major: 'unsupported', severity: 'error', field: undefined })
    t.equal(response.headers.allow, 'GET, HEAD, OPTIONS')
  }
  for (const path of ['CFDocuments', `CFItems/${nobody}`, 'discovery/imscasev1p1_openapi3_v1p0.json']) {
    const response = await app.inject({ url: `/ims/case/v1p1/${path}`, headers: { accept: 'text/html' } })
    t.match(readStatusInfo(response), { status: 406, major: 'unsupported', description: /application\/json/ })
    t.match(response.headers, { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' })
  }
  catalog.findByUuid = async () => {
    throw new Error('SQLITE_IOERR at /secret/path')
  }
  const failing = await createGet(app)(`/CFItems/${nobody}`)
  t.match(readStatusInfo(failing), { status: 500, value: 'internal_server_error' })
  t.notMatch(failing.body, /SQLITE|secret/)
})

t.test("too many requests are reported in the standard's format, with Retry-After", async t => {
  const { app } = await emptyApp(t, { ratePerMinute: 1 })
  await createGet(app)('/CFDocuments')
  const response = await createGet(app)('/CFDocuments')
  t.match(readStatusInfo(response), { status: 429, value: 'server_busy' })
  t.match(response.headers['retry-after'], /^\d+$/)
})

t.test('a client gets JSON for every Accept header that includes it', async t => {
  const { app } = await testApp(t)
  for (const accept of ['application/json;q=0.8', 'application/json', '*/*', 'text/html, application/*;q=0.1']) {
    const response = await app.inject({ url: '/ims/case/v1p0/CFDocuments', headers: { accept } })
    t.equal(response.statusCode, 200, accept)
    t.equal(response.headers['content-type'], 'application/json; charset=utf-8')
  }
})

t.test('an identifier may have the suffix .json and capital letters', async t => {
  const { app } = await testApp(t)
  const get = createGet(app)
  const id = '7c3a40fa-0a9d-5f24-a4c3-27df3aac477e'
  const { body } = await get(`/CFPackages/${id}`)
  for (const other of [`${id}.json`, id.toUpperCase(), `${id}?_=1`])
    t.equal((await get(`/CFPackages/${other}`)).body, body)
  t.equal((await get('/CFDocuments.json')).body, (await get('/CFDocuments')).body)
})

t.test('a response is cached, compressed and revalidated like every other', async t => {
  const { app } = await testApp(t)
  const url = '/ims/case/v1p1/CFPackages/7c3a40fa-0a9d-5f24-a4c3-27df3aac477e'
  const first = await app.inject({ url, headers: { 'accept-encoding': 'br' } })
  t.match(first.headers, {
    'content-encoding': 'br',
    'cache-control': 'public, max-age=60, stale-while-revalidate=600',
    'access-control-allow-origin': '*',
    'curriculum-cursor': /^\d+$/,
    vary: 'Accept-Encoding',
  })
  const notModified = await app.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } })
  t.equal(notModified.statusCode, 304)
  t.equal(notModified.body, '')
  const head = await app.inject({ method: 'HEAD', url })
  t.equal(head.statusCode, 200)
  t.equal(head.headers.etag, (await app.inject(url)).headers.etag)
})

t.test('OpenAPI describes the service without CASE, which describes itself', async t => {
  const { app } = await emptyApp(t)
  t.notMatch(await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8'), /^ {2}\/ims/m)
  for (const [version, shown, hidden] of [
    ['v1p1', /"invalid_uuid".*"isTranslationOf".*"extensions"/, /"invaliduuid"/],
    ['v1p0', /"invaliduuid"/, /"isTranslationOf"|"extensions"|"targetType"|"caseVersion"|"invalid_uuid"/],
  ] as const) {
    const response = await createGet(app, version)(`/discovery/imscase${version}_openapi3_v1p0.json`)
    t.equal(response.json<{ openapi: string }>().openapi, '3.0.3')
    t.match(response.body, shown)
    t.notMatch(response.body, hidden)
  }
})

for (const version of ['v1p1', 'v1p0'])
  t.test(`every response matches the discovery document (${version})`, async t => {
    const { app } = await testApp(t)
    const get = createGet(app, version)
    const description = (await get(`/discovery/imscase${version}_openapi3_v1p0.json`)).json<Described>()
    const ajv = new Ajv({ strict: false, allErrors: true })
    formats.default(ajv)
    ajv.addSchema({ ...description, $id: 'case' })
    const agrees = async (path: string, status: 200 | 400 | 404, address: string) => {
      const response = await get(address)
      t.equal(response.statusCode, status, address)
      const schemaRef = description.paths[path]?.get.responses[status]?.content['application/json'].schema.$ref
      const validate = ajv.getSchema(`case${schemaRef}`)
      t.ok(validate?.(response.json()), `${address} ${JSON.stringify(validate?.errors?.slice(0, 3))}`)
    }
    const { CFDocument, CFItems, CFAssociations, CFDefinitions, CFRubrics } = await packageOf(app, 'python', version)
    const one = {
      CFDocuments: CFDocument,
      CFPackages: CFDocument,
      CFItems: CFItems[40],
      CFItemAssociations: CFItems[40],
      CFAssociations: CFAssociations[40],
      CFConcepts: CFDefinitions.CFConcepts[0],
      CFSubjects: CFDefinitions.CFSubjects[0],
      CFItemTypes: CFDefinitions.CFItemTypes[0],
      CFLicenses: CFDefinitions.CFLicenses[0],
      CFRubrics: CFRubrics?.[0],
    }
    t.equal(Object.keys(description.paths).length, collections.length + 1)
    await agrees('/CFDocuments', 200, '/CFDocuments')
    await agrees('/CFDocuments', 400, '/CFDocuments?limit=0')
    for (const [collection, { identifier } = { identifier: 'nothing' }] of Object.entries(one))
      await agrees(`/${collection}/{sourcedId}`, 200, `/${collection}/${identifier}`)
    for (const collection of collections) await agrees(`/${collection}/{sourcedId}`, 404, `/${collection}/nope`)
  })

interface Described {
  paths: Record<
    string,
    { get: { responses: Record<string, { content: { 'application/json': { schema: { $ref: string } } } }> } }
  >
}
