import { cpSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { v5 } from 'uuid'
import { namespace } from '../../src/model/keys.ts'
import { testApp } from '../fixtures/app.ts'
import { filesIn, writeTree } from '../fixtures/author.ts'
import { packageOf } from '../fixtures/case.ts'
import { fieldsBySlug, readTrack, startImporting } from '../fixtures/importing.ts'
import { seed } from '../fixtures/paths.ts'

/** The number of an object as a UUID. */
const uuid = (number: number): string => `0d2f1a3c-5b6e-4f70-8a91-${String(number).padStart(12, '0')}`

type Fields = Record<string, unknown>

const item = (number: number, fullStatement: string, fields: Fields = {}): Fields => ({
  identifier: uuid(number),
  uri: `https://case.example/CFItems/${number}`,
  fullStatement,
  lastChangeDateTime: '2026-01-01T00:00:00Z',
  ...fields,
})

const link = (number: number, fields: Fields = {}): Fields => ({
  title: `Object ${number}`,
  identifier: uuid(number),
  uri: `https://case.example/CFItems/${number}`,
  ...fields,
})

const association = (
  origin: number | Fields,
  associationType: string,
  destination: number | Fields,
  sequenceNumber?: number,
): Fields => ({
  identifier: uuid(9999),
  associationType,
  uri: 'https://case.example/CFAssociations/9999',
  originNodeURI: typeof origin === 'number' ? link(origin) : origin,
  destinationNodeURI: typeof destination === 'number' ? link(destination) : destination,
  sequenceNumber,
  lastChangeDateTime: '2026-01-01T00:00:00Z',
})

/** The number of the document. */
const top = 90_000

const cfDocument = {
  identifier: uuid(top),
  uri: `https://case.example/CFDocuments/${top}`,
  creator: 'A school',
  title: 'Cooking',
  lastChangeDateTime: '2026-01-01T00:00:00Z',
}

/** A package as text, an object a line. */
const cfPackage = (items: (Fields | string)[], associations: Fields[] = [], others: Fields = {}): string => {
  const lines = (list: (Fields | string)[]) => list.map(one => `\n${JSON.stringify(one)}`).join(',')
  const rest = Object.entries({ CFDocument: cfDocument, ...others }).map(
    ([name, value]) => `"${name}":${JSON.stringify(value)}`,
  )
  return `{${rest.join(',')},"CFItems":[${lines(items)}],"CFAssociations":[${lines(associations)}]}`
}

t.test('the CASE package of a track comes back into its track without a change, in both versions', async t => {
  const { app } = await testApp(t)
  const { tracks, importText, files } = startImporting(t, 'case')
  cpSync(seed, tracks, { recursive: true })
  const before = files()
  for (const version of ['v1p1', 'v1p0'])
    t.strictSame(await importText(JSON.stringify(await packageOf(app, 'python', version))), {
      out: 'python: no changes\npython: the files are up to date\n',
      err: '',
      code: 0,
    })
  t.strictSame(files(), before)
})

t.test('the CASE package of a track makes a new track with everything that CASE can say', async t => {
  const { app } = await testApp(t)
  for (const version of ['v1p1', 'v1p0']) {
    const { importText, track } = startImporting(t, 'case')
    const text = JSON.stringify(await packageOf(app, 'python', version))
    t.equal((await importText(text)).err, '')
    const [made, original] = [await track(), await readTrack(seed)]
    t.strictSame(
      fieldsBySlug(made.categories, 'title', 'summary', 'parent', 'externalId'),
      fieldsBySlug(original.categories, 'title', 'summary', 'parent', 'externalId'),
    )
    const skillFields = [
      ...([
        'title',
        'category',
        'tier',
        'code',
        'summary',
        'kind',
        'outcomes',
        'examples',
        'notes',
        'externalId',
      ] as const),
      ...(version === 'v1p1' ? (['optional'] as const) : []),
    ]
    t.strictSame(fieldsBySlug(made.skills, ...skillFields), fieldsBySlug(original.skills, ...skillFields))
    const lists = (skills: typeof made.skills) =>
      skills.map(({ slug, prerequisites, related }) => [slug, prerequisites.toSorted(), related.length > 0])
    t.strictSame(
      lists(made.skills).map(([slug, list]) => [slug, list]),
      lists(original.skills).map(([slug, list]) => [slug, list]),
    )
    const projectFields = ['title', 'tier', 'summary', 'stack', 'features', 'milestones', 'acceptance'] as const
    t.strictSame(fieldsBySlug(made.projects, ...projectFields), fieldsBySlug(original.projects, ...projectFields))
    t.strictSame(
      fieldsBySlug(made.principles, 'title', 'risk', 'remedy', 'category', 'tier'),
      fieldsBySlug(original.principles, 'title', 'risk', 'remedy', 'category', 'tier'),
    )
    t.match(made.track, { title: 'Python', language: 'en', license: 'CC-BY-4.0', version: '2026.11', externalId: null })
    t.equal((await importText(text)).out, 'python: no changes\npython: the files are up to date\n')
  }
})

t.test('a package of a provider becomes a track with its identifiers', async t => {
  const { notesOf, track, importText, files } = startImporting(t, 'case')
  const text = cfPackage(
    [
      item(2, '<p>Bakes a <em>loaf</em>.</p>', {
        abbreviatedStatement: 'Bread',
        humanCodingScheme: 'CO.1',
        CFItemType: 'Standard',
        educationLevel: ['Advanced'],
        conceptKeywords: ['advanced', 'flour', 'x'.repeat(301)],
        conceptKeywordsURI: link(50, { title: 'Practical' }),
        notes: '<p>With <b>yeast</b>.</p>',
      }),
      item(3, `Fries. ${'Long. '.repeat(60)}`, {
        humanCodingScheme: 'CO.2',
        notes: 'Outcomes:\n- Fries an egg.\n- Turns\nit.\n\nMore.',
      }),
      item(4, `word${' word'.repeat(70)}`, { educationLevel: 'OT', notes: null }),
      item(5, 'y'.repeat(4_500), { abbreviatedStatement: 'Rolls' }),
      item(1, 'Oven'),
      item(6, 'Pan', { abbreviatedStatement: 'Pans', notes: 'All of them.' }),
      item(7, 'Level 2'),
      item(8, 'Soup', { notes: 'Outcomes:\n- Cooks soup.' }),
    ],
    [
      association(1, 'isChildOf', top, 2),
      association(6, 'isChildOf', top, 1),
      association(2, 'isChildOf', 1, 20),
      association(5, 'isChildOf', 1, 10),
      association(3, 'isChildOf', 7),
      association(7, 'isChildOf', 6),
      association(4, 'isChildOf', 6, 5),
      association(8, 'isChildOf', top),
      association(5, 'precedes', 2),
      association(2, 'isPeerOf', 3),
      association(4, 'isRelatedTo', 3),
      association(3, 'exactMatchOf', 4),
      association(4, 'replacedBy', 3),
      association(2, 'exemplar', link(70, { uri: 'https://example.org/recipe', title: undefined })),
      association(5, 'exemplar', link(70, { uri: 'https://example.org/recipe' })),
      association(2, 'exactMatchOf', link(71, { targetType: 'CASE' })),
      association(link(72, { targetType: 'ext:alignment' }), 'precedes', 2),
      association(2, 'isRelatedTo', link(73, { targetType: 'ext:other', title: 'x'.repeat(301) })),
      association(2, 'isRelatedTo', link(74, { targetType: 'nonsense' })),
      association(2, 'precedes', link(75)),
    ],
    {
      CFDocument: {
        ...cfDocument,
        description: 'How to <b>cook</b>.',
        notes: 'At home.',
        language: 'de',
        version: '3',
        licenseURI: link(60, { title: 'CC BY-SA 4.0' }),
      },
    },
  )
  t.strictSame(await notesOf(text), [
    '2:1 warning: of "Bread": a keyword of 301 characters',
    '4:1 warning: of "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word…": educationLevel OT',
  ])
  const { track: made, categories, skills, resources } = await track()
  t.match(made, {
    title: 'Cooking',
    summary: 'How to cook.',
    introduction: 'At home.',
    language: 'de',
    version: '3',
    license: 'CC-BY-SA-4.0',
    externalId: uuid(top),
  })
  t.match(categories, [
    { title: 'Pans', externalId: uuid(6), summary: 'Pan\n\nAll of them.', parent: null },
    { title: 'Level 2', externalId: uuid(7), parent: 'python.pans', summary: null },
    { title: 'Oven', externalId: uuid(1), parent: null, summary: null },
    { title: 'Cooking', externalId: null },
  ])
  const bySlug = fieldsBySlug(
    skills,
    'title',
    'code',
    'category',
    'tier',
    'summary',
    'notes',
    'outcomes',
    'examples',
    'kind',
    'prerequisites',
    'related',
    'replacedBy',
    'resources',
    'alignments',
    'externalId',
  )
  t.match(bySlug.bread, {
    title: 'Bread',
    code: 'CO.1',
    category: 'python.oven',
    tier: 'senior',
    summary: 'Bakes a loaf.',
    notes: 'With **yeast**.',
    examples: ['flour'],
    prerequisites: ['python.rolls'],
    resources: ['python.0d2f1a3c-5b6e-4f70-8a91-000000000070'],
    externalId: uuid(2),
    alignments: [
      { framework: 'case.example', title: 'Object 71', url: 'https://case.example/CFItems/71', type: 'CFItem' },
      { title: 'Object 72', type: null },
      { title: null, type: 'ext:other' },
      { title: 'Object 74', type: null },
      { title: 'Object 75', type: 'CFItem' },
    ],
  })
  t.match(bySlug.fries, {
    title: 'Fries.',
    category: 'python.level-2',
    tier: 'intermediate',
    outcomes: ['Fries an egg.', 'Turns\nit.'],
    notes: 'More.',
    kind: 'practical',
    related: ['python.bread'],
  })
  t.match(bySlug.rolls, { tier: 'beginner', summary: null, notes: 'y'.repeat(4_500) })
  t.match(bySlug.soup, { category: 'python.cooking', outcomes: ['Cooks soup.'], notes: null })
  const long = skills.find(({ externalId }) => externalId === uuid(4))
  t.match(long, { replacedBy: 'python.fries', summary: `word${' word'.repeat(70)}` })
  t.ok(long?.title.endsWith('word…'))
  t.match(resources, [{ url: 'https://example.org/recipe', kind: 'site' }])
  const written = files()
  t.equal((await importText(text)).out, 'python: no changes\npython: the files are up to date\n')
  t.strictSame(files(), written)
})

t.test('an association that the package has no more goes with --prune alone, and a new title renames', async t => {
  const { importText, track } = startImporting(t, 'case')
  const children = [association(2, 'isChildOf', 1), association(3, 'isChildOf', 1)]
  const items = (title: string) => [item(1, 'Oven'), item(2, title), item(3, 'Rolls')]
  await importText(cfPackage(items('Bread'), [...children, association(3, 'precedes', 2)]))
  await importText(cfPackage(items('Rye bread'), children))
  t.match((await track()).skills, [{ slug: 'rye-bread', formerly: ['bread'], prerequisites: ['python.rolls'] }, {}])
  await importText(cfPackage(items('Rye bread'), children), '--prune')
  t.match((await track()).skills, [{ slug: 'rye-bread', prerequisites: [] }, {}])
})

t.test('principles and projects are recognized by their types', async t => {
  const { notesOf, track, importText } = startImporting(t, 'case')
  const text = cfPackage(
    [
      item(1, 'Oven', { CFItemType: 'Category', humanCodingScheme: 'C1', conceptKeywords: ['heat'] }),
      item(2, 'Bread'),
      item(3, 'Takes care. Always.', {
        abbreviatedStatement: 'Care',
        CFItemType: 'Principle',
        educationLevel: ['senior'],
        notes: 'Risk: Fire.\n\nRemedy: Water.',
      }),
      item(4, 'Calm', { CFItemType: 'Principle', notes: 'Remedy: Rest.' }),
      item(8, 'Order', { CFItemType: 'Principle', notes: 'Keep it.' }),
      item(5, 'A feast', {
        CFItemType: 'Project',
        humanCodingScheme: 'P1',
        conceptKeywords: ['beginner', 'oven'],
        notes: 'Features:\n- Tasty\n\nMilestones:\n- Plan\n- Cook\n\nLater:\n- Clean',
      }),
      item(6, 'A snack', { CFItemType: 'Project', notes: '<p>Make it <b>small</b>.</p>' }),
      item(7, 'A meal', { CFItemType: 'Project', notes: 'Make it.' }),
    ],
    [
      association(2, 'isChildOf', 1),
      association(3, 'isRelatedTo', 1),
      association(5, 'isRelatedTo', 2),
      association(
        5,
        'exemplar',
        link(70, { targetType: 'ext:resource', uri: 'https://c.example/v1/resources/python.old-book' }),
      ),
    ],
    {
      CFRubrics: [
        {
          identifier: uuid(80),
          CFRubricCriteria: [
            { description: 'Second', position: 2, CFItemURI: link(5) },
            { description: 'First', position: 1, CFItemURI: link(5) },
            { CFItemURI: link(5) },
          ],
        },
        { identifier: uuid(81), title: 'For a skill', CFRubricCriteria: [{ description: 'x', CFItemURI: link(2) }] },
        { identifier: uuid(82), CFRubricCriteria: [{ description: 'x' }] },
        'no rubric',
      ],
    },
  )
  t.strictSame(await notesOf(text), [
    '1:1 warning: a rubric without a valid value',
    '1:736 warning: the rubric "For a skill": only projects have criteria',
    '1:977 warning: the rubric "without a title": only projects have criteria',
    '2:1 warning: of "Oven": humanCodingScheme C1, conceptKeywords',
  ])
  const { principles, projects, resources } = await track()
  t.match(principles, [
    {
      slug: 'care',
      kind: 'pitfall',
      statements: ['Takes care. Always.'],
      risk: 'Fire.',
      remedy: 'Water.',
      category: 'python.oven',
      tier: 'senior',
    },
    { slug: 'calm', kind: 'rule', statements: [], risk: null, remedy: 'Rest.' },
    { slug: 'order', statements: ['Keep it.'] },
  ])
  t.match(projects, [
    {
      slug: 'a-feast',
      code: 'P1',
      tier: 'beginner',
      stack: ['oven'],
      features: ['Tasty'],
      milestones: ['Plan', 'Cook'],
      phases: [{ tier: null, title: 'Later', parts: ['Clean'] }],
      skills: ['python.bread'],
      resources: ['python.old-book'],
      acceptance: ['First', 'Second'],
    },
    { slug: 'a-snack', brief: 'Make it **small**.' },
    { slug: 'a-meal', brief: 'Make it.' },
  ])
  t.match(resources, [{ slug: 'old-book', kind: 'book', url: null }])
  t.equal((await importText(text)).out, 'python: no changes\npython: the files are up to date\n')
})

t.test('everything in a package that a track has no place for is listed with its line', async t => {
  const { notesOf, track } = startImporting(t, 'case')
  const notes = await notesOf(
    cfPackage(
      [
        item(1, 'Oven'),
        item(2, 'Bread', { alternativeLabel: 'Loaf', listEnumeration: 'a', humanCodingScheme: 'x'.repeat(51) }),
        item(3, 'Pan'),
        item(2, 'Bread again'),
        { identifier: uuid(4) },
        'no item',
        item(5, 'Old', { statusEndDate: '2020-01-01' }),
        item(6, 'One'),
        item(7, 'Two'),
        item(8, 'A<img src="x"> picture'),
        item(9, '&nbsp;'),
      ],
      [
        association(2, 'isChildOf', 3, 2),
        association(2, 'isChildOf', 1, 1),
        association(8, 'isChildOf', 3),
        association(9, 'isChildOf', 404),
        association(6, 'isChildOf', 7),
        association(7, 'isChildOf', 6),
        association(2, 'isPartOf', 8),
        association(1, 'isRelatedTo', 2),
        association(2, 'precedes', 2),
        association(1, 'isRelatedTo', 3),
        association(1, 'isRelatedTo', link(405)),
        association(2, 'isRelatedTo', { identifier: 'x', title: undefined }),
        association(2, 'exemplar', { identifier: 'x', uri: 'urn:x' }),
        association(link(406), 'isTranslationOf', link(407)),
        { associationType: 'isChildOf' },
      ],
      {
        CFDocument: {
          ...cfDocument,
          title: 'x'.repeat(301),
          language: 'nonsense!',
          licenseURI: link(60, { title: 'MIT' }),
        },
      },
    ),
    '--title',
    'Food',
  )
  t.strictSame(notes, [
    '1:1 warning: an item without a valid value',
    `1:1 warning: the title of the document: "${'x'.repeat(80)}"`,
    '1:1 warning: the language of the document: "nonsense!"',
    '3:1 warning: "Bread" is in "Oven" and in "Pan": an entry has one place, the first',
    '3:1 warning: of "Bread": alternativeLabel, listEnumeration, humanCodingScheme',
    `5:1 warning: "Bread again" has the same id as "Bread", ${uuid(2)}`,
    '6:1 warning: an item without a valid fullStatement',
    '8:1 note: "Old" was withdrawn on 2020-01-01, and is not imported',
    '9:1 warning: "One" is below itself: it is at the top now',
    '11:1 warning: of "A picture": <img>',
    `12:1 note: the parent of "&nbsp;", ${uuid(404)}, is not in the file`,
    '19:1 warning: "Object 2" isPartOf "Object 8"',
    '20:1 warning: "Object 1" isRelatedTo "Object 2"',
    '21:1 warning: "Object 2" precedes "Object 2"',
    '22:1 warning: "Object 1" isRelatedTo "Object 3"',
    '23:1 warning: "Object 1" isRelatedTo "Object 405"',
    '24:1 warning: "Object 2" isRelatedTo "x"',
    '25:1 warning: "Object 2" exemplar "x"',
    '26:1 warning: "Object 406" isTranslationOf "Object 407"',
    '27:1 warning: an association without a valid originNodeURI',
  ])
  t.match((await track()).track, { title: 'Food', license: 'MIT' })
})

t.test('a package of 5,000 items in a chain and around it is imported', async t => {
  const { importText, track } = startImporting(t, 'case')
  const numbers = Array.from({ length: 5_000 }, (_, index) => index + 1)
  const { code, err } = await importText(
    cfPackage(
      numbers.map(number => item(number, `Item ${number}`)),
      numbers.flatMap(number =>
        number === 1 ? [] : [association(number, 'isChildOf', number <= 5 ? number - 1 : 5 - (number % 3))],
      ),
    ),
  )
  t.equal(code, 0, err)
  t.equal((await track()).skills.length, 4_995)
})

t.test('a document that is not a package is refused with the reason', async t => {
  const { importText } = startImporting(t, 'case')
  const described = { ...cfDocument, CFPackageURI: link(top, { uri: 'https://case.example/CFPackages/1' }) }
  const refusals: [unknown, RegExp][] = [
    ['', /source.txt is not a CASE package: it is not JSON \(/],
    [[], /is not a CASE package: it has no CFItems/],
    [{ CFDocument: cfDocument, CFItems: [] }, /source.txt has no items/],
    [
      described,
      /is the description of a framework without its items: import its package, at the address of its CFPackageURI/,
    ],
    [
      { CFDocuments: [described, { ...cfDocument, title: null }] },
      /is a list of 2 frameworks: import one of them by the address of its package\n {2}Cooking: https:\/\/case.example\/CFPackages\/1\n {2}without a title: 0d2f1a3c/,
    ],
  ]
  for (const [value, message] of refusals) {
    const { err, code } = await importText(typeof value === 'string' ? value : JSON.stringify(value))
    t.match(err, message)
    t.equal(code, 1)
  }
})

t.test('a package may be wrapped, and without a valid CFDocument the track is called after its slug', async t => {
  const { importText, track } = startImporting(t, 'case')
  const { CFDocument: _, ...rest } = JSON.parse(cfPackage([item(1, 'Bread')])) as Fields
  const { err } = await importText(JSON.stringify({ CFPackage: rest }))
  t.match(err, 'the package has no valid CFDocument')
  t.match(await track(), {
    track: { title: 'Python' },
    categories: [{ title: 'General' }],
    skills: [{ title: 'Bread' }],
  })
})

/** Starts a provider that serves these bodies by path, and records the requests. */
const startProvider = async (t: Test, bodies: Record<string, unknown>) => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const body = bodies[String(request.url)]
    requests.push(String(request.url))
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

t.test('a provider is imported from by its own address, that of a document or of a package', async t => {
  const { run, tracks } = startImporting(t, 'case')
  const base = '/ims/case/v1p1'
  const { origin, requests } = await startProvider(t, {
    [`${base}/CFDocuments`]: { CFDocuments: [cfDocument] },
    [`${base}/CFPackages/${uuid(top)}`]: cfPackage([item(1, 'Bread')]),
    '/other/CFDocuments': {},
    '/ims/case/v1p0/CFDocuments': { CFDocuments: [cfDocument, { ...cfDocument, title: 'Baking' }] },
  })
  const importFrom = (path: string, ...args: string[]) =>
    run('import', 'case', `${origin}${path}`, '--track', 'python', '--dir', tracks, ...args)
  for (const path of ['', '/', '/CFDocuments', `/CFDocuments/${uuid(top)}`, `/CFPackages/${uuid(top)}`]) {
    const { code, err } = await importFrom(`${base}${path}`, '--allow-private')
    t.equal(code, 0, err)
    t.equal(requests.at(-1), `${base}/CFPackages/${uuid(top)}`)
  }
  t.match(await readTrack(tracks), { track: { title: 'Cooking' }, skills: [{ title: 'Bread' }] })
  t.match(
    (await importFrom('/ims/case/v1p0', '--allow-private')).err,
    `is a list of 2 frameworks: import one of them by the address of its package\n  Cooking: ${uuid(top)}\n  Baking: `,
  )
  t.match((await importFrom('/other/CFDocuments', '--allow-private')).err, 'is not a CASE package: it has no CFItems')
  t.match((await importFrom(base)).err, 'which is not an address on the public internet')
})

t.test('an edited package of the service changes what was edited', async t => {
  const { app } = await testApp(t)
  const { tracks, importText, track } = startImporting(t, 'case')
  cpSync(seed, tracks, { recursive: true })
  const { projects: before } = await track()
  const text = JSON.stringify(await packageOf(app, 'python')).replace('CRUD tasks\\n', 'CRUD tasks\\n- Undo\\n')
  await importText(text)
  const phases = before.find(({ slug }) => slug === 'taskflow')?.phases ?? []
  t.match((await track()).projects.find(({ slug }) => slug === 'taskflow')?.phases, [
    { ...phases[0], parts: ['CRUD tasks', 'Undo', 'Save JSON', 'Simple tests'] },
    ...phases.slice(1),
  ])
})

t.test('skills of other tracks are recognized by the identifiers that the service gives them', async t => {
  const { tracks, importText, run } = startImporting(t, 'case')
  const cell = (skill: string) => `categories:\n  - slug: c\n    title: C\n    skills: { beginner: [${skill}] }\n`
  writeTree(tracks, {
    base: { 'track.yaml': 'title: Base\n', 'roadmap.yaml': cell('one'), skills: { 'one.yaml': 'title: One\n' } },
    python: {
      'track.yaml': 'title: Python\n',
      'roadmap.yaml': cell('two'),
      skills: { 'two.yaml': 'title: Two\nprerequisites: [base.one]\n' },
    },
  })
  const other = link(1, { identifier: v5('base.skill.one', namespace) })
  const { code, err } = await importText(
    cfPackage(
      [item(2, 'Two', { extensions: { key: 'python.skill.two' } }), item(3, 'Three')],
      [
        association(other, 'precedes', 2),
        association(3, 'exactMatchOf', other),
        association(other, 'precedes', 3),
        association(3, 'precedes', other),
      ],
    ),
  )
  t.equal(code, 0)
  t.match(err, 'warning: "Object 3" precedes "Object 1"')
  t.match(filesIn(tracks), {
    'python/skills/two.yaml': /prerequisites: \[base.one\]/,
    'python/skills/three.yaml': /prerequisites:.*base\.one[\s\S]*sameAs:.*base\.one/,
  })
  t.match((await run('validate', tracks)).out, 'no mistakes')
})
