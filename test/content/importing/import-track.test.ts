import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type ImportRequest, importTrack } from '../../../src/content/importing/import-track.ts'
import { collectItems, type ImportedTrack, type ItemCollector } from '../../../src/content/importing/imported-track.ts'
import type { Document } from '../../../src/model/document.ts'
import { filesIn, writeTree } from '../../fixtures/author.ts'
import { smallTrack } from '../../fixtures/small-track.ts'

const place = { line: 1, column: 1 }
const at = (line: number, column = 1) => ({ line, column })

type Extra = Partial<Omit<ImportedTrack, 'items' | 'notes'>>

/** Creates a folder with a track, and a function that imports items into it. */
const startImporting = (t: Test, tracks: Parameters<typeof writeTree>[1] = { python: smallTrack() }) => {
  const folder = join(t.testdir(), 'tracks')
  writeTree(folder, tracks)
  const prepare = (
    collect: (items: ItemCollector, existing: Document | undefined) => void,
    extra: Extra = {},
    request: Partial<ImportRequest> = {},
  ) =>
    importTrack({ track: 'python', folder, source: 'list.txt', ...request }, existing => {
      const collector = collectItems()
      collect(collector, existing)
      return { track: {}, complete: ['category', 'skill'], ...extra, items: collector.items, notes: collector.notes }
    })
  return {
    folder,
    files: () => filesIn(folder),
    prepare,
    /** Imports items, and returns the changes and messages. */
    run: async (...request: Parameters<typeof prepare>) => {
      const { changes, findings, write } = await prepare(...request)
      await write()
      return {
        changes: changes.map(
          ({ noun, how, slug, detail }) => `${noun} ${slug} ${how}${detail === '' ? '' : ` (${detail})`}`,
        ),
        findings: findings.map(({ severity, line, column, message }) => `${line}:${column} ${severity}: ${message}`),
      }
    },
  }
}

t.test('only the fields of the file change; comments, layout and all other fields stay', async t => {
  const { run, files } = startImporting(t)
  const before = files()
  const result = await run(items => {
    items.add({ noun: 'skill', ref: 'f', slug: 'python.functions', place, fields: { summary: 'Code with a name.' } })
    items.add({
      noun: 'skill',
      ref: 'd',
      place,
      fields: { title: 'decorators', kind: 'theoretical' },
      additions: { related: ['Functions'] },
    })
  })
  t.same(result, {
    changes: ['skill functions changed (summary, related)', 'skill decorators changed (title, related)'],
    findings: [],
  })
  const after = files()
  t.match(
    after['python/skills/functions.yaml'],
    'title: Functions\nsummary: Code with a name.\nprerequisites: [variables]\n',
  )
  t.match(after['python/skills/decorators.yaml'], "  - 'functions'   # they wrap one\n")
  t.same(Object.keys(after), Object.keys(before))
})

t.test('items are matched by external id, code, slug, earlier slug, URL and title', async t => {
  const { run, files } = startImporting(t)
  const first = await run(items => {
    const language = items.category(['Language'], place)
    const add = (title: string, fields: object = {}) =>
      items.add({
        noun: 'skill',
        ref: title,
        place,
        fields: { title, category: language, tier: 'beginner', ...fields },
      })
    add('Numbers', { externalId: 'n-1' })
    add('Texts', { code: 'T-1' })
    add('Lists')
    items.add({
      noun: 'resource',
      ref: 'r',
      place,
      fields: { kind: 'site', title: 'Docs', url: 'https://example.org/' },
    })
  })
  t.same(first.changes, [
    'skill numbers added (language, beginner)',
    'skill texts added (language, beginner)',
    'skill lists added (language, beginner)',
    'resource docs added',
  ])
  const second = await run(items => {
    const language = items.category(['Web'], place)
    const add = (title: string, fields: object = {}, slug?: string) =>
      items.add({ noun: 'skill', ref: title, place, slug, fields: { title, ...fields } })
    add('Integers', { externalId: 'n-1' })
    add('Strings', { code: 'T-1' })
    add('Sequences', {}, 'lists')
    add('functions', { category: language, tier: 'senior' })
    items.add({ noun: 'resource', ref: 'r', place, fields: { title: 'The docs', url: 'https://example.org/' } })
  })
  t.same(second.changes, [
    'skill integers renamed (formerly numbers)',
    'skill integers changed (title)',
    'skill strings renamed (formerly texts)',
    'skill strings changed (title)',
    'skill sequences renamed (formerly lists)',
    'skill sequences changed (title)',
    'skill functions moved from beginner to senior',
    'skill functions moved from language to web',
    'skill functions changed (title)',
    'resource the-docs renamed (formerly docs)',
    'resource the-docs changed (title)',
  ])
  t.match(files()['python/skills/sequences.yaml'], 'title: Sequences\nformerly: [lists]\n')
  t.same(
    (
      await run(items => {
        items.add({ noun: 'skill', ref: 'l', place, slug: 'lists', fields: { title: 'Sequences' } })
      })
    ).changes,
    [],
    'a row with the earlier slug is still that skill',
  )
})

t.test('a skill keeps a slug that was not made from its title, and can get an earlier one back', async t => {
  const { run, files } = startImporting(t, {
    python: { 'track.yaml': 'title: Python\n', 'roadmap.yaml': 'categories: []\n' },
  })
  const add = (title: string, slug?: string) => (items: ItemCollector) => {
    const category = items.category(['Language'], place)
    items.add({ noun: 'skill', ref: 'x', place, slug, fields: { title, category, tier: 'senior', externalId: 'x' } })
  }
  await run(add('Object-oriented programming', 'oop'))
  t.same((await run(add('Objects'))).changes, ['skill oop changed (title)'])
  await run(items => {
    const category = items.category(['Other'], place)
    items.add({ noun: 'skill', ref: 'a', place, fields: { title: 'Oop', category, tier: 'senior', externalId: 'y' } })
  })
  t.ok(files()['python/skills/oop-2.yaml'], 'a new skill gets a free slug')
  const rename = (title: string) => (items: ItemCollector) => {
    items.add({ noun: 'skill', ref: 'y', place, fields: { title, externalId: 'y' } })
  }
  t.same((await run(rename('Classes'))).changes, [
    'skill classes renamed (formerly oop-2)',
    'skill classes changed (title)',
  ])
  await run(rename('Types'))
  t.same((await run(rename('Classes'))).changes, [
    'skill classes renamed (formerly types)',
    'skill classes changed (title)',
  ])
  t.match(files()['python/skills/classes.yaml'], 'formerly: [oop-2, classes, types]\n')
  await run(rename('?'))
  t.ok(files()['python/skills/skill.yaml'], 'a title without a letter gives the name of the noun')
})

t.test('skills of the same title are matched by category and tier, and never by different external ids', async t => {
  const { run } = startImporting(t, { python: { 'track.yaml': 'title: Python\n', 'roadmap.yaml': 'categories: []\n' } })
  const skills = (list: [string[], 'beginner' | 'senior', string?][]) => (items: ItemCollector) => {
    for (const [path, tier, externalId] of list) {
      const category = items.category(path, place)
      const id = externalId === undefined ? {} : { externalId }
      items.add({
        noun: 'skill',
        ref: `${category} ${tier}`,
        place,
        fields: { title: 'Basics', category, tier, ...id },
      })
    }
  }
  const all: [string[], 'beginner' | 'senior', string?][] = [
    [['Language'], 'beginner'],
    [['Language'], 'senior'],
    [['Web', 'Front'], 'senior', '1'],
    [['Web', 'Back', 'Deep'], 'senior', '2'],
  ]
  t.same((await run(skills(all))).changes, [
    'category language added',
    'category web added',
    'category front added',
    'category back added',
    'category deep added',
    'skill basics added (language, beginner)',
    'skill basics-2 added (language, senior)',
    'skill basics-3 added (front, senior)',
    'skill basics-4 added (deep, senior)',
  ])
  t.same((await run(skills([...all].reverse()))).changes, [])
  t.same((await run(skills([[['Web', 'Front'], 'senior', '3']]))).changes, ['skill basics-5 added (front, senior)'])
})

t.test('a category with a new title is the same if most of its skills are', async t => {
  const { run, files } = startImporting(t)
  const collect =
    (title: string, skills: string[], fields = {}) =>
    (items: ItemCollector) => {
      const category = items.category([title], place, fields)
      for (const skill of skills)
        items.add({ noun: 'skill', ref: skill, place, fields: { title: skill, category, tier: 'beginner' } })
    }
  t.same((await run(collect('Basics', ['Variables', 'Functions', 'Loops']))).changes, [
    'category basics renamed (formerly language)',
    'category basics changed (title)',
    'skill loops added (basics, beginner)',
  ])
  t.match(files()['python/roadmap.yaml'], '- slug: basics\n    title: Basics\n    formerly: [language]\n')
  t.match((await run(collect('Few', ['Loops']))).changes, [
    'category few added',
    'skill loops moved from basics to few',
  ])
  await run(items => items.add({ noun: 'category', ref: 'b', place, fields: { title: 'Basics', externalId: 'one' } }))
  t.match((await run(collect('Start', ['Variables', 'Functions', 'Decorators'], { externalId: 'two' }))).changes, [
    'category start added',
  ])
})

t.test('new and moved items come after the one before them in the file, or before the next', async t => {
  const { run, files } = startImporting(t)
  const { changes } = await run(items => {
    const add = (title: string, path: string[], tier: 'beginner' | 'senior') =>
      items.add({ noun: 'skill', ref: title, place, fields: { title, category: items.category(path, place), tier } })
    items.category(['First'], place)
    add('Start', ['Language'], 'beginner')
    add('Variables', ['Language'], 'beginner')
    add('Constants', ['Language'], 'beginner')
    add('Decorators', ['Language'], 'beginner')
    add('Types', ['Language', 'Types'], 'senior')
    add('Metaclasses', ['Language', 'Types'], 'senior')
  })
  t.ok(changes.includes('skill decorators moved from senior to beginner'))
  t.equal(
    files()['python/roadmap.yaml']?.replace('  # The language itself.\n', ''),
    `categories:
  - slug: first
    title: First
  - slug: language
    title: Language
    skills:
      beginner: [start, variables, constants, decorators, functions]   # in this order
  - slug: types
    title: Types
    parent: language
    skills:
      senior: [types, metaclasses]
  - slug: web
    title: Web
`,
  )
})

t.test('pruning removes what the file does not have, with references to it, and nothing else', async t => {
  const { run, prepare, files } = startImporting(t)
  const collect = (items: ItemCollector) => {
    const category = items.category(['Language'], place)
    for (const title of ['Functions', 'Decorators'])
      items.add({ noun: 'skill', ref: title, place, fields: { title, category } })
  }
  t.same((await run(collect)).changes, [], 'nothing is removed without it')
  const { changes } = await run(collect, {}, { prune: true })
  t.same(changes, [
    'category web removed',
    'skill variables removed',
    'skill functions changed (prerequisites)',
    'skill decorators changed (related)',
  ])
  const after = files()
  t.notOk(after['python/skills/variables.yaml'])
  t.ok(after['python/projects/todo-app.yaml'])
  const { findings, write } = await prepare(items => void items.category(['Language'], place), {}, { prune: true })
  t.same(
    findings.map(({ severity, message }) => [severity, message]),
    [
      [
        'error',
        'source "guide": nothing is called "python.skill.decorators": write the noun and the slug, such as skill.decorators',
      ],
      [
        'error',
        'source "guide": nothing is called "python.skill.functions": write the noun and the slug, such as skill.decorators',
      ],
    ],
  )
  t.throws(() => write(), /nothing was written/)
  t.same(files(), after)
})

t.test('a reference names an item of the file or of a track by slug, key, id, code or title', async t => {
  const { run, files } = startImporting(t, {
    python: smallTrack(),
    web: {
      'track.yaml': 'title: Web\n',
      'roadmap.yaml': 'categories:\n  - slug: page\n    title: Page\n    skills: { beginner: [html] }\n',
      skills: { 'html.yaml': 'title: HTML\nsameAs: [python.variables]\n' },
    },
  })
  const { findings } = await run(items => {
    items.add({
      noun: 'skill',
      ref: 'new',
      place,
      fields: { title: 'New', category: 'web', tier: 'beginner', code: 'N1', externalId: 'id-1' },
    })
    items.add({
      noun: 'skill',
      ref: 'x',
      place: at(3),
      fields: {
        title: 'X',
        category: 'Language',
        tier: 'senior',
        prerequisites: ['new', 'variables', 'python.functions', 'DECORATORS', 'web.html', 'missing', 'new'],
        resources: ['fluent python'],
        replacedBy: 'nobody',
      },
      places: { prerequisites: at(3, 9) },
    })
  })
  t.same(findings, [
    '3:1 warning: not imported: there is no skill called "nobody"',
    '3:9 warning: not imported: there is no skill called "missing"',
  ])
  t.match(
    files()['python/skills/x.yaml'],
    'prerequisites: [new, variables, functions, decorators, web.html]\nresources: [fluent-python]\n',
  )
  await run(items => {
    items.add({
      noun: 'skill',
      ref: 'y',
      place,
      fields: { title: 'Y', category: 'web', tier: 'senior', prerequisites: ['N1'] },
      additions: { resources: ['Fluent Python', 'nothing'] },
    })
  })
  t.match(files()['python/skills/y.yaml'], 'prerequisites: [new]\nresources: [fluent-python]\n')
})

t.test('what cannot be placed is listed with its place, and the rest is imported', async t => {
  const { run, files } = startImporting(t)
  const { changes, findings } = await run(
    items => {
      items.add({
        noun: 'skill',
        ref: '1',
        place: at(1),
        fields: { title: 'Functions', code: 'a`b', summary: 'Fine.' },
        places: { code: at(1, 5) },
      })
      items.add({ noun: 'skill', ref: '2', place: at(2), fields: { title: 'x\u0007' }, places: { title: at(2, 7) } })
      items.add({ noun: 'skill', ref: '3', place: at(3), fields: { title: ' ' } })
      items.add({ noun: 'skill', ref: '4', place: at(4), fields: { summary: 'No title.' } })
      items.add({ noun: 'skill', ref: '5', place: at(5), fields: { title: 'No place', tier: 'senior' } })
      for (const line of [6, 7])
        items.add({ noun: 'skill', ref: `${line}`, place: at(line), fields: { title: 'Variables', category: 'no' } })
      items.add({
        noun: 'source',
        ref: '7',
        place: at(7),
        fields: {
          title: 'Guide',
          outline: [
            {
              section: null,
              label: 'X',
              category: 'nowhere',
              tier: null,
              kind: null,
              optional: null,
              says: null,
              note: null,
              of: 'skill.functions',
            },
          ],
        },
      })
      items.unplaced(at(8, 2), 'a strange cell')
      items.note(at(9), 'an assumption')
    },
    { text: 'one\r\ntwo\rthree' },
  )
  t.same(findings, [
    '1:5 warning: not imported: the code must be one line without backticks, such as PY-101',
    '2:7 warning: not imported: the title must not have control characters',
    '3:1 warning: not imported: the title must not be empty',
    '4:1 warning: not imported: a new skill needs a title',
    '5:1 warning: not imported: a new skill needs a category',
    '6:1 warning: not imported: there is no category called "no"',
    '7:1 warning: not imported: "Variables" is in line 6 already',
    '7:1 warning: not imported: there is no category called "nowhere"',
    '7:1 warning: not imported: the outline must be a slug, such as decorators, or a key, such as python.decorators',
    '8:2 warning: a strange cell',
    '9:1 note: an assumption',
  ])
  t.same(changes, ['skill functions changed (summary)'])
  t.match(files()['python/skills/functions.yaml'], 'summary: Fine.')
})

t.test('messages show the line of the file', async t => {
  const { prepare } = startImporting(t)
  const { findings } = await prepare(items => items.unplaced(at(2), 'odd'), { text: 'one\r\ntwo\rthree' })
  t.match(findings, [{ file: 'list.txt', excerpt: 'two' }])
})

t.test('a file that would break a rule changes nothing', async t => {
  const { prepare, files } = startImporting(t)
  const before = files()
  const { findings, write } = await prepare(items => {
    items.add({
      noun: 'skill',
      ref: 'v',
      place: at(4, 2),
      fields: { title: 'Variables', prerequisites: ['functions'] },
    })
  })
  t.match(findings, [{ severity: 'error', line: 4, column: 2, message: /^skill "variables": these form a cycle/ }])
  t.throws(() => write(), { name: 'Refused', message: 'nothing was written: the track would have mistakes' })
  t.same(files(), before)
})

t.test('a new track has the title and tiers of the file, and an existing one keeps its own', async t => {
  const tier = (name: 'beginner' | 'intermediate' | 'senior', title: string) => ({
    tier: name,
    title,
    theme: null,
    goal: null,
    duration: null,
  })
  const { run, files } = startImporting(t, {})
  const collect = (items: ItemCollector) => {
    const category = items.category(['A'], place)
    items.add({ noun: 'skill', ref: 'b', place, fields: { title: 'B', category, tier: 'intermediate' } })
  }
  await run(collect, {
    track: {
      title: 'Snakes',
      summary: 'About them.',
      introduction: 'x'.repeat(5_000),
      tiers: [tier('senior', 'Expert'), tier('beginner', '')],
    },
  })
  t.match(
    files()['python/track.yaml'],
    'title: Snakes\nsummary: About them.\ntiers:\n  - tier: intermediate\n    title: Intermediate\n  - tier: senior\n    title: Expert\n',
  )
  const { changes } = await run(collect, {
    track: { title: 'Other', introduction: 'Read it.', tiers: [tier('senior', 'Other'), tier('beginner', 'Basic')] },
  })
  t.same(changes, ['track python changed (introduction, tiers)'])
  t.match(files()['python/track.yaml'], 'title: Snakes')
  t.same((await run(collect, {}, { title: 'Python' })).changes, ['track python changed (title)'])
  await run(collect, { track: { title: '' } }, { track: 'two-words' })
  t.match(files()['two-words/track.yaml'], 'title: Two words\n')
  t.notMatch(files()['two-words/track.yaml'], 'tiers')
})

t.test('what cannot be imported into is refused in words', async t => {
  const { folder, prepare, files } = startImporting(t)
  const refused = (request: Partial<ImportRequest>, message: RegExp) =>
    t.rejects(
      prepare(() => undefined, {}, request),
      { name: 'Refused', message },
    )
  await refused({ track: 'Py' }, /"Py" cannot be the slug of a track: it must be lower-case letters/)
  await refused({ title: '' }, /--title must not be empty/)
  await refused({ track: 'web', folder: join(folder, 'python') }, /is the folder of the track "python"/)
  await t.rejects(
    prepare(items => {
      for (let index = 0; index <= 20_000; index += 1)
        items.add({ noun: 'skill', ref: `${index}`, place, fields: { title: `${index}` } })
    }),
    { name: 'Refused', message: /the file has 20001 skills, and a track has at most 20000/ },
  )
  const before = files()
  writeTree(join(folder, 'python'), { 'plans.yaml': '- slug: x\n' })
  await refused({}, /correct the mistakes first/)
  t.same({ ...files(), 'python/plans.yaml': '' }, { ...before, 'python/plans.yaml': '' })
})
