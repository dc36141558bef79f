import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { addDiff } from '../../src/cli/diff.ts'
import { addStats } from '../../src/cli/stats.ts'
import { createRunner } from '../fixtures/command.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const run = createRunner(addStats, addDiff)

t.test('stats prints skills per cell, the longest chain of prerequisites, and gaps', async t => {
  const rich = 'summary: S.\noutcomes: [One., Two.]\n'
  const { skills, ...rest } = smallTrack()
  const folder = t.testdir({
    python: {
      ...rest,
      skills: {
        ...skills,
        'variables.yaml': `title: Variables\n${rich}`,
        'functions.yaml': `${skills['functions.yaml']}${rich}`,
        'lone.yaml': 'title: Lone\nresources: [fluent-python]\n',
      },
      'roadmap.yaml': rest['roadmap.yaml'].replace('title: Web\n', 'title: Web\n    skills: { beginner: [lone] }\n'),
    },
  })
  t.strictSame(await run('stats', folder), {
    out: `python: 4 skills
                beginner  intermediate        senior           all
  Language             2             0             1             3
  Web                  1             0             0             1
  all                  3             0             1             4
  2 prerequisites; the longest chain has 3 skills: Variables → Functions → Decorators
  without prerequisites and dependents: 1 (Lone)
  without a summary: 2 (Decorators, Lone)
  with fewer than two outcomes: 2 (Decorators, Lone)
  without a resource: 1 (Variables)
`,
    err: '',
    code: 0,
  })
})

t.test('stats prints the time of a track, and of each tier and category', async t => {
  const { skills, ...rest } = smallTrack()
  const hour = 'duration: { unit: hour, from: 1, to: 2 }\n'
  const folder = t.testdir({
    python: { ...rest, skills: { ...skills, 'variables.yaml': `${skills['variables.yaml']}${hour}` } },
  })
  t.match(
    (await run('stats', folder)).out,
    `
  time: 1–2 hours for 1 of 3 skills
    beginner: 1–2 hours for 1 of 2 skills
    Language: 1–2 hours for 1 of 3 skills
  2 prerequisites`,
  )
})

t.test('stats prints at most ten titles, and ignores other tracks', async t => {
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`)
  const folder = t.testdir({
    python: smallTrack(),
    web: {
      'track.yaml': 'title: Web\n',
      'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { senior: [${names.join(', ')}] } }]\n`,
      skills: Object.fromEntries(
        names.map(name => [`${name}.yaml`, `title: ${name.toUpperCase()}\nprerequisites: [python.functions]\n`]),
      ),
    },
  })
  const { out } = await run('stats', folder)
  t.match(out, 'python: 3 skills')
  t.match(out, 'web: 12 skills')
  t.match(out, '12 prerequisites; the longest chain has 1 skill: S0')
  t.match(out, 'without a resource: 12 (S0, S1, S2, S3, S4, S5, S6, S7, S8, S9, …)')
})

t.test('stats indents categories below their parents', async t => {
  const folder = t.testdir({
    python: {
      ...smallTrack(),
      'roadmap.yaml': `categories:
  - { slug: functions, title: Functions, parent: language, skills: { beginner: [functions], senior: [decorators] } }
  - { slug: web, title: Web }
  - { slug: language, title: Language, skills: { beginner: [variables] } }
`,
    },
  })
  const { out } = await run('stats', folder)
  t.same(out.split('\n').slice(2, 6), [
    '  Web                     0             0             0             0',
    '  Language                1             0             0             1',
    '    Functions             1             0             1             2',
    '  all                     2             0             1             3',
  ])
})

t.test('stats works for a track without skills, and fails without a track', async t => {
  const folder = t.testdir({
    empty: { 'track.yaml': 'title: E\n', 'roadmap.yaml': 'categories: []\n' },
    none: { 'a.txt': '' },
  })
  t.match(await run('stats', join(folder, 'empty')), {
    out: 'the longest chain has 0 skills\n  without prerequisites and dependents: none',
    code: 0,
  })
  t.match(await run('stats', join(folder, 'none')), { out: '', err: 'there is no track without mistakes', code: 1 })
})

/** Creates two copies of the small track, the second with some files replaced; null removes a file. */
const twoFolders = (t: Test, files: Record<string, string | null>) => {
  const folder = t.testdir({ before: { python: smallTrack() } })
  const [before, after] = [join(folder, 'before'), join(folder, 'after')]
  cpSync(before, after, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    const file = join(after, path)
    mkdirSync(dirname(file), { recursive: true })
    if (text === null) rmSync(file)
    else writeFileSync(file, text)
  }
  const edit = (path: string, from: string, to: string) => {
    const text = readFileSync(join(after, path), 'utf8')
    t.ok(text.includes(from), `${path} holds ${from}`)
    writeFileSync(join(after, path), text.replace(from, to))
  }
  return { before, after, edit }
}

const roadmap = (language: string, web = '{}') =>
  `categories:
  - slug: language
    title: Language
    skills: ${language}
  - slug: web
    title: Web
    skills: ${web}
`
const tiers = `tiers:
  - { tier: beginner, title: Beginner }
  - { tier: intermediate, title: Intermediate }
  - { tier: senior, title: Advanced, duration: { unit: month, from: 12 } }
`
const track = `title: Python\nversion: "2026.11"\n${tiers}sources: [guide]\nprojects: [todo-app]\n`

/** Files that differ, and the expected output without the name of the track. */
const cases: [files: Record<string, string | null>, lines: string[]][] = [
  [
    {
      'python/roadmap.yaml': roadmap('{ beginner: [variables, functions], intermediate: [decorators] }'),
      'python/track.yaml': track,
    },
    ['1 track changed: Python (tiers)', '1 skill moved from senior to intermediate: Decorators'],
  ],
  [
    { 'python/roadmap.yaml': roadmap('{ beginner: [variables, functions] }', '{ senior: [decorators] }') },
    ['1 skill moved from language to web: Decorators'],
  ],
  [
    { 'python/roadmap.yaml': roadmap('{ senior: [decorators] }', '{ beginner: [functions, variables] }') },
    ['2 skills moved from language to web: Functions; Variables'],
  ],
  [
    { 'python/roadmap.yaml': roadmap('{ beginner: [variables] }', '{ beginner: [decorators], senior: [functions] }') },
    [
      '1 skill moved from senior to beginner: Decorators',
      '2 skills moved from language to web: Decorators; Functions',
      '1 skill moved from beginner to senior: Functions',
    ],
  ],
  [
    { 'python/roadmap.yaml': roadmap('{ beginner: [functions, variables], senior: [decorators] }') },
    ['1 skill put in another order: Functions (from here on)'],
  ],
  [
    {
      'python/roadmap.yaml':
        'categories:\n  - { slug: web, title: Web }\n  - { slug: language, title: Language, skills: { beginner: [variables, functions], senior: [decorators] } }\n',
    },
    ['1 category put in another order: Web (from here on)'],
  ],
  [
    {
      'python/skills/functions.yaml':
        'title: Functions\nsummary: New.\noutcomes: [One.]\nprerequisites: [variables]\nresources: [fluent-python]\n',
      'python/principles.yaml': null,
    },
    ['1 skill changed: Functions (summary, outcomes)', '1 principle removed: Style'],
  ],
  [
    {
      'python/skills/loops.yaml': 'title: Loops\nresources: [fluent-python]\n',
      'python/roadmap.yaml': roadmap('{ beginner: [loops, variables, functions], senior: [decorators] }'),
      'python/checklists.yaml':
        '- { slug: all, kind: completion, title: All }\n- { slug: done, kind: completion, title: Done, items: [{ text: Write a decorator }] }\n',
    },
    ['1 skill added: Loops (language, beginner)', '1 checklist added: All'],
  ],
  [
    {
      'python/roadmap.yaml': roadmap(
        '{ beginner: [variables, functions], senior: [decorators] }',
        '{}\n    parent: language',
      ),
    },
    ['1 category moved from the top to parent language: Web'],
  ],
  [
    { 'python/principles.yaml': '- slug: style\n  kind: rule\n  title: Style\n' },
    ['1 principle moved from language to none: Style'],
  ],
  [
    {
      'python/principles.yaml':
        '- { slug: style, kind: rule, title: Style, category: language }\n- { slug: names, kind: rule, title: Names }\n',
    },
    ['1 principle added: Names'],
  ],
]

t.test('diff lists what was added, removed, moved, reordered or changed', async t => {
  for (const [files, lines] of cases) {
    const { before, after } = twoFolders(t, files)
    const { out, err, code } = await run('diff', before, after)
    t.equal(out, `python:\n${lines.map(line => `  ${line}\n`).join('')}`)
    t.strictSame([err, code], ['', 0])
  }
})

t.test('diff reports equal folders', async t => {
  const { before, after, edit } = twoFolders(t, {})
  t.equal((await run('diff', before, after)).out, 'python: no changes\n')
  t.equal((await run('diff', before, after, '--format', 'markdown')).out, '### python\n\nNo changes.\n')
  // A related pair is equal whichever skill lists it, and a list of references has no order.
  edit('python/skills/decorators.yaml', 'related: [variables]\n', '')
  edit('python/skills/variables.yaml', 'title: Variables\n', 'title: Variables # the first\nrelated: [decorators]\n')
  edit('python/projects/todo-app.yaml', '[functions, decorators]', '[decorators, functions]')
  t.equal((await run('diff', before, after)).out, 'python: no changes\n')
})

t.test('diff reports a rename once, and not for each reference', async t => {
  const { before, after, edit } = twoFolders(t, {
    'python/skills/functions.yaml': null,
    'python/skills/routines.yaml':
      'title: Functions\nformerly: [functions]\nprerequisites: [variables]\nresources: [fluent-python]\n',
  })
  edit('python/roadmap.yaml', 'variables, functions', 'variables, routines')
  edit('python/roadmap.yaml', 'slug: language', 'slug: syntax\n    formerly: [language]')
  edit('python/skills/decorators.yaml', "'functions'", 'routines')
  edit('python/projects/todo-app.yaml', 'functions', 'routines')
  edit('python/principles.yaml', 'language', 'syntax')
  edit('python/sources/guide.yaml', 'category: language', 'category: syntax')
  edit('python/sources/guide.yaml', 'python.skill.functions', 'skill.routines')
  t.equal(
    (await run('diff', before, after)).out,
    'python:\n  1 category renamed: Language (formerly language)\n  1 skill renamed: Functions (formerly functions)\n',
  )
})

t.test('diff prints Markdown for a pull request, each item with its slug', async t => {
  const { before, after } = twoFolders(t, {
    'python/track.yaml': track,
    'python/roadmap.yaml': roadmap('{ beginner: [variables, loops], intermediate: [functions], senior: [decorators] }'),
    'python/skills/loops.yaml': 'title: Loops\nresources: [fluent-python]\n',
    'python/resources.yaml':
      '- slug: fluent-python\n  kind: book\n  title: Fluent Python\n  url: https://example.org/\n',
  })
  t.equal(
    (await run('diff', before, after, '--format', 'markdown')).out,
    `### python

- **1 track changed**: Python (\`python\`: tiers)
- **1 skill added**: Loops (\`loops\`: language, beginner)
- **1 skill moved from beginner to intermediate**: Functions (\`functions\`)
- **1 resource changed**: Fluent Python (\`fluent-python\`: url)
`,
  )
  t.match(
    (await run('diff', after, before, '--format', 'markdown')).out,
    '- **1 skill moved from intermediate to beginner**',
  )
})

t.test('a category that moves between parents is not reported as put in another order', async t => {
  const { before, after, edit } = twoFolders(t, {})
  const file = 'python/roadmap.yaml'
  for (const folder of [before, after])
    writeFileSync(
      join(folder, file),
      `${roadmap('{ beginner: [variables, functions], senior: [decorators] }')}  - { slug: forms, title: Forms, parent: language }\n`,
    )
  edit(file, 'parent: language', 'parent: web')
  t.match(await run('diff', before, after), { out: 'python:\n  1 category moved from parent language to web: Forms\n' })
  edit(file, ', parent: web', '')
  t.match(await run('diff', before, after), {
    out: 'python:\n  1 category moved from parent language to the top: Forms\n',
  })
})

t.test('"1 skill moved from intermediate to senior"', async t => {
  const at = (tier: string) => ({
    'track.yaml': 'title: Go\n',
    'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { ${tier}: [a] } }]\n`,
    skills: { 'a.yaml': 'title: A\n' },
  })
  const folder = t.testdir({ one: at('intermediate'), two: { one: at('senior') } })
  t.equal(
    (await run('diff', join(folder, 'one'), join(folder, 'two'))).out,
    'one:\n  1 skill moved from intermediate to senior: A\n',
  )
})

t.test('diff reports new and removed tracks', async t => {
  const go = { 'track.yaml': 'title: Go\n', 'roadmap.yaml': 'categories: [{ slug: c, title: C }]\n' }
  const { before, after } = twoFolders(t, { 'go/track.yaml': go['track.yaml'], 'go/roadmap.yaml': go['roadmap.yaml'] })
  t.equal(
    (await run('diff', before, after)).out,
    'go:\n  1 track added: Go\n  1 category added: C\npython: no changes\n',
  )
  t.equal((await run('diff', after, before)).out, 'go:\n  1 track removed: go\npython: no changes\n')
})

t.test('diff refuses a folder with mistakes', async t => {
  const { before, after } = twoFolders(t, { 'python/principles.yaml': '- slug: style\n  kind: rule\n  title: `x`\n' })
  for (const folders of [
    [before, after],
    [after, before],
  ] as const)
    t.match(await run('diff', ...folders), {
      out: '',
      err: `${after} has mistakes, the first in ${after}/python/principles.yaml:3: `,
      code: 1,
    })
  t.match(await run('diff', before, join(after, 'nowhere')), { err: 'there is no track here', code: 1 })
  t.match(await run('diff', before, before, '--format', 'html'), { err: 'Allowed choices are text, markdown', code: 1 })
})
