import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { TrackDocument } from '../../src/catalog.ts'
import { filesIn, startAuthoring, writeTree } from '../fixtures/author.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const done = (out: string) => ({ out, err: '', code: 0 })

t.test('exporting an unchanged track changes no byte of its files', async t => {
  const { load, exportFiles, files } = await startAuthoring(t, 'shipped')
  const before = files()
  await load()
  t.strictSame(await exportFiles('python'), done('python: the files are up to date\n'))
  t.strictSame(files(), before)
})

t.test('a write to any noun is exported into the files, and loading them changes nothing', async t => {
  const { load, exportFiles, files, read, put, patch, remove, catalog, content } = await startAuthoring(t, {
    python: smallTrack(),
  })
  await load()
  const before = files()
  await patch('/v1/tracks/python', {
    version: '2026.12',
    tiers: [
      { tier: 'beginner', title: 'Beginner' },
      { tier: 'senior', title: 'Senior' },
    ],
  })
  await patch('/v1/sources/python.guide', { title: 'The guide', summary: 'It leads on.' })
  await put('/v1/categories/python.testing', { title: 'Testing' })
  await patch('/v1/categories/python.language', { optional: true })
  await put('/v1/skills/python.mocks', {
    title: 'Mocks',
    category: 'testing',
    tier: 'senior',
    resources: ['fluent-python'],
  })
  await patch('/v1/skills/python.decorators', { examples: ['@property', 'wraps'], kind: 'practical', related: [] })
  await patch('/v1/skills/python.functions', { related: ['mocks'], summary: 'Code with a name.' })
  await put('/v1/principles/python.care', { title: 'Care', kind: 'advice', category: 'testing' })
  await remove('/v1/principles/python.style')
  await put('/v1/projects/python.game', { title: 'Game', skills: ['mocks'] })
  await patch('/v1/projects/python.todo-app', { skills: ['decorators', 'mocks'], code: 'A' })
  await patch('/v1/resources/python.fluent-python', { url: 'https://www.fluentpython.com/' })
  await patch('/v1/plans/python.half-a-year', { weeklyHours: { from: 4, to: 6 } })
  await remove('/v1/checklists/python.done')
  const served = await catalog.document('python')
  const { out, err, code } = await exportFiles('python')
  t.strictSame([err, code], ['', 0])
  t.match(out, `wrote ${join(content, 'python/skills/mocks.yaml')}\n`)
  t.match(out, `removed ${join(content, 'python/checklists.yaml')}\n`)
  t.notMatch(out, 'variables.yaml')
  t.strictSame(await load(), done('python: 0 created, 0 changed, 0 removed\n'))
  t.strictSame(await load(), done('python: unchanged\n'))
  t.strictSame(await catalog.document('python'), served)
  t.equal(read('python/skills/variables.yaml'), before['python/skills/variables.yaml'])
  t.equal(
    read('python/track.yaml'),
    `# yaml-language-server: $schema=../../schema/track.schema.json
title: Python
version: "2026.12"
tiers:
  - tier: beginner
    title: Beginner
  - tier: senior
    title: Senior
sources: [guide]
projects:
  - todo-app
  - game
`,
  )
  t.equal(
    read('python/roadmap.yaml'),
    `categories:
  # The language itself.
  - slug: language
    title: Language
    optional: true
    skills:
      beginner: [variables, functions]   # in this order
      senior:
        - decorators # the last one
  - slug: web
    title: Web
  - slug: testing
    title: Testing
    skills:
      senior: [mocks]
`,
  )
  t.equal(
    read('python/skills/decorators.yaml'),
    `title: Decorators
optional: true
examples:
  - "@property"
  - wraps
notes: |
  Some \`<code>\`, and a line.

  Another line.
prerequisites:
  - 'functions'   # they wrap one
resources: [fluent-python]
`,
  )
  t.equal(
    read('python/skills/functions.yaml'),
    'title: Functions\nsummary: Code with a name.\nprerequisites: [variables]\nrelated: [mocks]\nresources: [fluent-python]\n',
  )
  t.equal(
    read('python/skills/mocks.yaml').split('\n').slice(1).join('\n'),
    'title: Mocks\nresources: [fluent-python]\n',
  )
  t.equal(read('python/principles.yaml'), '- slug: care\n  kind: advice\n  title: Care\n  category: testing\n')
  t.equal(
    read('python/projects/todo-app.yaml'),
    'code: A\ntitle: Todo app\ntier: beginner\nskills: [decorators, mocks]\n',
    'an order without meaning is not changed',
  )
})

t.test('a track is exported into an empty folder, and loading it gives the same track', async t => {
  const { load, exportFiles, run, content, catalog } = await startAuthoring(t, 'shipped')
  await load()
  const folder = join(content, '../fresh/python')
  mkdirSync(folder, { recursive: true })
  const { out } = await exportFiles('python', '--output', folder)
  t.match(out, `wrote ${join(folder, 'roadmap.yaml')}\n`)
  t.match(await run('validate', folder), { out: /^python: .* no mistakes\n$/, err: '', code: 0 })
  t.strictSame(await run('load', folder, '--dry-run'), done('python: no changes\n'))
  t.strictSame(await run('load', folder), done('python: 0 created, 0 changed, 0 removed\n'))
  t.strictSame(await exportFiles('python', '--output', folder), done('python: the files are up to date\n'))
  t.match(await catalog.document('python'), { track: { title: 'Python' } })
})

t.test('exporting into a folder of tracks writes the folder of the track', async t => {
  const { load, exportFiles, content } = await startAuthoring(t, { python: smallTrack() })
  await load()
  rmSync(join(content, 'python/checklists.yaml'))
  t.strictSame(await exportFiles('python'), done(`wrote ${join(content, 'python/checklists.yaml')}\n`))
  const other = join(content, '../others')
  await exportFiles('python', '--output', other)
  const [exact, copy] = [filesIn(join(content, 'python')), filesIn(join(other, 'python'))]
  t.strictSame(Object.keys(copy), Object.keys(exact))
  t.match(copy['skills/variables.yaml'], /^# yaml-language-server: \$schema=(\.\.\/)+schema\/skill\.schema\.json\n/)
})

const document = async (catalog: { document(track: string): Promise<TrackDocument | undefined> }, track: string) =>
  structuredClone((await catalog.document(track)) as TrackDocument)

t.test('a renamed item keeps the content of its file, and references to it are changed', async t => {
  const { load, exportFiles, read, put, catalog, content } = await startAuthoring(t, { python: smallTrack() })
  await load()
  const renamed = JSON.parse(
    JSON.stringify(await document(catalog, 'python'))
      .replaceAll('python.functions', 'python.defs')
      .replaceAll('python.skill.functions', 'python.skill.defs'),
  )
  const free = ({
    id,
    track,
    key,
    position,
    mentions,
    dependents,
    projects,
    updatedAt,
    ...written
  }: Record<string, unknown>) => written
  const skills = renamed.skills
    .map(free)
    .map((skill: { slug: string }) =>
      skill.slug === 'functions' ? { ...skill, slug: 'defs', formerly: ['functions'] } : skill,
    )
  const bare = (list: Record<string, unknown>[]) => list.map(({ skills: _, ...one }) => free(one))
  await put('/v1/tracks/python/document', {
    track: free(renamed.track),
    sources: renamed.sources.map(free),
    categories: renamed.categories.map(free),
    skills,
    principles: renamed.principles.map(free),
    projects: renamed.projects.map((project: Record<string, unknown>) => free(project)),
    resources: bare(renamed.resources).map(resource => ({ ...resource, slug: 'fluent', formerly: ['fluent-python'] })),
    plans: renamed.plans.map(free),
    checklists: renamed.checklists.map(free),
  })
  const { out } = await exportFiles('python')
  t.match(out, `wrote ${join(content, 'python/skills/defs.yaml')}\n`)
  t.match(out, `removed ${join(content, 'python/skills/functions.yaml')}\n`)
  t.equal(
    read('python/skills/defs.yaml'),
    'title: Functions\nformerly: [functions]\nprerequisites: [variables]\nresources: [fluent]\n',
  )
  t.match(read('python/roadmap.yaml'), 'beginner: [variables, defs]   # in this order')
  t.match(
    read('python/skills/decorators.yaml'),
    '  - defs   # they wrap one\nrelated: [variables]\nresources: [fluent]\n',
  )
  t.equal(
    read('python/resources.yaml'),
    '- slug: fluent\n  kind: book\n  title: Fluent Python\n  formerly: [fluent-python]\n',
  )
  t.match(read('python/sources/guide.yaml'), '{ label: Functions, of: skill.defs }')
  t.strictSame(await load(), done('python: 0 created, 0 changed, 0 removed\n'))
})

t.test('unchanged references to other tracks stay as they are written', async t => {
  const go = {
    'track.yaml': 'title: Go\n',
    'roadmap.yaml': 'categories: [{ slug: c, title: C, skills: { beginner: [a, b] } }]\n',
    skills: {
      'a.yaml': 'title: A\nprerequisites: [python.functions, b]\nsameAs: [python.variables]\n',
      'b.yaml': 'title: B\n',
    },
  }
  const { load, exportFiles, patch, read } = await startAuthoring(t, { python: smallTrack(), go })
  await load()
  t.strictSame(await exportFiles('go'), done('go: the files are up to date\n'))
  await patch('/v1/skills/go.a', { prerequisites: ['python.decorators', 'go.b'], related: ['python.functions'] })
  t.match(await exportFiles('go'), { err: '', code: 0 })
  t.equal(
    read('go/skills/a.yaml'),
    'title: A\nprerequisites: [b, python.decorators]\nrelated: [python.functions]\nsameAs: [python.variables]\n',
  )
  t.match(await load(), { err: /1 warning in 1 file|2 warnings in 2 files/, code: 0 })
})

t.test('a relation between skills of two tracks stays in the files of the track that lists it', async t => {
  const track = (text: string) => ({
    'track.yaml': 'title: T\n',
    'roadmap.yaml': 'categories: [{ slug: c, title: C, skills: { beginner: [a] } }]\n',
    'resources.yaml': '- { slug: book, kind: book, title: Book }\n',
    skills: { 'a.yaml': `title: A\nresources: [book]\n${text}` },
  })
  const { load, exportFiles, put, read } = await startAuthoring(t, { go: track('related: [web.a]\n'), web: track('') })
  await load()
  t.strictSame(await load('--dry-run'), done('go: no changes\nweb: no changes\n'))
  t.strictSame(await exportFiles('go'), done('go: the files are up to date\n'))
  t.strictSame(await exportFiles('web'), done('web: the files are up to date\n'))
  await put('/v1/categories/web.new', { title: 'New' })
  t.match(await exportFiles('web'), { err: '', code: 0 })
  t.equal(read('web/skills/a.yaml'), 'title: A\nresources: [book]\n')
  t.strictSame(await load(), done('web: 0 created, 0 changed, 0 removed\ngo: unchanged\n'))
})

t.test('an export into files with mistakes is rejected with the reason, and nothing is written', async t => {
  const { load, exportFiles, patch, files, content } = await startAuthoring(t, { python: smallTrack() })
  await load()
  await patch('/v1/skills/python.variables', { title: 'Names' })
  t.match(await exportFiles('pyhton'), { out: '', err: 'Did you mean "python"?', code: 1 })
  const other = join(content, '../other')
  writeTree(other, { 'track.yaml': 'title: Other\n' })
  t.strictSame(await exportFiles('python', '--output', other), {
    out: '',
    err: `error: ${other} is the folder of the track "other": name that of "python", or a folder of tracks\n`,
    code: 1,
  })
  writeFileSync(join(content, 'python/skills/functions.yaml'), 'title: Functions\nsummary: [\n')
  const before = files()
  const { out, err, code } = await exportFiles('python')
  t.strictSame([out, code], ['', 1])
  t.match(err, `error: nothing was written: correct the mistakes in ${join(content, 'python')} first\n\n`)
  t.match(err, /python\/skills\/functions\.yaml:\d+:\d+ error: /)
  t.strictSame(files(), before)
  writeFileSync(join(content, '../python'), 'a file')
  t.match(await exportFiles('python', '--output', join(content, '../python')), {
    err: 'cannot be read or written: a folder in its path is a file',
    code: 1,
  })
})
