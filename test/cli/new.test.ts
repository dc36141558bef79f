import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { addNew } from '../../src/cli/new.ts'
import { fileKindList } from '../../src/content/file-kinds.ts'
import { fileKindOf } from '../../src/content/file-names.ts'
import { listFiles } from '../../src/content/folder.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { draftsOf } from '../../src/model/document.ts'
import { nouns } from '../../src/model/vocabulary.ts'
import { createRunner } from '../fixtures/command.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const run = createRunner(addNew)

const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8')

const messages = async (folder: string) => (await readFolder(folder)).findings.map(({ message }) => message)

t.test('new track writes a track with every kind of file, which has no mistakes and no warnings', async t => {
  const folder = join(t.testdir({}), 'tracks')
  const { out, err, code } = await run('new', 'track', 'web', '--title', 'Web: the basics', '--dir', folder)
  t.equal(code, 0)
  t.equal(err, `to see it: CONTENT=${folder} npm run -s curriculum -- serve --watch\n`)
  const paths = await listFiles(join(folder, 'web'))
  t.equal(out, paths.map(path => `wrote ${folder}/web/${path}\n`).join(''))
  t.strictSame(readdirSync(folder), ['web'])
  const { tracks, findings } = await readFolder(folder)
  t.strictSame(findings, [])
  const [track] = tracks
  t.equal(track?.document.track.title, 'Web: the basics')
  t.equal(track?.pictures.length, 1)
  t.strictSame(new Set(paths.map(fileKindOf)), new Set([...fileKindList, undefined]))
  for (const noun of nouns) t.not(track && draftsOf(track.document, noun).length, 0, noun)
  t.ok(track?.document.skills.some(({ prerequisites }) => prerequisites.length > 0))
  t.ok(track?.document.exercises.some(({ files }) => files.length > 0))
  for (const path of paths.filter(one => one.endsWith('.yaml'))) {
    const [first = '', second] = read(folder, `web/${path}`).split('\n')
    const schema = first.replace('# yaml-language-server: $schema=', '')
    t.ok(existsSync(join(folder, 'web', dirname(path), schema)), `${path} points editors to ${schema}`)
    t.match(second, /^# \S/, `${path} begins with a comment`)
  }
})

t.test('new track names all mistakes at once and writes nothing', async t => {
  const folder = t.testdir({
    python: { ...smallTrack(), 'track.yaml': 'title: Python\nformerly: [snakes]\n' },
    go: { skills: {} },
  })
  for (const [args, words] of [
    [[], ['2 mistakes, and nothing was written\n', '  the slug is missing\n', '  --title is missing\n']],
    [['--title', 'Über Web'], ['error: the slug is missing; for example "uber-web"\n']],
    [
      ['My Web', '--title', ''],
      ['"My Web" cannot be a slug', 'for example "my-web"', '--title must not be empty'],
    ],
    [['99', '--title', 'Bottles'], ['begin with a letter, such as python; for example "bottles"']],
    [
      ['an-introduction-to-web-development', '--title', 'W'],
      ['must have at most 24 characters; for example "an-introduction-to-web"'],
    ],
    [['python', '--title', 'P'], [`${folder}/python exists already: choose another slug`]],
    [
      ['snakes', '--title', 'S'],
      ['"snakes" was the slug of the track "python", and an earlier slug is never used again'],
    ],
    [
      ['web', '--title', 'W', '--dir', `${folder}/python`],
      [`${folder}/python is the folder of the track "python": name a folder of tracks with --dir`],
    ],
  ] as const) {
    const { out, err, code } = await run('new', 'track', '--dir', folder, ...args)
    for (const part of words) t.match(err, part)
    t.strictSame([out, code], ['', 1])
  }
  t.strictSame(readdirSync(folder), ['go', 'python'])
  writeFileSync(join(folder, 'file'), '')
  t.match(
    (await run('new', 'track', 'web', '--title', 'W', '--dir', `${folder}/file`)).err,
    'cannot be read or written: a folder in its path is a file\n',
  )
})

/** Creates a track in a folder, which it returns. */
const starter = async (folder: string): Promise<string> => {
  await run('new', 'track', 'web', '--title', 'Web', '--dir', folder)
  return folder
}

t.test('each kind of item can be added to a new track, which then has no mistakes', async t => {
  const folder = await starter(t.testdir({}))
  const add = async (...args: string[]) => {
    const { out, err } = await run('new', ...args, '--dir', folder)
    t.equal(err, '')
    return out.replaceAll(`wrote ${folder}/web/`, '').trim().split('\n')
  }
  t.strictSame(await add('category', 'forms', '--title', 'Forms', '--parent', 'first-category'), ['roadmap.yaml'])
  t.strictSame(await add('resource', 'mdn', '--title', 'MDN', '--kind', 'site', '--url', 'https://mdn.io/'), [
    'resources.yaml',
  ])
  t.strictSame(await add('plan', 'a-year', '--title', 'A year', '--kind', 'timeline', '--tier', 'beginner'), [
    'plans.yaml',
  ])
  t.strictSame(await add('project', 'shop', '--title', 'Shop', '--tier', 'intermediate'), [
    'projects/shop.yaml',
    'track.yaml',
  ])
  t.strictSame(
    await add(
      'exercise',
      'label',
      '--title',
      'Label',
      '--kind',
      'assignment',
      '--skill',
      'first-skill,third-skill',
      '--skill',
      'first-skill',
    ),
    ['exercises/label.yaml', 'track.yaml'],
  )
  t.strictSame(await add('exercise', 'quiz', '--title', 'Quiz', '--kind', 'quiz', '--skill', 'first-skill'), [
    'exercises/quiz.yaml',
    'track.yaml',
  ])
  t.strictSame(await add('skill', 'fields', '--title', 'Fields', '--category', 'forms', '--tier', 'beginner'), [
    'skills/fields.yaml',
    'roadmap.yaml',
  ])
  t.strictSame(await messages(folder), ['"Fields" has no resource to learn it from'])
  t.match(read(folder, 'web/resources.yaml'), '\n- slug: mdn\n  kind: site\n  title: MDN\n  url: https://mdn.io/\n')
  t.match(read(folder, 'web/plans.yaml'), '\n- slug: a-year\n  kind: timeline\n  title: A year\n  tier: beginner\n')
  t.match(
    read(folder, 'web/projects/shop.yaml'),
    /^# yaml-language-server: \$schema=\S+project.schema.json\ntitle: Shop\ntier: intermediate\n$/,
  )
  t.match(
    read(folder, 'web/exercises/label.yaml'),
    /\nkind: assignment\ntitle: Label\nskills: \[first-skill, third-skill\]\n$/,
  )
  t.match(
    read(folder, 'web/track.yaml'),
    '\nprojects: [first-project, shop]\nexercises: [first-exercise, first-quiz, label, quiz]\n',
  )
})

t.test('a category with a parent comes after the parent and all categories below it', async t => {
  const folder = await starter(t.testdir({}))
  const add = (slug: string, ...more: string[]) =>
    run('new', 'category', slug, '--title', 'C', '--dir', folder, ...more)
  const order = () => read(folder, 'web/roadmap.yaml').match(/(?<=- slug: ).*/g)
  await add('a', '--parent', 'first-category')
  await add('b', '--parent', 'a')
  await add('c', '--parent', 'first-category')
  t.strictSame(order(), ['first-category', 'a', 'b', 'c', 'second-category'])
  t.match(
    (await add('d', '--parent', 'b')).err,
    '"b" is on the third level, and categories nest on three levels at most',
  )
  await add('e', '--after', 'first-category')
  t.strictSame(order(), ['first-category', 'e', 'a', 'b', 'c', 'second-category'])
  t.strictSame(await messages(folder), [])
})

t.test('an item is placed after another one, and everything else in the file stays as it is', async t => {
  const list =
    '# ours\n- slug: one # the first\n  kind: book\n  title: "One"\n\n- { slug: two, kind: site, title: Two }\n'
  const folder = t.testdir({
    python: {
      ...smallTrack(),
      'resources.yaml': list.replace('one', 'fluent-python'),
      'track.yaml': 'title: Python\nsources: [guide]\nprojects:\n  # small\n  - todo-app # done\n  - other\n',
    },
  })
  const add = async (...args: string[]) => t.equal((await run('new', ...args, '--dir', folder)).err, '')
  await add('resource', 'new', '--title', 'New', '--kind', 'tool', '--after', 'fluent-python')
  t.equal(
    read(folder, 'python/resources.yaml'),
    list.replace('one', 'fluent-python').replace('\n\n', '\n\n- slug: new\n  kind: tool\n  title: New\n\n'),
  )
  await add('project', 'shop', '--title', 'Shop', '--after', 'todo-app')
  await add('project', 'other', '--title', 'Other')
  await add('exercise', 'count', '--title', 'Count', '--kind', 'exercise', '--skill', 'functions')
  t.equal(
    read(folder, 'python/track.yaml'),
    'title: Python\nsources: [guide]\nprojects:\n  # small\n  - todo-app # done\n  - shop\n  - other\nexercises: [count]\n',
  )
  await add('skill', 'constants', '--title', 'Constants', '--after', 'variables')
  t.match(read(folder, 'python/roadmap.yaml'), 'beginner: [variables, constants, functions]   # in this order\n')
  t.strictSame(await messages(folder), ['"Constants" has no resource to learn it from'])
})

t.test('a list file that does not exist is created', async t => {
  const folder = t.testdir({
    python: { 'track.yaml': 'title: P\n', 'roadmap.yaml': 'categories: [{ slug: c, title: C }]\n' },
  })
  await run('new', 'plan', 'p', '--title', 'P', '--kind', 'plan', '--dir', folder)
  t.match(
    read(folder, 'python/plans.yaml'),
    /^# yaml-language-server: \$schema=\S+plans.schema.json\n- slug: p\n {2}kind: plan\n {2}title: P\n$/,
  )
  t.strictSame(await messages(folder), [])
})

t.test('new names all mistakes at once, with suggestions, and writes nothing', async t => {
  const folder = await starter(t.testdir({}))
  writeFileSync(join(folder, 'web/plans.yaml'), '- slug: new\n  kind: plan\n  title: P\n  formerly: [old]\n')
  const before = await readFolder(folder)
  for (const [args, words] of [
    [
      ['skill', '--category', 'frist-category', '--tier', 'senior', '--title', 'Use of Forms'],
      [
        '3 mistakes, and nothing was written\n',
        '  the slug is missing; for example "use-of-forms"\n',
        '  there is no category "frist-category". Did you mean "first-category"?\n',
        '  there is no tier "senior": choose one of beginner, intermediate\n',
      ],
    ],
    [
      ['skill', 'x'],
      ['--title is missing', 'roadmap.yaml does not name this skill yet'],
    ],
    [
      ['skill', 'x', '--title', 'x'.repeat(301), '--after', 'frist-skill'],
      ['--title must have at most 300 characters', 'there is no skill "frist-skill". Did you mean "first-skill"?'],
    ],
    [
      ['skill', 'x', '--title', 'X', '--after', 'first-skill', '--tier', 'intermediate'],
      [
        'roadmap.yaml has "first-skill" in the category "first-category" and the tier "beginner": leave out --category and --tier, or name a skill of that cell with --after',
      ],
    ],
    [
      ['skill', 'first-skill', '--title', 'X', '--after', 'second-skill'],
      [
        'another skill has the slug "first-skill"',
        'roadmap.yaml names "first-skill" already: leave out --after, or move its line',
      ],
    ],
    [
      ['category', 'x', '--title', 'X', '--parent', 'y'],
      ['there is no category "y": choose one of first-category, second-category'],
    ],
    [
      ['exercise', 'x', '--title', 'X'],
      [
        '--kind is missing: it must be one of exercise, assignment, quiz',
        '--skill is missing: name a skill that it practises',
      ],
    ],
    [
      ['exercise', 'first-quiz', '--title', 'X', '--kind', 'quizz', '--skill', 'frist-skill,zzz'],
      [
        '4 mistakes',
        'another exercise has the slug "first-quiz": choose another one',
        'Did you mean "quiz"?',
        'Did you mean "first-skill"?',
        'there is no skill "zzz": choose one of',
      ],
    ],
    [
      ['resource', 'x', '--title', 'X', '--kind', 'site', '--url', 'example.org'],
      ['--url must begin with https:// or http://'],
    ],
    [
      ['plan', 'old', '--title', 'X', '--kind', 'plan'],
      ['"old" was the slug of "new", and an earlier slug is never used again'],
    ],
    [['plan', 'x'.repeat(51), '--title', 'X', '--kind', 'plan'], ['it must have at most 50 characters']],
    [
      ['plan', 'X', '--track', 'wep', '--kind', 'plan'],
      ['3 mistakes', 'there is no track "wep"', 'Did you mean "web"?', 'for example "x"', '--title is missing'],
    ],
  ] as const) {
    const { out, err, code } = await run('new', ...args, '--dir', folder)
    for (const part of words) t.ok(err.includes(part), `${args.join(' ')}: ${err}`)
    t.strictSame([out, code], ['', 1])
  }
  t.equal((await readFolder(folder)).tracks[0]?.hash, before.tracks[0]?.hash)
})

t.test('of very many names, a few are listed', async t => {
  const slugs = Array.from({ length: 30 }, (_, index) => `c${index + 10}`)
  const roadmap = `categories:\n${slugs.map(slug => `  - { slug: ${slug}, title: C }\n`).join('')}`
  const folder = t.testdir({ python: { 'track.yaml': 'title: P\n', 'roadmap.yaml': roadmap } })
  t.match(
    (await run('new', 'category', 'x', '--title', 'X', '--parent', 'zzz', '--dir', folder)).err,
    'there is no category "zzz": choose one of c10, c11, c12 and 27 more\n',
  )
})

t.test('a track without projects has none to choose from', async t => {
  const folder = t.testdir({ python: { 'track.yaml': 'title: P\n', 'roadmap.yaml': 'categories: []\n' } })
  t.match(
    (await run('new', 'project', 'x', '--title', 'X', '--after', 'y', '--dir', folder)).err,
    'there is no project "y": there are none yet\n',
  )
})

t.test(
  'a track is named only if the folder has several, and the folder is that of CONTENT unless --dir names one',
  async t => {
    const folder = t.testdir({ python: smallTrack(), go: smallTrack() })
    t.match(
      (await run('new', 'category', 'x', '--title', 'X', '--dir', folder)).err,
      `${folder} has several tracks: name one with --track, of go, python\n`,
    )
    t.match(
      (await run('new', 'category', 'x', '--title', 'X', '--dir', `${folder}/none`)).err,
      `there is no track in ${folder}/none: create one with "new track"`,
    )
    const { CONTENT } = process.env
    process.env.CONTENT = join(folder, 'go')
    t.teardown(() => {
      if (CONTENT === undefined) delete process.env.CONTENT
      else process.env.CONTENT = CONTENT
    })
    t.equal((await run('new', 'category', 'x', '--title', 'X')).out, `wrote ${folder}/go/roadmap.yaml\n`)
  },
)

t.test('categories that form a cycle do not prevent a new one', async t => {
  const folder = t.testdir({
    python: {
      'track.yaml': 'title: P\n',
      'roadmap.yaml': 'categories:\n  - { slug: a, title: A, parent: b }\n  - { slug: b, title: B, parent: a }\n',
    },
  })
  t.match(
    (await run('new', 'category', 'c', '--title', 'C', '--parent', 'a', '--dir', folder)).err,
    '"a" is on the third level',
  )
  t.equal((await run('new', 'category', 'c', '--title', 'C', '--dir', folder)).err, '')
})

t.test('the files of an exercise can be there before it', async t => {
  const folder = await starter(t.testdir({}))
  mkdirSync(join(folder, 'web/exercises/early/test'), { recursive: true })
  writeFileSync(join(folder, 'web/exercises/early/test/x.txt'), 'x')
  t.equal(
    (
      await run(
        'new',
        'exercise',
        'early',
        '--title',
        'E',
        '--kind',
        'exercise',
        '--skill',
        'first-skill',
        '--dir',
        folder,
      )
    ).err,
    '',
  )
  t.strictSame(await messages(folder), [])
})
