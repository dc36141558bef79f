import { join } from 'node:path'
import t from 'tap'
import { trackFolders } from '../../src/content/folder.ts'
import { readFolder, readTrackGroups } from '../../src/content/read-folder.ts'
import { hashTrack } from '../../src/content/track-hash.ts'
import type { ResolveExternal } from '../../src/model/resolve-references.ts'
import { smallTrack } from '../fixtures/small-track.ts'

/** A track of one skill that refers to skills of others. */
const goTrack = (skill: string) => ({
  'track.yaml': 'title: Go\n',
  'roadmap.yaml': 'categories:\n  - slug: language\n    title: Language\n    skills: { beginner: [variables] }\n',
  skills: { 'variables.yaml': `title: Variables\n${skill}` },
})

t.test('tracks of one folder may refer to each other, also by earlier names', async t => {
  const python = {
    ...smallTrack(),
    skills: {
      ...smallTrack().skills,
      'variables.yaml': 'title: V\nformerly: [names]\nsameAs: [go.variables]\nresources: [fluent-python]\n',
    },
  }
  const { tracks, findings } = await readFolder(
    t.testdir({
      python,
      go: goTrack('sameAs: [python.variables]\nrelated: [python.names]\nresources: [python.fluent-python]\n'),
    }),
  )
  t.strictSame(findings, [])
  t.strictSame(
    tracks.map(({ slug }) => slug),
    ['go', 'python'],
  )
  t.match(tracks[0]?.document.skills, [{ sameAs: ['python.variables'], related: ['python.variables'] }])
})

t.test('a track may be a translation of another', async t => {
  const german = {
    'track.yaml': 'title: Python\nlanguage: de\ntranslationOf: python\n',
    'roadmap.yaml': 'categories: []\n',
  }
  const { tracks } = await readFolder(t.testdir({ 'python-de': german, python: smallTrack() }))
  t.match(
    tracks.map(({ document }) => document.track.translationOf),
    [null, 'python'],
  )
})

t.test('references to tracks outside the folder are resolved by the caller', async t => {
  const folder = t.testdir({ go: goTrack('sameAs: [python.names]\n') })
  const { tracks } = await readFolder(folder, {
    resolveExternal: (noun, key) => (noun === 'skill' && key === 'python.names' ? 'python.variables' : undefined),
  })
  t.match(tracks[0]?.document.skills, [{ sameAs: ['python.variables'] }])
  t.match((await readFolder(folder)).findings, [{ message: 'there is no skill called "python.names"' }])
})

t.test('the files of a track override its loaded content', async t => {
  const folder = t.testdir({ python: smallTrack(), go: goTrack('sameAs: [python.gone]\n') })
  const { tracks, findings } = await readFolder(folder, { resolveExternal: (_, key) => key })
  t.strictSame(
    tracks.map(({ slug }) => slug),
    ['python'],
    'a track with a mistake keeps no other from being read',
  )
  t.match(findings, [{ message: 'there is no skill called "python.gone"' }])
})

t.test('a reference to a track with unreadable files is not reported', async t => {
  const python = { ...smallTrack(), 'resources.yaml': '- `\n' }
  const { tracks, findings } = await readFolder(t.testdir({ python, go: goTrack('resources: [python.gone]\n') }))
  t.strictSame(
    tracks.map(({ slug }) => slug),
    ['go'],
  )
  t.match(findings, [{ message: 'reserved by YAML' }])
})

t.test('a link to a skill of another track is a warning if neither the folder nor the caller knows it', async t => {
  const notes = 'notes: |\n  One.\n  [v](python.names) [w](python.gone) [x](rust.ownership) [y](java.types)\n'
  const folder = t.testdir({
    python: {
      ...smallTrack(),
      skills: { ...smallTrack().skills, 'variables.yaml': 'title: V\nformerly: [names]\n' },
    },
    go: goTrack(notes),
  })
  const resolveExternal: ResolveExternal = (_, key) => (key === 'java.types' ? key : undefined)
  const { tracks, findings } = await readFolder(folder, { resolveExternal })
  t.strictSame(
    tracks.map(({ slug }) => slug),
    ['go', 'python'],
  )
  const expected = ['python.gone', 'rust.ownership'].map((key, index) => ({
    severity: 'warning',
    kind: 'links are broken',
    file: join(folder, 'go/skills/variables.yaml'),
    line: 4,
    column: [21, 38][index],
    message: `this link is broken: no skill is called "${key}": load its track too, or write the key of an existing skill`,
  }))
  const dead = (all: typeof findings) => all.filter(({ kind }) => kind === 'links are broken')
  t.match(dead(findings), expected)
  t.equal(dead(findings).length, 2)
  const lookups: string[] = []
  for await (const turn of readTrackGroups(await trackFolders(folder), async (noun, keys) => {
    lookups.push(noun, ...keys)
    return new Map([['java.types', 'java.types']])
  })) {
    t.match(dead(turn.findings), turn.slugs.includes('go') ? expected : [])
    t.equal(turn.requiredTracks.size, 0, 'a link does not decide in which order tracks are loaded')
  }
  t.strictSame(lookups, ['skill', 'python.names', 'python.gone', 'rust.ownership', 'java.types'])
})

t.test('a link to a track with unreadable files is not reported', async t => {
  const python = { ...smallTrack(), skills: { ...smallTrack().skills, 'functions.yaml': 'title: `\n' } }
  const { findings } = await readFolder(
    t.testdir({ python, go: goTrack('notes: "[f](python.functions) [w](python.gone)"\n') }),
  )
  const dead = findings.filter(({ kind }) => kind === 'links are broken')
  t.match(dead, [{ line: 2, column: 31, message: '"python.gone"' }])
  t.equal(dead.length, 1)
})

t.test('the hash of a track is computed without parsing its files', async t => {
  const folder = t.testdir({ python: smallTrack() })
  const { tracks } = await readFolder(folder)
  t.match(await hashTrack(join(folder, 'python')), { slug: 'python', hash: tracks[0]?.hash })
})

t.test('a cycle of prerequisites through several tracks is reported in each of them', async t => {
  const a = goTrack('prerequisites: [b.variables]\n')
  const b = goTrack('resources: []\nprerequisites: [c.variables]\n')
  const c = goTrack('prerequisites: [a.variables]\n')
  const folder = t.testdir({ a, b, c, d: goTrack('prerequisites: [a.variables]\n'), python: smallTrack() })
  const { tracks, findings } = await readFolder(folder)
  t.strictSame(
    tracks.map(({ slug }) => slug),
    ['d', 'python'],
  )
  t.match(
    findings.filter(({ severity }) => severity === 'error'),
    [
      { file: join(folder, 'a/skills/variables.yaml'), line: 2, message: 'these form a cycle' },
      { file: join(folder, 'b/skills/variables.yaml'), line: 3, message: 'these form a cycle' },
      { file: join(folder, 'c/skills/variables.yaml'), line: 2, message: 'Remove one of the prerequisites' },
    ],
  )
})
