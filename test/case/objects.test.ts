import t from 'tap'
import { parseItems } from '../../src/catalog.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { associationSentences, type Body, createGet, origin, packageOf } from '../fixtures/case.ts'
import { nestedTrack } from '../fixtures/nested-track.ts'

/** Two tracks, with every relation within and between them that CASE can express. */
const base = documentOf(
  { slug: 'base', title: 'Base', license: 'CC-BY-SA-4.0', version: '1\n2', introduction: 'Read\n\nthis.' },
  {
    category: [{ slug: 'c', title: 'Ground', summary: 'What all stands on.', optional: true }],
    skill: [
      { slug: 'one', title: 'One', category: 'base.c', tier: 'beginner', summary: 'Counts\nto one.' },
      { slug: 'two', title: 'Two', category: 'base.c', tier: 'beginner', prerequisites: ['one'] },
    ],
    resource: [{ slug: 'r', kind: 'book', title: 'A book', url: 'https://example.org/a[b]?c[]=d|e&f=ü' }],
  },
)

const above = documentOf(
  { slug: 'above', title: 'Above', translationOf: 'base' },
  {
    category: [{ slug: 'c', title: 'Heights' }],
    skill: [
      {
        slug: 'three',
        title: 'Three',
        category: 'above.c',
        tier: 'senior',
        kind: 'theoretical',
        optional: true,
        prerequisites: ['base.two'],
        related: ['base.one'],
        resources: ['base.r', 'own'],
        sameAs: ['base.two'],
        replacedBy: 'four',
        examples: ['a term', 'a\nb'],
        outcomes: ['Counts to three.'],
        notes: 'More\n\nwords.',
      },
      { slug: 'four', title: 'Four', category: 'above.c', tier: 'senior', related: ['three'] },
      { slug: 'zero', title: 'Zero', category: 'above.c', tier: 'beginner', outcomes: ['Counts to nothing.'] },
    ],
    principle: [
      {
        slug: 'p',
        title: 'Care',
        kind: 'pitfall',
        statements: ['Be careful.', 'Be quick.'],
        risk: 'Haste.',
        remedy: 'Rest.',
        category: 'above.c',
        tier: 'senior',
      },
      { slug: 'q', title: 'Calm', kind: 'rule' },
    ],
    project: [
      {
        slug: 'x',
        title: 'Tower',
        tier: 'senior',
        stack: ['Stone'],
        features: ['Stands'],
        milestones: ['Plan', 'Build'],
        phases: [{ tier: null, title: 'Cellar', parts: ['Dig'] }],
        acceptance: ['It stands.'],
        skills: ['three', 'base.two'],
      },
      { slug: 'y', title: 'Hut', summary: 'A small one.' },
    ],
    resource: [{ slug: 'own', kind: 'site', title: 'A site' }],
  },
)

t.test('every relation is one association in the package of one track', async t => {
  const { app, catalog } = await emptyApp(t)
  const { checkDocument } = await import('../../src/model/check-document.ts')
  await catalog.replaceTracks(
    checkDocument(base, () => undefined),
    checkDocument(above, (_, key) => key),
  )
  t.same(associationSentences(await packageOf(app, 'above')).sort(), [
    'Above isTranslationOf Base',
    'Calm isChildOf Above',
    'Care isChildOf Above',
    'Care isRelatedTo Heights',
    'Four isChildOf Heights',
    'Four isRelatedTo Three',
    'Heights isChildOf Above',
    'Hut isChildOf Above',
    'Three exactMatchOf Two',
    'Three exemplar A book',
    'Three exemplar A site',
    'Three isChildOf Heights',
    'Three isRelatedTo One',
    'Three replacedBy Four',
    'Tower isChildOf Above',
    'Tower isRelatedTo Three',
    'Tower isRelatedTo Two',
    'Two precedes Three',
    'Zero isChildOf Heights',
  ])
  t.same(associationSentences(await packageOf(app, 'base')).sort(), [
    'Ground isChildOf Base',
    'One isChildOf Ground',
    'One precedes Two',
    'Two isChildOf Ground',
  ])
  const in10 = associationSentences(await packageOf(app, 'above', 'v1p0'))
  t.ok(in10.includes('Above isRelatedTo Base'), '1.0 has no word for a translation')
  t.notOk(
    in10.some(line => line.includes('exemplar')),
    'nor for what lies outside of CASE',
  )
})

t.test('a category is a child of its parent, after the skills of the parent', async t => {
  const { app, load } = await emptyApp(t)
  await load(nestedTrack())
  const children = (await packageOf(app, 'web')).CFAssociations.filter(one => one.associationType === 'isChildOf')
  const below = (title: string) =>
    children
      .filter(one => one.destinationNodeURI.title === title)
      .sort((one, other) => Number(one.sequenceNumber) - Number(other.sequenceNumber))
      .map(one => one.originNodeURI.title)
  t.same(below('Web'), ['Markup', 'Style', 'Native first'])
  t.same(below('Markup'), ['Link', 'Forms', 'Tables'])
  t.same(below('Forms'), ['Label', 'Dates'])
  t.same(below('Dates'), ['Calendar'])
})

t.test('an item is returned with all its associations, including those in the package of another track', async t => {
  const { app, catalog } = await emptyApp(t)
  const { checkDocument } = await import('../../src/model/check-document.ts')
  await catalog.replaceTracks(
    checkDocument(base, () => undefined),
    checkDocument(above, (_, key) => key),
  )
  const get = createGet(app)
  const two = (await app.inject('/v1/skills/base.two')).json<{ id: string }>().id
  const { CFItem, CFAssociations } = (await get(`/CFItemAssociations/${two}`)).json<{
    CFItem: Body
    CFAssociations: { uri: string; associationType: string }[]
  }>()
  t.same(CFItem, (await get(`/CFItems/${two}`)).json())
  t.same(CFAssociations.map(({ associationType }) => associationType).sort(), [
    'isChildOf',
    'isRelatedTo',
    'precedes',
    'precedes',
  ])
  t.equal((await get(`/CFItems/${two}/associations`)).body, (await get(`/CFItemAssociations/${two}`)).body)
  const owners: string[] = []
  for (const { uri } of CFAssociations) {
    const association = (await app.inject(uri.slice(origin.length))).json<{ CFDocumentURI: { title: string } }>()
    owners.push(association.CFDocumentURI.title)
  }
  t.same(owners.sort(), ['Above', 'Above', 'Base', 'Base'])
  const in10 = (await createGet(app, 'v1p0')(`/CFItemAssociations/${two}`)).json<{ CFItem: Body }>()
  t.notOk('extensions' in in10.CFItem)
})

t.test("the fields of a track are in its document, under the standard's names", async t => {
  const { app, catalog } = await emptyApp(t)
  const { checkDocument } = await import('../../src/model/check-document.ts')
  await catalog.replaceTracks(
    checkDocument(base, () => undefined),
    checkDocument(above, (_, key) => key),
  )
  const { CFDocument, CFDefinitions } = await packageOf(app, 'base')
  t.match(CFDocument, {
    caseVersion: '1.1',
    frameworkType: 'Skills',
    adoptionStatus: 'Adopted',
    title: 'Base',
    version: '1 2',
    notes: 'Read\n\nthis.',
    language: 'en',
    officialSourceURL: `${origin}/tracks/base`,
    licenseURI: { title: 'CC BY-SA 4.0' },
    subject: ['Base'],
    extensions: { key: 'base' },
  })
  t.match(CFDefinitions.CFLicenses, [
    { title: 'CC BY-SA 4.0', licenseText: /creativecommons\.org\/licenses\/by-sa\/4\.0/ },
  ])
  const bare = await packageOf(app, 'above')
  for (const name of ['licenseURI', 'version', 'notes', 'description']) t.notOk(name in bare.CFDocument, name)
  t.same(bare.CFDefinitions.CFLicenses, [])
  const in10 = await packageOf(app, 'base', 'v1p0')
  for (const name of ['caseVersion', 'frameworkType', 'extensions']) t.notOk(name in in10.CFDocument, name)
  t.equal(in10.CFItems.find(({ humanCodingScheme }) => humanCodingScheme === 'one')?.fullStatement, 'Counts to one.')
})

t.test('an item has its statement, education level and outcomes', async t => {
  const { app, catalog } = await emptyApp(t)
  const { checkDocument } = await import('../../src/model/check-document.ts')
  await catalog.replaceTracks(
    checkDocument(base, () => undefined),
    checkDocument(above, (_, key) => key),
  )
  const { CFItems, CFAssociations, CFRubrics } = await packageOf(app, 'above')
  const item = (slug: string) => CFItems.find(({ humanCodingScheme }) => humanCodingScheme === slug)
  t.match(item('three'), {
    fullStatement: 'Three',
    CFItemType: 'Skill',
    conceptKeywords: ['senior', 'a term', 'a b'],
    conceptKeywordsURI: { title: 'Theoretical' },
    educationLevel: ['senior'],
    notes: 'Outcomes:\n- Counts to three.\n\nMore\n\nwords.',
    extensions: { key: 'above.skill.three', optional: true },
  })
  t.match(item('zero'), { notes: 'Outcomes:\n- Counts to nothing.', extensions: { key: 'above.skill.zero' } })
  t.same(item('zero')?.conceptKeywords, ['beginner'])
  t.notOk('statusEndDate' in Object(item('zero')))
  t.notOk('notes' in Object(item('four')))
  t.match(item('p'), {
    fullStatement: 'Be careful. Be quick.',
    notes: 'Risk: Haste.\n\nRemedy: Rest.',
    educationLevel: ['senior'],
  })
  t.match(item('q'), { fullStatement: 'Calm', CFItemType: 'Principle' })
  for (const name of ['educationLevel', 'conceptKeywords']) t.notOk(name in Object(item('q')), name)
  t.match(item('x'), {
    fullStatement: 'Tower',
    conceptKeywords: ['senior', 'Stone'],
    notes: 'Features:\n- Stands\n\nMilestones:\n- Plan\n- Build\n\nCellar:\n- Dig',
  })
  t.match(item('y'), { fullStatement: 'A small one.' })
  t.match(item('c'), { fullStatement: 'Heights', CFItemType: 'Category' })
  t.match(CFRubrics, [{ title: 'Tower', CFRubricCriteria: [{ description: 'It stands.', position: 1 }] }])
  const resources = CFAssociations.filter(({ associationType }) => associationType === 'exemplar')
  t.match(
    resources.map(({ destinationNodeURI }) => destinationNodeURI),
    [
      { uri: `${origin}/v1/resources/above.own`, targetType: 'ext:resource' },
      { uri: 'https://example.org/a%5Bb%5D?c%5B%5D=d%7Ce&f=%C3%BC', targetType: 'ext:resource' },
    ],
  )
})

t.test('an alignment with a URL is an association to its target, and a code is the coding scheme', async t => {
  const { app, load } = await emptyApp(t)
  const target = '0d9f7cd2-2a44-4a6c-9b7a-6d4a2f0a1b11'
  const esco = {
    framework: 'ESCO',
    code: 'S1',
    title: 'use languages',
    url: 'http://data.europa.eu/esco/skill/1?a=[b]',
  }
  const skill = { category: 'c', tier: 'senior' }
  await load(
    documentOf(
      { slug: 'a', title: 'A' },
      {
        category: [{ slug: 'c', title: 'C' }],
        skill: [
          {
            ...skill,
            slug: 's',
            title: 'S',
            code: 'PY-101',
            alignments: [
              esco,
              { framework: 'State', url: `https://case.example.org/uri/${target.toUpperCase()}`, type: 'CFItem' },
              { framework: 'State', url: `https://case.example.org/uri/${target.toUpperCase()}`, type: 'CFItem' },
              { framework: 'Elsewhere', title: 'Page', url: 'https://example.org/page', type: 'CFItem' },
              { framework: 'SFIA', code: 'PROG' },
            ],
          },
          { ...skill, slug: 't', title: 'T', alignments: [esco] },
        ],
      },
    ),
  )
  const whole = await packageOf(app, 'a')
  t.equal(whole.CFItems.find(({ abbreviatedStatement }) => abbreviatedStatement === 'S')?.humanCodingScheme, 'PY-101')
  const ofType = ({ CFAssociations }: typeof whole) =>
    CFAssociations.filter(({ associationType }) => associationType === 'isRelatedTo')
  const [first, state, page, second, ...more] = ofType(whole)
  t.same(more, [])
  t.match(first, {
    originNodeURI: { title: 'S' },
    destinationNodeURI: {
      title: 'S1 use languages',
      uri: 'http://data.europa.eu/esco/skill/1?a=%5Bb%5D',
      targetType: 'ext:alignment',
    },
  })
  t.same(first?.destinationNodeURI, second?.destinationNodeURI, 'the same target has the same identifier')
  t.not(first?.identifier, second?.identifier)
  t.same(state?.destinationNodeURI, {
    title: 'State',
    identifier: target,
    uri: `https://case.example.org/uri/${target.toUpperCase()}`,
  })
  t.match(page?.destinationNodeURI, { title: 'Page', targetType: 'ext:alignment' })
  const { uri = '' } = first ?? {}
  t.match((await app.inject(uri.slice(origin.length))).json(), { ...first })
  t.same(
    ofType(await packageOf(app, 'a', 'v1p0')).map(({ destinationNodeURI }) => destinationNodeURI.identifier),
    [target],
    'in 1.0 only a target in CASE',
  )
})

t.test('a client that only knows coded education levels keeps the tier, in both versions', async t => {
  const { app, catalog } = await testApp(t)
  const tierOf = new Map<string, string | null>()
  for (const noun of ['skill', 'principle', 'project'] as const)
    for (const { id, tier } of parseItems<typeof noun>(
      (await catalog.list(noun, {}, { limit: 1_000, sort: 'default' })).data,
    ))
      tierOf.set(id, tier)
  for (const version of ['v1p1', 'v1p0']) {
    const { CFItems } = await packageOf(app, 'python', version)
    t.ok(CFItems.length > tierOf.size)
    const lost = CFItems.filter(item => {
      const stored = wordsInOpenSalt(item)
      const tier = tierOf.get(item.identifier) ?? null
      return tier === null ? stored.some(word => tiers.includes(word)) : !stored.includes(tier)
    })
    t.same(
      lost.map(({ humanCodingScheme }) => humanCodingScheme),
      [],
      version,
    )
    for (const { conceptKeywords = [] } of CFItems as Body[])
      t.equal(
        new Set(conceptKeywords as string[]).size,
        (conceptKeywords as string[]).length,
        'no keyword stands twice',
      )
  }
})

const tiers = ['beginner', 'intermediate', 'senior']

/** The levels and keywords that OpenSALT stores of an item: a level that is no code of the school system becomes OT. */
const wordsInOpenSalt = ({ educationLevel = [], conceptKeywords = [] }: Body): string[] => [
  ...(educationLevel as string[]).map(level =>
    /^(-1|\d|1[0-3]|HS|IT|PR|PK|TK|KG?|AS|BA|PB|MD|PM|DO|PD|AE|PT)$/.test(level) ? level : 'OT',
  ),
  ...(conceptKeywords as string[]),
]

t.test("identifiers are the curriculum's ids, and for all other objects the same on every machine", async t => {
  const { app } = await testApp(t)
  const { CFDocument, CFItems, CFAssociations, CFDefinitions, CFRubrics } = await packageOf(app, 'python')
  t.equal(CFDocument.identifier, '7c3a40fa-0a9d-5f24-a4c3-27df3aac477e')
  t.ok(CFItems.some(({ identifier }) => identifier === 'ac33359d-a0ad-522a-9cef-6d0cc52af183'))
  t.equal(CFItems.length, 30 + 187 + 32 + 8)
  t.equal(CFAssociations[0]?.identifier, 'ca46b3f4-f39c-569e-924a-1b4bf90bd996')
  t.same(
    [CFDefinitions.CFConcepts, CFDefinitions.CFSubjects, CFDefinitions.CFLicenses, CFDefinitions.CFItemTypes].map(
      ([first]) => first?.identifier,
    ),
    [
      'e4eeccd7-05cd-5d16-ab15-2c32bfb2a338',
      'b0dedb2c-f5d4-5cbf-8381-3d976e5b7086',
      '68be02e7-c322-50d5-a10a-c23ac87b5d91',
      'f9821684-25c3-50d1-a3e7-80d9058f4976',
    ],
  )
  t.equal(CFRubrics?.[0]?.identifier, '18d39aae-ebb6-5caa-816b-4dc57ab736bd')
  t.equal(CFRubrics?.[0]?.CFRubricCriteria[0]?.identifier, '705a6953-4b6a-5ec9-a131-37eb5e8248ef')
})

t.test('two installations with the same content send the same bytes', async t => {
  const [one, other] = [await testApp(t), await testApp(t, { cacheBytes: 0 })]
  const url = '/ims/case/v1p0/CFPackages/7c3a40fa-0a9d-5f24-a4c3-27df3aac477e'
  const bytes = async ({ app }: typeof one) =>
    (await app.inject(url)).body.replaceAll(/"lastChangeDateTime":"[^"]*"/g, '"lastChangeDateTime":""')
  t.equal(await bytes(one), await bytes(other))
})

t.test('an unknown licence is served under its own name, and found by its id', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'a', license: 'Our own terms' }, {}))
  await load(documentOf({ slug: 'b' }, {}))
  const [license] = (await packageOf(app, 'a')).CFDefinitions.CFLicenses
  t.match(license, { title: 'Our own terms', licenseText: 'Our own terms' })
  t.same((await createGet(app)(`/CFLicenses/${license?.identifier}`)).json(), license)
  t.same((await packageOf(app, 'b')).CFItems, [])
})
