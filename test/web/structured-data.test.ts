import { writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import ts from 'typescript'
import { checkDocument } from '../../src/model/check-document.ts'
import { documentOf, emptyApp } from '../fixtures/app.ts'

const origin = 'https://curriculum.example'

/** Everything that schema.org may be told about: two languages, and items with all their facts. */
const tracks = [
  documentOf(
    {
      slug: 'git',
      title: 'Git `2`',
      summary: 'Keeps every version.',
      version: '2026.1',
      license: 'CC-BY-4.0',
      tiers: [
        { tier: 'beginner', title: 'Start', goal: 'Commits.' },
        { tier: 'senior', title: 'Expert' },
      ],
    },
    {
      category: [{ slug: 'c', title: 'Basics' }],
      skill: [
        { slug: 'add', title: 'Add', category: 'c', tier: 'beginner', duration: { unit: 'minute', from: 10, to: 20 } },
        {
          slug: 'commit',
          title: 'Commit',
          code: 'G-1',
          summary: 'Records a version.',
          category: 'c',
          tier: 'senior',
          duration: { unit: 'hour', from: 1, to: 2 },
          prerequisites: ['add'],
          sameAs: ['git-de.festhalten'],
          alignments: [
            { framework: 'ESCO', title: 'Version control', url: 'https://example.org/esco' },
            { framework: 'SFIA' },
          ],
        },
      ],
      project: [
        {
          slug: 'repository',
          title: 'A repository',
          tier: 'senior',
          skills: ['commit'],
          duration: { unit: 'week', from: 1 },
        },
        { slug: 'bare', title: 'Bare' },
      ],
      exercise: [
        { slug: 'quiz', kind: 'quiz', title: 'A quiz', skills: ['add'], duration: { unit: 'day', from: 1, to: 1 } },
      ],
    },
  ),
  documentOf(
    { slug: 'git-de', title: 'Git auf Deutsch', language: 'de', translationOf: 'git' },
    {
      category: [{ slug: 'c' }],
      skill: [
        { slug: 'add', title: 'Hinzufügen', category: 'c', tier: 'beginner' },
        { slug: 'festhalten', title: 'Festhalten', category: 'c', tier: 'senior' },
      ],
    },
  ),
  documentOf({ slug: 'empty', title: 'Empty' }, {}),
]

const loaded = async (t: Test) => {
  const service = await emptyApp(t)
  await service.catalog.replaceTracks(...tracks.map(document => checkDocument(document, (_, key) => key)))
  return service
}

const dataOf = (html: string): { '@graph': Record<string, unknown>[] } =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? '')

/** Returns the mistakes in data by the definitions of schema.org, which `schema-dts` has as types. */
const mistakesIn = async (t: Test, data: readonly object[]): Promise<string[]> => {
  const file = `${t.testdir()}/data.ts`
  const types = "import type { Graph } from 'schema-dts'\n"
  await writeFile(
    file,
    types + data.map((one, index) => `export const data${index}: Graph = ${JSON.stringify(one)}\n`).join(''),
  )
  const program = ts.createProgram([file], { strict: true, noEmit: true, skipLibCheck: true, types: [] })
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

t.test('the data of every kind of page has only types, properties and values of schema.org', async t => {
  const { app } = await loaded(t)
  const paths = [
    'git',
    'git/skills/add',
    'git/skills/commit',
    'git/projects/repository',
    'git/projects/bare',
    'git/exercises/quiz',
    'empty',
  ]
  const pages = await Promise.all(paths.map(path => app.inject(`/tracks/${path}`)))
  t.same(
    await mistakesIn(
      t,
      pages.map(({ body }) => dataOf(body)),
    ),
    [],
  )
})

t.test('a type, property or value that schema.org does not define is found', async t => {
  const wrong = [
    { '@type': 'Coarse' },
    { naem: 'A' },
    { timeRequired: 3 },
    { provider: { '@type': 'Duration' } },
    { name: {} },
  ]
  const graphs = [{}, ...wrong].map(thing => ({
    '@context': 'https://schema.org',
    '@graph': [{ '@type': 'Course', name: 'A', ...thing }],
  }))
  t.equal((await mistakesIn(t, graphs)).length, wrong.length)
})

t.test('a track is a course with a description, a provider and a section for each tier', async t => {
  const { app } = await loaded(t)
  const [course, breadcrumbs] = dataOf((await app.inject('/tracks/git')).body)['@graph']
  t.match(course, {
    '@type': 'Course',
    '@id': `${origin}/tracks/git`,
    name: 'Git 2',
    description: 'Keeps every version.',
    inLanguage: 'en',
    provider: { '@type': 'Organization', name: 'Curriculum', url: `${origin}/` },
    educationalLevel: ['Start', 'Expert'],
    timeRequired: 'PT140M',
    syllabusSections: [
      { '@type': 'Syllabus', name: 'Start', description: 'Commits.', timeRequired: 'PT20M' },
      { '@type': 'Syllabus', name: 'Expert', timeRequired: 'PT2H' },
    ],
    version: '2026.1',
    license: { '@type': 'CreativeWork', name: 'CC-BY-4.0' },
  })
  t.same(breadcrumbs, {
    '@type': 'BreadcrumbList',
    itemListElement: [
      { '@type': 'ListItem', position: 1, name: 'All roadmaps', item: `${origin}/` },
      { '@type': 'ListItem', position: 2, name: 'Git 2', item: `${origin}/tracks/git` },
    ],
  })
  const [empty] = dataOf((await app.inject('/tracks/empty')).body)['@graph']
  t.equal(
    empty?.description,
    'Empty: 0 skills',
    'a track without a summary has a description, which search engines require',
  )
  t.notOk('timeRequired' in (empty ?? {}))
})

t.test('a skill is a learning resource that teaches a term', async t => {
  const { app } = await loaded(t)
  const [resource, term, breadcrumbs] = dataOf((await app.inject('/tracks/git/skills/commit')).body)['@graph']
  const url = `${origin}/tracks/git/skills/commit`
  t.match(resource, {
    '@type': 'LearningResource',
    '@id': url,
    url,
    name: 'Commit',
    description: 'Records a version.',
    inLanguage: 'en',
    isPartOf: { '@type': 'Course', '@id': `${origin}/tracks/git`, name: 'Git 2' },
    timeRequired: 'PT2H',
    educationalLevel: 'Expert',
    learningResourceType: 'Skill',
    teaches: { '@id': `${url}#skill-commit` },
    competencyRequired: [{ '@type': 'DefinedTerm', '@id': `${origin}/tracks/git/skills/add#skill-add`, name: 'Add' }],
    educationalAlignment: [
      {
        '@type': 'AlignmentObject',
        educationalFramework: 'ESCO',
        targetName: 'Version control',
        targetUrl: 'https://example.org/esco',
      },
      { educationalFramework: 'SFIA', targetName: 'SFIA' },
    ],
  })
  t.same(term, {
    '@type': 'DefinedTerm',
    '@id': `${url}#skill-commit`,
    name: 'Commit',
    url,
    description: 'Records a version.',
    termCode: 'G-1',
    sameAs: [`${origin}/tracks/git-de/skills/festhalten#skill-festhalten`],
    inDefinedTermSet: {
      '@type': 'DefinedTermSet',
      '@id': `${origin}/tracks/git#skills`,
      name: 'Git 2',
      url: `${origin}/tracks/git`,
    },
  })
  t.match(breadcrumbs, {
    itemListElement: [
      {},
      {},
      { name: 'Basics', item: `${origin}/tracks/git#category-c` },
      { name: 'Commit', item: url },
    ],
  })
})

t.test('a project teaches skills, and an exercise assesses them', async t => {
  const { app } = await loaded(t)
  const [project] = dataOf((await app.inject('/tracks/git/projects/repository')).body)['@graph']
  t.match(project, { learningResourceType: 'Project', educationalLevel: 'Expert', teaches: [{ name: 'Commit' }] })
  t.notOk('timeRequired' in (project ?? {}), 'an open-ended duration is not stated')
  const [quiz] = dataOf((await app.inject('/tracks/git/exercises/quiz')).body)['@graph']
  t.match(quiz, { learningResourceType: 'Quiz', timeRequired: 'P1D', assesses: [{ name: 'Add' }] })
})

t.test('pages link to themselves in other languages', async t => {
  const { app } = await loaded(t)
  const languages = async (path: string) =>
    [...(await app.inject(path)).body.matchAll(/hreflang="(\w+)" href="https:\/\/curriculum.example([^"]*)"/g)].map(
      ([, language, href]) => [language, href],
    )
  const overviews = [
    ['en', '/tracks/git'],
    ['de', '/tracks/git-de'],
  ]
  t.same(await languages('/tracks/git'), overviews)
  t.same(await languages('/tracks/git-de'), overviews)
  t.same(await languages('/tracks/git/skills/add'), [
    ['en', '/tracks/git/skills/add'],
    ['de', '/tracks/git-de/skills/add'],
  ])
  t.same(await languages('/tracks/git/skills/commit'), [
    ['en', '/tracks/git/skills/commit'],
    ['de', '/tracks/git-de/skills/festhalten'],
  ])
  const german = (await app.inject('/tracks/git-de/skills/add')).body
  for (const word of ['lang="de"', 'Alle Lernwege', 'Das kann ich', 'Weg zu diesem Thema', 'Weiter'])
    t.match(german, word)
  t.same(await languages('/tracks/git/projects/bare'), [], 'it is in one language only')
  t.same(await languages('/tracks/empty'), [])
})
