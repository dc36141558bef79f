import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { addLoad } from '../../src/cli/load.ts'
import { loadContent } from '../../src/content/load.ts'
import { emptyApp } from '../fixtures/app.ts'
import { startAuthoring, type Tree, writeTree } from '../fixtures/author.ts'
import { createTerminalRunner } from '../fixtures/command.ts'

/** A track of one category, its skills without anything but what they need and a resource. */
const track = (skills: Record<string, string>): Tree => ({
  'track.yaml': 'title: T\n',
  'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { beginner: [${Object.keys(skills).join(', ')}] } }]\n`,
  'resources.yaml': '- { slug: book, kind: book, title: Book }\n',
  skills: Object.fromEntries(
    Object.entries(skills).map(([slug, text]) => [`${slug}.yaml`, `title: ${slug}\nresources: [book]\n${text}`]),
  ),
})

const many = (count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, track({ a: '' })]))

t.test('each track is served as soon as it is loaded, before the next is read', async t => {
  const { catalog, file } = await emptyApp(t)
  const folder = join(dirname(file), 'tracks')
  writeTree(folder, many(3))
  const reader = new Sqlite(file, { readonly: true })
  t.teardown(() => reader.close())
  const seen: unknown[] = []
  const count = reader.prepare('select count(*) from tracks').pluck()
  await loadContent(catalog, folder, { progress: (done, all) => seen.push([done, all, count.get()]) })
  t.strictSame(seen, [
    [1, 3, 1],
    [2, 3, 2],
    [3, 3, 3],
  ])
  writeTree(folder, { last: track({ a: '' }) })
  t.match(await loadContent(catalog, folder), { loaded: [{ slug: 'last' }], unchanged: ['t0', 't1', 't2'] })
})

t.test(
  'more than a hundred new tracks are loaded several at once, and one that cannot be loaded stops no other',
  async t => {
    const { catalog, file } = await emptyApp(t)
    const folder = join(dirname(file), 'tracks')
    writeTree(folder, { old: track({ a: '' }), user: track({ a: 'related: [old.a]\n' }) })
    await loadContent(catalog, folder)
    rmSync(join(folder, 'old'), { recursive: true })
    // The track "old" under another name, without the skill that is still in use.
    const renamed = { ...track({ b: '' }), 'track.yaml': 'title: T\nformerly: [old]\n' }
    writeTree(folder, { ...many(120), t3: renamed })
    const reader = new Sqlite(file, { readonly: true })
    t.teardown(() => reader.close())
    const count = reader.prepare('select count(*) from tracks').pluck()
    const counts = new Set<unknown>()
    const { loaded, rejected } = await loadContent(catalog, folder, { progress: () => counts.add(count.get()) })
    t.match(rejected, [{ slugs: ['t3'], message: /^Other tracks refer to items that would be removed/ }])
    t.strictSame([rejected.length, loaded.length, count.get()], [1, 119, 121])
    t.equal(counts.size, 61, 'two in each transaction')
  },
)

t.test('a terminal shows the progress of loading, and the line is cleared at the end', async t => {
  const { content } = await startAuthoring(t, many(3))
  const { out, err, code } = await createTerminalRunner(30, addLoad)('load', content)
  t.strictSame([out.split('\n').length, code], [4, 0])
  t.strictSame(err.split('\r').slice(1), [
    '[#####           ] 1/3 tracks',
    '[##########      ] 2/3 tracks',
    '[################] 3/3 tracks',
    ' '.repeat(29),
    '',
  ])
  const again = await createTerminalRunner(5, addLoad)('load', content)
  t.strictSame(again.err, '', 'nothing is drawn where nothing is loaded')
})

t.test('tracks that refer to others are loaded after them, one by one', async t => {
  const { load } = await startAuthoring(t, {
    a: track({ one: 'prerequisites: [b.one]\n' }),
    b: track({ one: 'prerequisites: [c.one]\nsameAs: [d.one]\n' }),
    c: track({ one: 'related: [d.one]\n' }),
    d: track({ one: '' }),
  })
  const { out, err, code } = await load()
  t.strictSame([err, code], ['', 0])
  t.strictSame(
    out.split('\n').map(line => line.slice(0, 1)),
    ['d', 'c', 'b', 'a', ''],
  )
  t.match((await load('--dry-run')).err, '')
  t.equal(
    (await load('--dry-run')).out.match(/^\w/gm)?.join(''),
    'abcd',
    'which is reported in the order of the folders',
  )
})

t.test('all mistakes of all tracks are reported in one run, including cycles through several tracks', async t => {
  const { load, content } = await startAuthoring(t, {
    a: track({ one: 'prerequisites: [b.one]\n' }),
    b: track({ one: 'prerequisites: [c.one]\n' }),
    c: track({ one: 'prerequisites: [a.one]\n' }),
    d: track({ one: 'prerequisites: [two]\n' }),
    e: track({ one: 'prerequisites: [a.onne, d.three, f.one]\n' }),
    f: track({ one: '' }),
  })
  writeFileSync(join(content, 'd/skills/one.yaml'), 'title: [\n')
  const { out, err, code } = await load()
  t.strictSame([out, code], ['f: 4 created, 0 changed, 0 removed\n', 1])
  for (const words of [
    'a/skills/one.yaml:3:16 error: these form a cycle: "one" needs "one" needs "one" needs "one"',
    'b/skills/one.yaml:3:16 error: these form a cycle',
    'c/skills/one.yaml:3:16 error: these form a cycle',
    'd/skills/one.yaml:1:8 error: ',
    'e/skills/one.yaml:3:17 error: there is no skill called "a.onne"',
    'e/skills/one.yaml:3:25 error: there is no skill called "d.three"',
  ])
    t.match(err, words)
})

t.test('a track that would break a reference waits for the track that removes the reference', async t => {
  const { load, content } = await startAuthoring(t, {
    a: track({ one: '', two: '' }),
    b: track({ one: 'prerequisites: [a.one, a.two]\n' }),
    c: track({ one: 'prerequisites: [a.one, a.two]\n' }),
    d: track({ one: 'prerequisites: [a.one]\n' }),
  })
  await load()
  writeTree(join(content, 'a'), track({ two: '', three: '' }))
  rmSync(join(content, 'a/skills/one.yaml'))
  for (const [slug, needs] of [
    ['b', 'prerequisites: [a.three]\n'],
    ['c', 'prerequisites: [a.two]\n'],
    ['d', ''],
  ] as const)
    writeTree(join(content, slug), track({ one: needs }))
  const { out, err, code } = await load()
  t.strictSame([err, code], ['', 0])
  t.strictSame(out.match(/^\w/gm)?.sort().join(''), 'abcd')
  t.equal((await load()).out, 'a: unchanged\nb: unchanged\nc: unchanged\nd: unchanged\n')
  writeTree(join(content, 'a'), track({ three: '' }))
  rmSync(join(content, 'a/skills/two.yaml'))
  writeFileSync(join(content, 'c/skills/one.yaml'), 'title: x\nprerequisites: [a.two]\n')
  const rejected = await load()
  t.equal(rejected.code, 1)
  t.match(rejected.err, 'there is no skill called "a.two"')
  t.match(rejected.err, 'a: not loaded. Other tracks refer to items that would be removed: "c.one" refers to "a.two"')
  t.equal(rejected.out, 'b: unchanged\nd: unchanged\n')
})

t.test('a dry run reports a folder without tracks', async t => {
  const { load } = await startAuthoring(t, { 'a.txt': '' })
  t.match(await load('--dry-run'), { out: '', err: 'there is no track here', code: 1 })
})
