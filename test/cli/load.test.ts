import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseItem, parseItems, type StoredItem } from '../../src/catalog.ts'
import { addLoad, formatDrift } from '../../src/cli/load.ts'
import { renameSkill } from '../../src/content/rename-skill.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { createWriter } from '../../src/write/writer.ts'
import { createRunner } from '../fixtures/command.ts'
import { setEnvironment } from '../fixtures/environment.ts'
import { smallTrack } from '../fixtures/small-track.ts'

type Tree = NonNullable<Parameters<Test['testdir']>[0]>

/** Creates a folder of tracks and a database. Returns functions that run `load` as an operator does, and read the database. */
const operator = (t: Test, tracks: Tree) => {
  const folder = t.testdir({ tracks, data: {} })
  const file = join(folder, 'data/curriculum.db')
  setEnvironment(t, { DATABASE_URL: `file:${file}` })
  const dir = join(folder, 'tracks')
  return {
    dir,
    file,
    load: (...args: string[]) => run('load', dir, ...args),
    write: (path: string, text: string) => writeFileSync(join(dir, path), text),
    edit: (path: string, from: string, to: string) => {
      const text = readFileSync(join(dir, path), 'utf8')
      t.ok(text.includes(from), `${path} holds ${from}`)
      writeFileSync(join(dir, path), text.replace(from, to))
    },
    inDatabase: async <T>(work: (database: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> => {
      const database = openDatabase(file)
      return work(database).finally(() => database.close())
    },
  }
}

const run = createRunner(addLoad)

const fine = (out: string) => ({ out, err: '', code: 0 })

/** A track of one category, its skills without anything but what they need and a resource. */
const track = (title: string, skills: Record<string, string>) => ({
  'track.yaml': `title: ${title}\n`,
  'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { beginner: [${Object.keys(skills).join(', ')}] } }]\n`,
  'resources.yaml': '- { slug: book, kind: book, title: Book }\n',
  skills: Object.fromEntries(
    Object.entries(skills).map(([slug, text]) => [`${slug}.yaml`, `title: ${slug}\nresources: [book]\n${text}`]),
  ),
})

t.test('load prints the number of created, changed and removed items, and the unchanged tracks', async t => {
  const { load, edit, write } = operator(t, { python: smallTrack() })
  // The track, 1 source, 2 categories, 3 skills, 1 principle, 1 project, 1 resource, 2 plans, 1 checklist.
  t.strictSame(await load(), fine('python: 13 created, 0 changed, 0 removed\n'))
  t.strictSame(await load(), fine('python: unchanged\n'))
  edit('python/skills/functions.yaml', 'title: Functions', 'title: All about functions')
  t.strictSame(await load(), fine('python: 0 created, 1 changed, 0 removed\n'))
  edit('python/skills/functions.yaml', 'title: All', '# a remark\ntitle: All')
  t.strictSame(
    await load(),
    fine('python: 0 created, 0 changed, 0 removed\n'),
    'a remark changes nothing that is served',
  )
  write('python/checklists.yaml', '[]\n')
  write('python/principles.yaml', '- { slug: other, kind: rule, title: Other }\n')
  t.strictSame(await load(), fine('python: 1 created, 0 changed, 2 removed\n'))
  t.strictSame(await load(), fine('python: unchanged\n'))
})

t.test('load leaves a track with a mistake as it was, and loads the others', async t => {
  const { load, edit, inDatabase } = operator(t, { python: smallTrack(), go: track('Go', { a: '' }) })
  await load()
  edit('python/skills/functions.yaml', 'title: Functions', 'title: `f`')
  edit('go/skills/a.yaml', 'title: a', 'title: A')
  const { out, err, code } = await load()
  t.strictSame([out, code], ['go: 0 created, 1 changed, 0 removed\n', 1])
  t.match(err, /python\/skills\/functions\.yaml:1:8 error: /)
  t.match(err, '1 error in 1 file')
  const served = await inDatabase(database => openCatalog(database).document('python'))
  t.equal(served?.skills[1]?.title, 'Functions')
  t.equal((await load()).code, 1, 'and it is reported again')
  edit('python/skills/functions.yaml', 'title: `f`', 'title: Functions')
  t.strictSame(await load(), fine('go: unchanged\npython: unchanged\n'))
})

t.test('load prints a warning and succeeds', async t => {
  const { load, write } = operator(t, { go: track('Go', { a: '' }) })
  write('go/skills/a.yaml', 'title: A\n')
  const { out, err, code } = await load()
  t.strictSame([out, code], ['go: 5 created, 0 changed, 0 removed\n'.replace('5', '4'), 0])
  t.match(err, '"A" has no resource')
})

t.test(
  'load prints many warnings of one kind in one line, also in a dry run, and each of them with --verbose',
  async t => {
    const { load, edit } = operator(t, { go: track('Go', { a: '', b: '', c: '', d: '' }) })
    for (const slug of ['a', 'b', 'c', 'd']) edit(`go/skills/${slug}.yaml`, 'resources: [book]\n', '')
    const line =
      /^warning: 4 skills have no resource to learn them from: .*a\.yaml:1:1, .* and 1 more\n\n4 warnings in 4 files; --verbose shows each\n$/
    t.match((await load('--dry-run')).err, line)
    t.match((await load()).err, line)
    edit('go/skills/a.yaml', 'title: a', 'title: A')
    for (const args of [['--verbose', '--dry-run'], ['--verbose']])
      t.equal((await load(...args)).err.match(/ warning: /g)?.length, 4)
  },
)

t.test('load fails if there is no track', async t => {
  const { load } = operator(t, { 'a.txt': '' })
  t.match(await load(), { out: '', err: 'there is no track here', code: 1 })
})

const writeOptions = { by: 'somebody', ifMatch: '*', mustNotExist: false } as const

t.test('load does not overwrite a track that was changed through the API, unless --overwrite is given', async t => {
  const { load, edit, inDatabase } = operator(t, { python: smallTrack(), go: track('Go', { a: '' }) })
  await load()
  await inDatabase(database =>
    createWriter(openCatalog(database)).patch('skill', 'python.variables', { summary: 'Names.' }, writeOptions),
  )
  edit('python/skills/functions.yaml', 'title: Functions', 'title: All about functions')
  const { out, err, code } = await load()
  t.strictSame([out, code], ['go: unchanged\n', 1])
  t.match(
    err,
    /^python: not loaded, since it was changed through the API after its last load:\n {2}skill Variables \(python\.variables\) changed by somebody at 2.*\n {2}Write these changes into the files with export files --track python, or overwrite them with --overwrite\.\n$/,
  )
  const titles = () =>
    inDatabase(async database => (await openCatalog(database).document('python'))?.skills.map(({ title }) => title))
  t.strictSame(await titles(), ['Variables', 'Functions', 'Decorators'])
  t.strictSame(await load('--overwrite'), fine('python: 0 created, 2 changed, 0 removed\ngo: unchanged\n'))
  t.strictSame(await titles(), ['Variables', 'All about functions', 'Decorators'])
  t.strictSame(await load(), fine('go: unchanged\npython: unchanged\n'))
})

t.test('files that are equal to changes through the API are loaded, and a removal is reported as one', async t => {
  const { load, edit, inDatabase } = operator(t, { python: smallTrack() })
  await load()
  await inDatabase(database =>
    createWriter(openCatalog(database)).patch(
      'skill',
      'python.functions',
      { title: 'All about functions' },
      writeOptions,
    ),
  )
  edit('python/skills/functions.yaml', 'title: Functions', 'title: All about functions')
  t.strictSame(await load(), fine('python: 0 created, 0 changed, 0 removed\n'))
  t.strictSame(await load(), fine('python: unchanged\n'))
  await inDatabase(database => createWriter(openCatalog(database)).remove('track', 'python', writeOptions))
  t.match((await load()).err, / {2}track Python \(python\) removed by somebody at 2/)
  t.match((await load('--overwrite')).out, /^python: 13 created/)
})

t.test('tracks that refer to each other are loaded together', async t => {
  const { load, inDatabase, edit } = operator(t, {
    a: track('A', { one: 'prerequisites: [b.one]\n', two: '' }),
    b: track('B', { one: 'related: [a.two]\n', two: 'prerequisites: [a.one, c.one]\n' }),
    c: track('C', { one: '' }),
  })
  t.strictSame(
    await load(),
    fine(
      'c: 4 created, 0 changed, 0 removed\na: 5 created, 1 changed, 0 removed\nb: 5 created, 0 changed, 0 removed\n',
    ),
  )
  const needs = (key: string) =>
    inDatabase(async database => parseItems(await openCatalog(database).byKeys('skill', [key]))[0]?.prerequisites)
  t.strictSame(await needs('a.one'), ['b.one'])
  t.strictSame(await needs('b.two'), ['a.one', 'c.one'])
  t.strictSame(await load(), fine('a: unchanged\nb: unchanged\nc: unchanged\n'))
  edit('a/skills/one.yaml', 'prerequisites: [b.one]', 'prerequisites: [b.two]')
  edit('b/skills/two.yaml', 'prerequisites: [a.one, c.one]', 'prerequisites: [c.one]')
  t.equal((await load()).code, 0)
  t.strictSame(await needs('a.one'), ['b.two'])
})

t.test('a track may refer to one that was loaded before, also if only its own folder is loaded', async t => {
  const { dir, load } = operator(t, { a: track('A', { one: '' }), b: track('B', { one: 'prerequisites: [a.one]\n' }) })
  t.match(await run('load', join(dir, 'b')), { out: '', err: 'there is no skill called "a.one"', code: 1 })
  t.strictSame(await run('load', join(dir, 'a')), fine('a: 4 created, 0 changed, 0 removed\n'))
  t.strictSame(
    await run('load', join(dir, 'b')),
    fine('b: 4 created, 1 changed, 0 removed\n'),
    'a.one has a dependent now',
  )
  t.strictSame(await load(), fine('a: unchanged\nb: unchanged\n'))
})

t.test('load does not remove an item that another track refers to, and gives the reason', async t => {
  const { dir, edit } = operator(t, {
    a: track('A', { one: '', two: '' }),
    b: track('B', { one: 'prerequisites: [a.one]\n' }),
  })
  await run('load', dir)
  edit('a/roadmap.yaml', '[one, two]', '[two]')
  rmSync(join(dir, 'a/skills/one.yaml'))
  t.match(await run('load', join(dir, 'a')), {
    out: '',
    err: 'a: not loaded. Other tracks refer to items that would be removed: "b.one" refers to "a.one"',
    code: 1,
  })
})

t.test('a removed skill disappears in the load in which the other track no longer refers to it', async t => {
  const { dir, load, edit } = operator(t, {
    a: track('A', { one: '', two: '' }),
    b: track('B', { one: 'prerequisites: [a.one]\n' }),
  })
  await load()
  edit('a/roadmap.yaml', '[one, two]', '[two]')
  rmSync(join(dir, 'a/skills/one.yaml'))
  edit('b/skills/one.yaml', 'prerequisites: [a.one]', 'prerequisites: [a.two]')
  t.strictSame(await load(), fine('a: 0 created, 2 changed, 1 removed\nb: 0 created, 1 changed, 0 removed\n'))
  t.strictSame(await load(), fine('a: unchanged\nb: unchanged\n'))
})

t.test('renaming a skill changes the tracks that refer to it', async t => {
  const { dir, load, edit, inDatabase } = operator(t, {
    a: track('A', { one: '' }),
    b: track('B', { one: 'prerequisites: [a.one]\n' }),
  })
  await load()
  const before = await inDatabase(async database => openCatalog(database).latestCursor())
  await renameSkill(join(dir, 'a'), { track: 'a', from: 'one', to: 'first' })
  t.strictSame(await run('load', join(dir, 'a')), fine('a: 0 created, 3 changed, 0 removed\n'))
  const [b] = await inDatabase(async database => parseItems(await openCatalog(database).byKeys('skill', ['b.one'])))
  t.strictSame(b?.prerequisites, ['a.first'])
  t.equal(
    await inDatabase(async database => openCatalog(database).latestCursor()),
    before + 3,
    'the skill, the outline that names it, and the skill that refers to it',
  )
  edit('b/skills/one.yaml', 'a.one', 'a.first')
  t.strictSame(await load(), fine('b: 0 created, 0 changed, 0 removed\na: unchanged\n'))
})

t.test('a dry run prints what would change and writes nothing', async t => {
  const { file, load, edit, inDatabase } = operator(t, { python: smallTrack() })
  t.strictSame(
    await load('--dry-run'),
    fine(`python:
  1 track added: Python
  1 source added: Guide
  2 categories added: Language; Web
  3 skills added: Variables (language, beginner); Functions (language, beginner); Decorators (language, senior)
  1 principle added: Style (language)
  1 project added: Todo app
  1 resource added: Fluent Python
  2 plans added: Half a year; A year
  1 checklist added: Done
`),
  )
  t.notOk(existsSync(file), 'not even a database')
  await load()
  t.strictSame(await load('--dry-run'), fine('python: no changes\n'), 'the service has the content of the files')
  t.strictSame(await load('--dry-run', '--format', 'markdown'), fine('### python\n\nNo changes.\n'))
  edit('python/roadmap.yaml', 'beginner: [variables, functions]   # in this order', 'beginner: [variables]')
  edit('python/roadmap.yaml', '        - decorators', '        - functions\n        - decorators')
  edit('python/skills/decorators.yaml', 'title: Decorators', 'title: All decorators')
  t.strictSame(
    await load('--dry-run', '--format', 'markdown'),
    fine(`### python

- **1 skill moved from beginner to senior**: Functions (\`functions\`)
- **1 skill changed**: All decorators (\`decorators\`: title)
`),
  )
  const cursor = () => inDatabase(async database => openCatalog(database).latestCursor())
  const before = await cursor()
  await load('--dry-run')
  t.equal(await cursor(), before)
  edit('python/skills/decorators.yaml', 'title: All decorators', 'title: `x`')
  t.match(await load('--dry-run'), { out: '', err: '1 error in 1 file', code: 1 })
})

t.test('without a database, a dry run reports everything as new and other tracks as unknown', async t => {
  const { dir, file } = operator(t, { a: track('A', { one: '' }), b: track('B', { one: 'prerequisites: [a.one]\n' }) })
  t.match(await run('load', join(dir, 'b'), '--dry-run'), { err: 'there is no skill called "a.one"', code: 1 })
  t.match(await run('load', join(dir, 'a'), '--dry-run'), { out: '1 track added: A', err: '', code: 0 })
  t.notOk(existsSync(file))
})

t.test('load names a track in the database without a folder, also in a dry run', async t => {
  const { dir, load, write } = operator(t, { a: track('A', { one: '' }), b: track('B', { one: '' }) })
  await load()
  const words = `b: in the database but not in ${dir}, and still served; docs/authors.md explains how to remove a track\n`
  renameSync(join(dir, 'b'), join(dir, '../b'))
  t.strictSame(await load(), { out: 'a: unchanged\n', err: words, code: 0 })
  t.strictSame(await load('--dry-run'), { out: 'a: no changes\n', err: words, code: 0 })
  t.strictSame(await run('load', join(dir, 'a')), fine('a: unchanged\n'), 'other tracks are not mentioned')
  renameSync(join(dir, '../b'), join(dir, 'c'))
  write('c/track.yaml', 'title: C\nformerly: [b]\n')
  t.equal((await load('--dry-run')).err, '', 'what gets another slug is not gone')
  t.equal((await load()).err, '')
})

t.test('a skill that gets an earlier slug back keeps its id, and both slugs resolve', async t => {
  const { dir, load, inDatabase, write } = operator(t, { a: track('A', { one: '', two: 'prerequisites: [one]\n' }) })
  const found = (key: string) => inDatabase(database => openCatalog(database).find('skill', key))
  await load()
  const answerOf = async (key: string) => parseItem(((await found(key)) as { item: StoredItem<'skill'> }).item)
  const before = await answerOf('a.one')
  for (const [from, to] of [
    ['one', 'first'],
    ['first', 'one'],
    ['one', 'first'],
    ['first', 'one'],
  ] as const) {
    await renameSkill(dir, { track: 'a', from, to })
    t.match(await load(), { err: '', code: 0 })
  }
  t.match(before, { formerly: [] })
  t.match(await answerOf('a.one'), { id: before.id, formerly: ['one', 'first'] })
  t.same(await found('a.first'), { movedTo: 'a.one' })
  write('a/track.yaml', 'title: A\nformerly: [b]\n')
  t.match(await load(), { err: '', code: 0 }, 'and the track may have had another name')
})

t.test('a read-only database is not loaded, but can be compared', async t => {
  const { load, file } = operator(t, { a: track('A', { one: '' }) })
  await load()
  setEnvironment(t, { DATABASE_URL: `file:${file}`, READ_ONLY: '1' })
  await t.rejects(load(), /READ_ONLY=1 forbids writing to the database/)
  t.match(await load('--dry-run'), { out: 'a: no changes\n', code: 0 })
})

t.test('the shipped curriculum loads once and is then unchanged', async t => {
  const { file } = operator(t, {})
  t.match(await run('load'), { out: /^python: \d+ created, 0 changed, 0 removed\n$/, err: '', code: 0 })
  t.strictSame(await run('load'), fine('python: unchanged\n'))
  t.strictSame(await run('load', '--dry-run'), fine('python: no changes\n'))
  t.ok(existsSync(file))
})

t.test('an unusable database is reported in one sentence that names the variable', async t => {
  const { dir, file, load } = operator(t, { python: smallTrack() })
  writeFileSync(file, 'This is a text and no database, however long one waits for it to become one. '.repeat(20))
  await t.rejects(load(), {
    message: /^DATABASE_URL: .*curriculum\.db is not an SQLite database: name another file\.$/,
  })
  process.env.DATABASE_URL = `file:${dir}/python/track.yaml/x.db`
  await t.rejects(load(), { message: /^DATABASE_URL: .*x\.db cannot be opened: / })
  process.env.DATABASE_URL = 'postgres://somewhere'
  await t.rejects(load(), { message: /^DATABASE_URL must be / })
})

t.test('a change without a logged title is listed by its key', t => {
  const change = {
    seq: 1,
    noun: 'skill',
    id: 'x',
    key: 'go.types',
    track: 'go',
    title: null,
    externalId: null,
    op: 'upsert',
    changedAt: 'then',
    by: 'me',
  } as const
  t.match(formatDrift('go', [change]), ' skill go.types (go.types) changed by me at then')
  t.end()
})
