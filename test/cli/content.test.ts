import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { addNew } from '../../src/cli/new.ts'
import { addRenameSkill } from '../../src/cli/rename-skill.ts'
import { addValidate } from '../../src/cli/validate.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { createRunner } from '../fixtures/command.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const run = createRunner(addValidate, addNew, addRenameSkill)

const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8')

t.test('validate prints the contents of a track without mistakes', async t => {
  const folder = t.testdir({ python: smallTrack() })
  t.strictSame(await run('validate', folder), {
    out: 'python: 1 source, 2 categories, 3 skills, 1 principle, 1 project, 1 resource, 2 plans, 1 checklist, no mistakes\n',
    err: '',
    code: 0,
  })
})

t.test('validate prints every mistake and fails', async t => {
  const folder = t.testdir({
    python: { ...smallTrack(), 'principles.yaml': '- slug: style\n  kind: rule\n  title: `x`\n' },
  })
  const { out, err, code } = await run('validate', folder)
  t.strictSame([out, code], ['', 1])
  t.ok(err.startsWith(`${folder}/python/principles.yaml:3:10 error: `))
  t.ok(err.endsWith('\n\n1 error in 1 file\n'))
})

t.test('validate prints a warning and does not fail', async t => {
  const folder = t.testdir({ python: { ...smallTrack(), skills: { ...smallTrack().skills, 'a.txt': '' } } })
  const { out, err, code } = await run('validate', folder)
  t.match(out, 'no mistakes')
  t.match(err, '1 warning in 1 file')
  t.equal(code, 0)
})

t.test('validate prints many warnings of one kind in one line, and each of them with --verbose', async t => {
  const slugs = Array.from({ length: 20 }, (_, index) => `s${index + 10}`)
  const folder = t.testdir({
    go: {
      'track.yaml': 'title: Go\n',
      'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { beginner: [${slugs.join(', ')}] } }]\n`,
      skills: Object.fromEntries(slugs.map(slug => [`${slug}.yaml`, `title: ${slug}\n`])),
    },
  })
  const { err, code } = await run('validate', folder)
  const at = (slug: string) => `${folder}/go/skills/${slug}.yaml:1:1`
  t.equal(
    err,
    `warning: 20 skills have no resource to learn them from: ${at('s10')}, ${at('s11')}, ${at('s12')} and 17 more\n\n20 warnings in 20 files; --verbose shows each\n`,
  )
  t.equal(code, 0)
  t.equal((await run('validate', folder, '--verbose')).err.match(/ warning: /g)?.length, 20)
})

t.test('every command has a help text', async t => {
  for (const [args, words] of [
    [['validate', '--help'], 'prints every mistake'],
    [['new', 'skill', '--help'], '--category'],
    [['rename', 'skill', '--help'], 'formerly'],
  ] as const)
    t.match((await run(...args)).out, words)
})

/** Returns all findings of the files; a new skill has the warning that it lacks a resource. */
const validationOutput = async (folder: string): Promise<string[]> =>
  (await readFolder(folder)).findings.map(({ severity, message }) => `${severity}: ${message}`)

const newSkill = (folder: string, slug: string, options: Record<string, string> = {}) => {
  const all = {
    track: 'python',
    title: 'Error Handling: `try`',
    category: 'language',
    tier: 'senior',
    dir: folder,
    ...options,
  }
  return run('new', 'skill', slug, ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]))
}

t.test(
  'new skill writes a file and adds the skill to the end of its cell, and changes nothing else in the roadmap',
  async t => {
    const folder = t.testdir({ python: smallTrack() })
    const before = read(folder, 'python/roadmap.yaml')
    const { out, err } = await newSkill(folder, 'error-handling')
    t.strictSame(
      [out, err],
      [`wrote ${folder}/python/skills/error-handling.yaml\nwrote ${folder}/python/roadmap.yaml\n`, ''],
    )
    t.equal(read(folder, 'python/skills/error-handling.yaml'), `${firstLine}title: "Error Handling: \`try\`"\n`)
    t.equal(
      read(folder, 'python/roadmap.yaml'),
      before.replace('# the last one\n', '# the last one\n        - error-handling\n'),
    )
    t.strictSame(await validationOutput(folder), ['warning: "Error Handling: `try`" has no resource to learn it from'])
    t.strictSame(
      readdirSync(join(folder, 'python')).filter(name => name.startsWith('.')),
      [],
      'nothing is left lying about',
    )
  },
)

/** From a folder of a test to the schema that editors check a skill by. */
const firstLine = '# yaml-language-server: $schema=../../../../../schema/skill.schema.json\n'

t.test('the file of a new skill points editors to an existing schema, wherever the tracks are', async t => {
  const folder = t.testdir({ python: smallTrack(), schema: {} })
  const lineOf = async (slug: string) => {
    t.equal((await newSkill(folder, slug)).err, '')
    return read(folder, `python/skills/${slug}.yaml`).split('title')[0]
  }
  const variables = join(folder, 'python/skills/variables.yaml')
  t.equal(await lineOf('a'), firstLine, 'the one that the others name is not there')
  t.ok(existsSync(join(folder, 'python/skills', String(firstLine.split('=')[1]).trim())))
  for (const schema of ['../../schema/own.json', 'https://example.org/skill.schema.json']) {
    writeFileSync(join(folder, 'schema/own.json'), '{}')
    writeFileSync(variables, `# yaml-language-server: $schema=${schema}\ntitle: V\n`)
    rmSync(join(folder, 'python/skills/a.yaml'), { force: true })
    writeFileSync(join(folder, 'python/roadmap.yaml'), smallTrack()['roadmap.yaml'])
    t.equal(await lineOf('a'), `# yaml-language-server: $schema=${schema}\n`, 'the one that the others name')
  }
})

t.test('a new skill is added to the roadmap in the style of the file', async t => {
  const roadmap = (category: string) =>
    `categories:\n  - slug: language\n    title: Language\n    summary: >-\n      One.\n\n${category}\n  # more\n  - {slug: web, title: Web}\n`
  for (const [tier, before, after] of [
    ['beginner', '    skills:\n      beginner: [a] # one', '    skills:\n      beginner: [a, x] # one'],
    [
      'beginner',
      '    skills:\n      beginner: []\n      senior: [a]',
      '    skills:\n      beginner: [x]\n      senior: [a]',
    ],
    ['beginner', '    skills:\n      senior: [a]', '    skills:\n      beginner: [x]\n      senior: [a]'],
    [
      'senior',
      '    skills:\n      beginner:\n      - a\n',
      '    skills:\n      beginner:\n      - a\n      senior: [x]\n',
    ],
    ['beginner', '    skills: {senior: [a]}', '    skills: {beginner: [x], senior: [a]}'],
    ['senior', '    skills: {beginner: [a]}', '    skills: {beginner: [a], senior: [x]}'],
    [
      'intermediate',
      '    skills: {beginner: [a], senior: []}',
      '    skills: {beginner: [a], intermediate: [x], senior: []}',
    ],
  ] as const) {
    const folder = t.testdir({
      python: { 'track.yaml': 'title: P\n', 'roadmap.yaml': roadmap(before), skills: { 'a.yaml': 'title: A\n' } },
    })
    t.equal((await newSkill(folder, 'x', { tier })).err, '')
    t.equal(read(folder, 'python/roadmap.yaml'), roadmap(after))
  }
})

t.test('new skill adds the first skill of a category, in any style of the file', async t => {
  for (const [category, before, after] of [
    [
      'language',
      '- slug: language\n  summary: >-\n    One.\n\n  title: Language\n',
      '- slug: language\n  summary: >-\n    One.\n\n  title: Language\n  skills:\n    senior: [x]\n',
    ],
    [
      'language',
      '- title: Language\r\n  slug: language\r\n',
      '- title: Language\r\n  slug: language\r\n  skills:\r\n    senior: [x]\r\n',
    ],
    [
      'language',
      '- {slug: language, title: Language}\n',
      '- {slug: language, title: Language, skills: { senior: [x] }}\n',
    ],
    [
      'language',
      '- slug: language\n  title: Language\n  skills: {}\n',
      '- slug: language\n  title: Language\n  skills:\n    senior: [x]\n',
    ],
  ] as const) {
    const folder = t.testdir({ python: { 'track.yaml': 'title: P\n', 'roadmap.yaml': `categories:\n${before}` } })
    t.equal((await newSkill(folder, 'x', { category })).err, '')
    t.equal(read(folder, 'python/roadmap.yaml'), `categories:\n${after}`)
    t.strictSame(await validationOutput(folder), ['warning: "Error Handling: `try`" has no resource to learn it from'])
  }
})

t.test('new skill refuses invalid arguments and writes nothing', async t => {
  const former = {
    ...smallTrack(),
    skills: { ...smallTrack().skills, 'variables.yaml': 'title: V\nformerly: [names]\n' },
  }
  for (const [slug, options, words] of [
    ['Error Handling', {}, 'for example "error-handling"'],
    [
      '変数',
      {},
      'lower-case letters (a to z) and digits in words joined by single hyphens, such as error-handling; for example "bian-shu"',
    ],
    ['…', {}, 'such as error-handling; for example "error-handling-try"\n'],
    ['…', { title: '…' }, 'such as error-handling\n'],
    ['functions', {}, 'another skill has the slug "functions": choose another one'],
    ['names', {}, 'an earlier slug is never used again'],
    ['x', { category: 'languages' }, 'there is no category "languages". Did you mean "language"?'],
    ['x', { category: 'zzz' }, 'choose one of language, web'],
    ['x', { tier: 'intermediate' }, 'there is no tier "intermediate": choose one of beginner, senior'],
    ['x', { track: 'pyhton' }, 'Did you mean "python"?'],
    ['x', { track: 'go' }, 'its tracks are python'],
  ] as const) {
    const folder = t.testdir({ python: former })
    const { err, code } = await newSkill(folder, slug, options)
    t.match(err, words)
    t.equal(code, 1)
    t.strictSame(readdirSync(join(folder, 'python/skills')), ['decorators.yaml', 'functions.yaml', 'variables.yaml'])
  }
})

t.test(
  'new skill needs no category if the roadmap names the skill already, and leaves the roadmap unchanged',
  async t => {
    const named = {
      'track.yaml': 'title: Web\n',
      'roadmap.yaml':
        'categories:\n  - slug: markup\n    title: Markup\n    skills:\n      beginner: [headings, links] # to be written\n',
    }
    const make = (folder: string, slug: string, ...more: string[]) =>
      run('new', 'skill', slug, '--track', 'web', '--title', 'T', '--dir', folder, ...more)
    for (const more of [[], ['--category', 'markup', '--tier', 'beginner']]) {
      const folder = t.testdir({ web: named })
      for (const slug of ['links', 'headings'])
        t.strictSame(await make(folder, slug, ...more), {
          out: `wrote ${folder}/web/skills/${slug}.yaml\n`,
          err: '',
          code: 0,
        })
      t.equal(read(folder, 'web/roadmap.yaml'), named['roadmap.yaml'])
      t.equal((await run('validate', folder)).code, 0)
    }
    const folder = t.testdir({ web: named })
    const { err, code } = await make(folder, 'links', '--tier', 'senior')
    t.match(err, 'roadmap.yaml has "links" in the category "markup" and the tier "beginner": leave out')
    t.equal(code, 1)
    t.match((await make(folder, 'links', '--category', 'x')).err, 'leave out --category and --tier, or move it there')
    t.match(
      (await make(folder, 'forms')).err,
      'roadmap.yaml does not name this skill yet: name its cell with --category and --tier',
    )
    t.match((await make(folder, 'forms', '--tier', 'beginner')).err, 'name its cell')
  },
)

t.test('new skill ignores mistakes in other files, but refuses mistakes in the roadmap', async t => {
  const broken = {
    ...smallTrack(),
    'plans.yaml': '- `\n',
    skills: { ...smallTrack().skills, 'functions.yaml': 'title: `\n' },
  }
  const folder = t.testdir({ python: broken, go: { 'track.yaml': 'title: `\n', 'roadmap.yaml': 'categories: [\n' } })
  t.equal((await newSkill(folder, 'x')).err, '')
  t.match(read(folder, 'python/roadmap.yaml'), '- x\n')
  for (const roadmap of [
    'categories: [\n',
    'categories:\n  - title: Language\n',
    'categories:\n  - { slug: language, title: L, skills: [x] }\n',
  ]) {
    const unclear = t.testdir({ python: { ...smallTrack(), 'roadmap.yaml': roadmap, 'plans.yaml': '- `\n' } })
    const { err, code } = await newSkill(unclear, 'x')
    t.match(
      err,
      `correct the mistakes first ("validate ${unclear}" lists all of them): ${unclear}/python/roadmap.yaml:`,
    )
    t.equal(code, 1)
    t.throws(() => read(unclear, 'python/skills/x.yaml'), { code: 'ENOENT' })
  }
})

t.test('rename skill refuses a track with a mistake, and names the mistake', async t => {
  const folder = t.testdir({ python: { ...smallTrack(), 'plans.yaml': '- `\n' } })
  t.match(
    (await run('rename', 'skill', 'functions', 'x', '--track', 'python', '--dir', folder)).err,
    `correct the mistakes first ("validate ${folder}" lists all of them): ${folder}/python/plans.yaml:1:3 `,
  )
})

t.test('a command explains what a track is if there is none', async t => {
  const folder = t.testdir({})
  t.match(
    (await newSkill(folder, 'x')).err,
    `there is no track "python" in ${folder}: create one with "new track", or name the folder of your tracks with --dir\n`,
  )
})

const rename = (folder: string, from: string, to: string) =>
  run('rename', 'skill', from, to, '--track', 'python', '--dir', folder)

t.test('a renamed skill keeps its id, and every reference to it is changed', async t => {
  const go = {
    'track.yaml': 'title: Go\n',
    'roadmap.yaml': 'categories: [{slug: language, title: L, skills: {beginner: [functions]}}]\n',
    skills: {
      'functions.yaml': 'title: F\nsameAs:\n  - "python.functions" # the same\nresources: [python.fluent-python]\n',
    },
    sources: {},
  }
  const plans =
    '- slug: first\n  kind: plan\n  title: First\n  steps:\n    - { unit: week, from: 1, text: Go., skills: [variables, functions] } # begin here\n'
  const folder = t.testdir({ python: { ...smallTrack(), 'plans.yaml': plans }, go })
  const before = (path: string) => read(t.testdirName, path)
  const old = Object.fromEntries(
    [
      'python/roadmap.yaml',
      'python/projects/todo-app.yaml',
      'python/sources/guide.yaml',
      'python/skills/decorators.yaml',
      'python/plans.yaml',
      'go/skills/functions.yaml',
      'go/roadmap.yaml',
    ].map(path => [path, before(path)]),
  )
  const { out, err } = await rename(folder, 'functions', '404')
  t.equal(err, '')
  t.equal(out.split('\n').length, 8)
  t.throws(() => read(folder, 'python/skills/functions.yaml'), { code: 'ENOENT' })
  t.equal(
    read(folder, 'python/skills/404.yaml'),
    'title: Functions\nformerly: [functions]\nprerequisites: [variables]\nresources: [fluent-python]\n',
  )
  for (const [path, from, to] of [
    ['python/roadmap.yaml', 'functions]', '"404"]'],
    ['python/projects/todo-app.yaml', '[functions,', '["404",'],
    ['python/sources/guide.yaml', 'python.skill.functions', 'python.skill.404'],
    ['python/skills/decorators.yaml', "'functions'", "'404'"],
    ['python/plans.yaml', 'functions]', '"404"]'],
    ['go/skills/functions.yaml', '"python.functions"', '"python.404"'],
    ['go/roadmap.yaml', '', ''],
  ] as const)
    t.equal(read(folder, path), old[path]?.replace(from, to), path)
  const { tracks, findings } = await readFolder(folder)
  t.strictSame(findings, [])
  t.match(tracks[1]?.document.skills[1], { slug: '404', formerly: ['functions'] })
})

t.test('a skill renamed twice lists both earlier slugs, oldest first', async t => {
  const folder = t.testdir({ python: smallTrack() })
  await rename(folder, 'decorators', 'wrappers')
  await rename(folder, 'wrappers', 'decorating')
  t.match(
    read(folder, 'python/skills/decorating.yaml'),
    'title: Decorators\nformerly: [decorators, wrappers]\nkind: theoretical\n',
  )
  t.match(read(folder, 'python/sources/guide.yaml'), 'of: skill.decorating }')
  t.match((await rename(folder, 'functions', 'decorators')).err, 'never used again')
})

t.test('a skill may get an earlier slug back, and its first slug stays the first', async t => {
  const folder = t.testdir({ python: smallTrack() })
  const before = read(folder, 'python/roadmap.yaml')
  await rename(folder, 'decorators', 'decos')
  t.equal((await rename(folder, 'decos', 'decorators')).err, '')
  t.match(read(folder, 'python/skills/decorators.yaml'), 'title: Decorators\nformerly: [decorators, decos]\n')
  t.equal(read(folder, 'python/roadmap.yaml'), before)
  t.strictSame(await validationOutput(folder), [])
  t.equal((await rename(folder, 'decorators', 'decos')).err, '')
  t.match(read(folder, 'python/skills/decos.yaml'), 'formerly: [decorators, decos]\n')
  t.strictSame(await validationOutput(folder), [])
})

t.test('an earlier slug is added to an existing list in the style of the file', async t => {
  for (const [before, after] of [
    ['formerly: []', 'formerly: [functions]'],
    ['formerly:\n  - x # first', 'formerly:\n  - x # first\n  - functions'],
  ]) {
    const skills = { ...smallTrack().skills, 'functions.yaml': `title: F\n${before}\nresources: [fluent-python]\n` }
    const folder = t.testdir({ python: { ...smallTrack(), skills } })
    t.equal((await rename(folder, 'functions', 'f')).err, '')
    t.equal(read(folder, 'python/skills/f.yaml'), `title: F\n${after}\nresources: [fluent-python]\n`)
  }
})

t.test('rename skill needs no track if the folder has only one, and refuses an unknown one', async t => {
  const folder = t.testdir({ python: smallTrack() })
  t.equal((await run('rename', 'skill', 'functions', 'f', '--dir', folder)).err, '')
  t.match(read(folder, 'python/projects/todo-app.yaml'), 'skills: [f, decorators]')
  t.match((await run('rename', 'skill', 'a', 'b', '--track', 'pyton', '--dir', folder)).err, 'Did you mean "python"?')
})

t.test('rename skill refuses an unknown skill and a slug in use', async t => {
  const folder = t.testdir({ python: smallTrack() })
  for (const [from, to, words] of [
    ['function', 'x', `there is no skill "function" in ${folder}/python. Did you mean "functions"?`],
    ['zzz', 'x', `there is no skill "zzz" in ${folder}/python`],
    ['functions', 'variables', 'another skill has the slug "variables"'],
    ['functions', 'A B', 'for example "a-b"'],
  ] as const)
    t.match((await rename(folder, from, to)).err, words)
})

t.test('a change that fails to be written leaves all files unchanged', async t => {
  const folder = t.testdir({ python: smallTrack() })
  const roadmap = read(folder, 'python/roadmap.yaml')
  const functions = read(folder, 'python/skills/functions.yaml')
  // A folder stands where a file should come.
  mkdirSync(join(folder, 'python/skills/routines.yaml/x'), { recursive: true })
  t.match(await rename(folder, 'functions', 'routines'), {
    out: '',
    err: /^error: \S+\/routines\.yaml cannot be read or written: (it is a folder|a folder stands)[^\n]*\n$/,
    code: 1,
  })
  t.equal(read(folder, 'python/roadmap.yaml'), roadmap)
  t.equal(read(folder, 'python/skills/functions.yaml'), functions)
  t.strictSame(
    readdirSync(join(folder, 'python')).filter(name => name.startsWith('.')),
    [],
  )
  t.strictSame((await readFolder(folder)).findings, [])
})
