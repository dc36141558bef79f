import t from 'tap'
import { documentOf, emptyApp, type TestApp } from '../fixtures/app.ts'
import { type Body, createGet, origin, readStatusInfo } from '../fixtures/case.ts'

const three = async (test: TestApp): Promise<void> => {
  await test.load(documentOf({ slug: 'a', title: 'Zebra', version: '1.0', license: 'CC-BY-4.0' }, {}))
  await test.load(documentOf({ slug: 'b', title: 'éclair', version: '2.0', summary: "It's sweet AND round" }, {}))
  await test.load(documentOf({ slug: 'c', title: 'Apple', version: '1.0', summary: 'Round' }, {}))
}

const titles = (response: { json<T>(): T }): unknown[] =>
  response.json<{ CFDocuments: Body[] }>().CFDocuments.map(({ title }) => title)

t.test('a service without a track lists none', async t => {
  const { app } = await emptyApp(t)
  const response = await createGet(app)('/CFDocuments')
  t.same(response.json(), { CFDocuments: [] })
  t.match(response.headers, {
    'x-total-count': '0',
    link: `<${origin}/ims/case/v1p1/CFDocuments?limit=1&offset=0>; rel="last", <${origin}/ims/case/v1p1/CFDocuments?limit=100&offset=0>; rel="first"`,
  })
})

t.test('pages link to the next, previous, first and last page of the same query', async t => {
  const test = await emptyApp(t)
  await three(test)
  const get = createGet(test.app)
  const linksOf = async (query: string) => {
    const { headers } = await get(`/CFDocuments?${query}`)
    t.equal(headers['x-total-count'], '3')
    const links = [...String(headers.link).matchAll(/<([^>]*)>; rel="(\w+)"/g)]
    return Object.fromEntries(
      links.map(([, uri, rel]) => [rel, uri?.slice(`${origin}/ims/case/v1p1/CFDocuments?`.length)]),
    )
  }
  t.same(await linksOf('limit=2&sort=title&orderBy=desc'), {
    next: 'sort=title&orderBy=desc&limit=2&offset=2',
    last: 'sort=title&orderBy=desc&limit=1&offset=2',
    first: 'sort=title&orderBy=desc&limit=2&offset=0',
  })
  t.same(await linksOf('limit=2&offset=1'), {
    last: 'limit=1&offset=2',
    first: 'limit=2&offset=0',
    prev: 'limit=1&offset=0',
  })
  t.same(await linksOf('offset=9'), { last: 'limit=3&offset=0', first: 'limit=100&offset=0', prev: 'limit=9&offset=0' })
  t.match((await get('/CFDocuments')).headers['access-control-expose-headers'], /ETag, Link, .*X-Total-Count/)
})

t.test('documents are sorted by any field, and keep their order for an unknown one', async t => {
  const test = await emptyApp(t)
  await three(test)
  for (const [query, expected] of [
    ['', ['Zebra', 'éclair', 'Apple']],
    ['sort=title', ['Apple', 'éclair', 'Zebra']],
    ['sort=title&orderBy=asc', ['Apple', 'éclair', 'Zebra']],
    ['sort=title&orderBy=desc', ['Zebra', 'éclair', 'Apple']],
    ['sort=licenseURI.title&orderBy=desc', ['Zebra', 'éclair', 'Apple']],
    ['sort=lastChangeDateTime', ['Zebra', 'éclair', 'Apple']],
    ['sort=colour&orderBy=desc', ['Zebra', 'éclair', 'Apple']],
    ['orderBy=desc', ['Zebra', 'éclair', 'Apple']],
    ['sort=title&offset=1&limit=1', ['éclair']],
    ['colour=red', ['Zebra', 'éclair', 'Apple']],
  ] as const)
    t.same(titles(await createGet(test.app)(`/CFDocuments?${query}`)), expected, query)
})

t.test('documents are filtered by the syntax of the standard', async t => {
  const test = await emptyApp(t)
  await three(test)
  for (const [filter, expected] of [
    ["title='ZEBRA'", ['Zebra']],
    ["title='eclair'", []],
    ["version='1.0'", ['Zebra', 'Apple']],
    ["version!='1.0'", ['éclair']],
    ["version>'1.0'", ['éclair']],
    ["version>='1.0'", ['Zebra', 'éclair', 'Apple']],
    ["version<'2.0'", ['Zebra', 'Apple']],
    ["version<='2.0'", ['Zebra', 'éclair', 'Apple']],
    ["description~'ROUND'", ['éclair', 'Apple']],
    ["description='It's sweet AND round'", ['éclair']],
    ["description!='Round'", ['Zebra', 'éclair']],
    ["version='1.0' AND title='Apple'", ['Apple']],
    ["version='2.0' OR title='Apple'", ['éclair', 'Apple']],
    ["licenseURI.title='CC BY 4.0'", ['Zebra']],
    ["subject='apple'", ['Apple']],
    ["subject~'apple,zeb'", ['Zebra', 'Apple']],
    ["subjectURI.title='apple'", ['Apple']],
    ["extensions.key='b'", ['éclair']],
    ["publisher='nobody'", []],
    ["publisher!='nobody'", ['Zebra', 'éclair', 'Apple']],
    ["statusStartDate>'2020-01-01'", []],
    ["lastChangeDateTime>'2020-01-01T00:00:00+02:00'", ['Zebra', 'éclair', 'Apple']],
    ["lastChangeDateTime<'2020-01-01'", []],
    ["lastChangeDateTime~'Z'", ['Zebra', 'éclair', 'Apple']],
  ] as const)
    t.same(titles(await createGet(test.app)(`/CFDocuments?filter=${encodeURIComponent(filter)}`)), expected, filter)
})

t.test('only the selected fields are returned, and all when one of them is unknown', async t => {
  const test = await emptyApp(t)
  await three(test)
  const fieldsOf = async (query: string, version?: string) =>
    Object.keys(
      (await createGet(test.app, version)(`/CFDocuments?limit=1&${query}`)).json<{ CFDocuments: Body[] }>()
        .CFDocuments[0] ?? {},
    )
  const all = await fieldsOf('')
  t.same(await fieldsOf('fields=title,identifier'), ['identifier', 'title'])
  t.same(await fieldsOf('fields=title&fields=version'), ['title', 'version'])
  t.same(await fieldsOf('fields=publisher'), [])
  t.same(await fieldsOf('fields=title,colour'), all)
  t.same(await fieldsOf('fields=licenseURI.title'), all)
  t.same(await fieldsOf('fields=caseVersion'), ['caseVersion'])
  t.ok((await fieldsOf('fields=caseVersion', 'v1p0')).length > 5, '1.0 does not know that field')
})

t.test('an invalid query is reported with the parameter and the way to fix it', async t => {
  const { app } = await emptyApp(t)
  for (const [query, field, value, message] of [
    ['limit=0', 'limit', 'invalid_selection_field', 'from 1 to 2147483647'],
    ['limit=2147483648', 'limit', 'invalid_selection_field', 'from 1 to 2147483647'],
    ['limit=ten', 'limit', 'invalid_selection_field', 'whole number'],
    ['limit=1&limit=2', 'limit', 'invalid_selection_field', 'more than once'],
    ['offset=-1', 'offset', 'invalid_selection_field', 'from 0'],
    ['sort=a&sort=b', 'sort', 'invalid_sort_field', 'more than once'],
    ['sort=title&orderBy=up', 'orderBy', 'invalid_selection_field', 'asc or desc'],
    ['fields=', 'fields', 'invalid_selection_field', 'separated by commas'],
    ['fields=title,,version', 'fields', 'invalid_selection_field', 'separated by commas'],
    ['filter=', 'filter', 'invalid_selection_field', "field='value'"],
    [`filter=${encodeURIComponent('title="x"')}`, 'filter', 'invalid_selection_field', "field='value'"],
    [`filter=${encodeURIComponent("title='x' and version='1'")}`, 'filter', 'invalid_selection_field', "field='value'"],
    [`filter=${encodeURIComponent("a='1' AND b='2' OR c='3'")}`, 'filter', 'invalid_selection_field', 'at most one'],
    [`filter=${encodeURIComponent(`title='${'x'.repeat(2_000)}'`)}`, 'filter', 'invalid_selection_field', 'not valid'],
    [`filter=${encodeURIComponent("colour='red'")}`, 'filter', 'invalid_selection_field', 'no field colour'],
    [
      `filter=${encodeURIComponent("lastChangeDateTime>'soon'")}`,
      'filter',
      'invalid_selection_field',
      'a time such as',
    ],
  ] as const) {
    const status = readStatusInfo(await createGet(app)(`/CFDocuments?${query}`))
    t.match(status, { status: 400, major: 'failure', severity: 'error', field, value, description: message }, query)
  }
})

t.test('every track is listed, whatever their number', async t => {
  const test = await emptyApp(t)
  await three(test)
  const { list } = test.catalog
  test.catalog.list = (noun, filter, page) => list(noun, filter, { ...page, limit: 1 })
  t.same(titles(await createGet(test.app)('/CFDocuments.json')), ['Zebra', 'éclair', 'Apple'])
})
