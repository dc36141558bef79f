import fs, { cpSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { loadContent } from '../../src/content/load.ts'
import { stampTrack } from '../../src/content/track-hash.ts'
import { Failure } from '../../src/errors.ts'
import { startAuthoring, type Tree, writeTree } from '../fixtures/author.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const systemClock = Date.now

/** Replaces the clock by one that is some seconds ahead: files that were just written have then not changed for that long. */
const advanceClock = (t: Test, seconds: number): void => {
  t.intercept(Date, 'now', { value: () => systemClock() + seconds * 1_000 })
}

/** Calls a function with the path of each file that is read as bytes, which no test does itself. */
const onRead = (t: Test, listener: (path: unknown) => void): void => {
  const { readFileSync } = fs
  const listening = (...parameters: Parameters<typeof readFileSync>) => {
    const content = readFileSync(...parameters)
    if (parameters[1] === undefined) listener(parameters[0])
    return content
  }
  Object.assign(fs, { readFileSync: listening })
  syncBuiltinESMExports()
  t.teardown(() => {
    Object.assign(fs, { readFileSync })
    syncBuiltinESMExports()
  })
}

/** Returns a function that returns the number of files that were read since its last call. */
const countReads = (t: Test): (() => number) => {
  let reads = 0
  onRead(t, path => {
    if (String(path).endsWith('.yaml')) reads++
  })
  return () => {
    const count = reads
    reads = 0
    return count
  }
}

const unchanged = { out: 'python: unchanged\n', err: '', code: 0 }
const changed = { out: 'python: 0 created, 1 changed, 0 removed\n', err: '', code: 0 }

/** Loads the small track at a time when its files have long been written. */
const startLoaded = async (t: Test) => {
  const { content, load, catalog } = await startAuthoring(t, { python: smallTrack() })
  advanceClock(t, 10)
  const reads = countReads(t)
  await load()
  const all = reads()
  t.ok(all > 5)
  const path = (name: string) => join(content, 'python', name)
  const skill = path('skills/functions.yaml')
  return {
    content,
    load,
    catalog,
    reads,
    all,
    path,
    skill,
    /** Changes the title of a skill; the file keeps its size. */
    edit: (file = skill) =>
      writeFileSync(file, readFileSync(file, 'utf8').replace('title: Functions', 'title: Fanctions')),
  }
}

t.test('a load reads no file whose size, times and inode are those of the last load', async t => {
  const { load, reads, all } = await startLoaded(t)
  t.strictSame(await load(), unchanged)
  t.equal(reads(), 0)
  t.strictSame(await load('--force'), unchanged)
  t.equal(reads(), all, 'all are read with --force')
})

t.test('a touched file is read once', async t => {
  const { load, reads, all, skill } = await startLoaded(t)
  utimesSync(skill, new Date(), new Date(2_000, 1))
  t.strictSame(await load(), unchanged)
  t.equal(reads(), all)
  t.strictSame(await load(), unchanged)
  t.equal(reads(), 0)
})

t.test('an edit is loaded even if the file gets its old size and modification time', async t => {
  const { load, edit, skill } = await startLoaded(t)
  const { size, atime, mtime } = statSync(skill)
  edit()
  utimesSync(skill, atime, mtime)
  t.match(statSync(skill), { size, mtime })
  t.strictSame(await load(), changed)
})

t.test('a file that replaces another is loaded even if it has its size and modification time', async t => {
  const { load, edit, skill, content } = await startLoaded(t)
  const copy = join(content, 'copy')
  cpSync(skill, copy, { preserveTimestamps: true })
  edit(copy)
  const { atime, mtime } = statSync(skill)
  utimesSync(copy, atime, mtime)
  renameSync(copy, skill)
  t.strictSame(await load(), changed)
})

t.test('a removed, an added and a renamed file are noticed', async t => {
  const { load, path } = await startLoaded(t)
  renameSync(path('skills/functions.yaml'), path('skills/closures.yaml'))
  t.match(await load(), { code: 1, err: /there is no file skills\/functions\.yaml/ })
  renameSync(path('skills/closures.yaml'), path('skills/functions.yaml'))
  t.strictSame(await load(), unchanged)
  writeFileSync(path('skills/closures.yaml'), 'title: Closures\n')
  t.match(await load(), { code: 1, err: /does not place this skill/ })
  rmSync(path('skills/closures.yaml'))
  rmSync(path('checklists.yaml'))
  t.match(await load(), { out: 'python: 0 created, 0 changed, 1 removed\n' })
})

t.test('the files of a renamed folder, and copies, are read once', async t => {
  const { content, load, reads, all, catalog } = await startLoaded(t)
  const renamed = join(dirname(content), 'renamed')
  renameSync(content, renamed)
  const loadRenamed = () => loadContent(catalog, renamed)
  t.match(await loadRenamed(), { unchanged: ['python'], loaded: [] })
  t.equal(reads(), all)
  t.match(await loadRenamed(), { unchanged: ['python'] })
  t.equal(reads(), 0)
  cpSync(renamed, content, { recursive: true, preserveTimestamps: true })
  t.strictSame(await load(), unchanged)
  t.equal(reads(), all)
})

t.test('files that were changed within two seconds before a load are read by the next load', async t => {
  const { content, load, reads, all, path, edit, catalog } = await startLoaded(t)
  writeFileSync(path('principles.yaml'), readFileSync(path('principles.yaml'), 'utf8'))
  advanceClock(t, 0)
  t.strictSame(await load(), unchanged)
  t.equal(reads(), all)
  t.equal(await stampTrack(join(content, 'python')), undefined)
  edit()
  t.strictSame(await load(), changed, 'the times may be those of the load before')
  t.match(await catalog.lastLoad('python'), { stamp: null })
  reads()
  t.strictSame(await load(), unchanged)
  t.equal(reads(), all)
  advanceClock(t, 10)
  t.strictSame(await load(), unchanged)
  t.equal(reads(), all)
  t.strictSame(await load(), unchanged)
  t.equal(reads(), 0, 'two seconds later the stamp is stored')
})

t.test('a file that changes while it is read is loaded by the next load', async t => {
  const { load, edit, skill } = await startLoaded(t)
  let done = false
  onRead(t, path => {
    if (path !== skill || done) return
    done = true
    edit()
  })
  utimesSync(skill, new Date(), new Date(2_000, 1))
  await sleep(20)
  t.strictSame(await load(), unchanged, 'the old bytes were read')
  t.ok(done)
  t.strictSame(await load(), changed)
})

/** A track of one skill. */
const track = (skill: string): Tree => ({
  'track.yaml': 'title: T\n',
  'roadmap.yaml': 'categories: [{ slug: c, title: C, skills: { beginner: [one] } }]\n',
  'resources.yaml': '- { slug: book, kind: book, title: Book }\n',
  skills: { 'one.yaml': `title: one\nresources: [book]\n${skill}` },
})

/** Loads tracks at a time when their files have long been written. */
const startTracks = async (t: Test, tracks: Tree) => {
  const { content, load } = await startAuthoring(t, tracks)
  advanceClock(t, 10)
  t.match(await load(), { err: '', code: 0 })
  const reads = countReads(t)
  return {
    content,
    load,
    reads,
    write: (slug: string, skill: string) =>
      writeFileSync(join(content, slug, 'skills/one.yaml'), `title: one\n${skill}`),
  }
}

t.test('where one track changed, only its files are read', async t => {
  const { load, reads, write } = await startTracks(t, { a: track(''), b: track(''), c: track('related: [b.one]\n') })
  write('a', 'resources: [book]\nsummary: New.\n')
  t.strictSame(await load(), {
    out: 'a: 0 created, 1 changed, 0 removed\nb: unchanged\nc: unchanged\n',
    err: '',
    code: 0,
  })
  t.equal(reads(), 8, 'its four files, to compare and to parse them')
  write('a', 'resources: [book]\nrelated: [c.one]\n')
  t.match(
    await load(),
    { out: /^a: 0 created, 2 changed/, err: '', code: 0 },
    'a reference to an unchanged track is resolved',
  )
  t.equal(reads(), 12, 'a track that refers to others is parsed twice')
})

t.test('tracks that are linked with a changed track are checked with it', async t => {
  const { load, write, content } = await startTracks(t, {
    a: track(''),
    b: track('prerequisites: [a.one]\n'),
    c: track('prerequisites: [b.one]\n'),
    d: track(''),
  })
  write('a', 'resources: [book]\nprerequisites: [c.one]\n')
  const circle = await load()
  t.match(circle, { out: 'd: unchanged\n', code: 1 })
  for (const slug of ['a', 'b', 'c']) t.match(circle.err, `${slug}/skills/one.yaml:3:16 error: these form a c`)
  write('a', 'resources: [book]\n')
  t.match(await load(), { out: 'a: unchanged\nb: unchanged\nc: unchanged\nd: unchanged\n', code: 0 })
  writeTree(join(content, 'a'), {
    'roadmap.yaml': 'categories: [{ slug: c, title: C, skills: { beginner: [two] } }]\n',
  })
  renameSync(join(content, 'a/skills/one.yaml'), join(content, 'a/skills/two.yaml'))
  t.match(await load(), { code: 1, err: /b\/skills\/one\.yaml:3:17 error: there is no skill called "a\.one"/ })
})

t.test('--force loads a change that sizes, times and inodes do not show', async t => {
  const { content, load, edit } = await startLoaded(t)
  edit()
  // As if a disk image with other bytes had been restored.
  const database = new Sqlite(String(process.env.DATABASE_URL).slice('file:'.length))
  database.prepare('update loads set stamp = ?').run(await stampTrack(join(content, 'python')))
  database.close()
  t.strictSame(await load(), unchanged)
  t.strictSame(await load('--force'), changed)
  t.strictSame(await load(), unchanged)
})

t.test('--force does not undo a change that was made through the API', async t => {
  const { load, patch } = await startAuthoring(t, { python: smallTrack() })
  await load()
  await patch('/v1/skills/python.functions', { title: 'Changed' })
  t.match(await load('--force'), { code: 1, err: /not loaded, since it was changed through the API/ })
})

t.test('stamps of unchanged files are not needed: a load succeeds where the database cannot be written', async t => {
  const { content, catalog, skill } = await startLoaded(t)
  utimesSync(skill, new Date(), new Date(2_000, 1))
  const loadWith = (recordStamps: typeof catalog.recordStamps) => loadContent({ ...catalog, recordStamps }, content)
  const full = new Failure('UNAVAILABLE', 'The disk is full: nothing was written.', { status: 507 })
  t.match(await loadWith(() => Promise.reject(full)), { unchanged: ['python'] })
  await t.rejects(
    loadWith(() => Promise.reject(new TypeError('a mistake'))),
    TypeError,
  )
  const database = String(process.env.DATABASE_URL).slice('file:'.length)
  renameSync(database, `${database}.moved`)
  t.match(await loadContent(catalog, content), { unchanged: ['python'] })
})
