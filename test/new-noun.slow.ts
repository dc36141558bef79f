import { execFile } from 'node:child_process'
import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { serve } from './fixtures/service.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

/** Puts text in front of an anchor that stands in the file once. */
type Edit = [file: string, anchor: string, text: string]

const lessonModel = `import { z } from 'zod'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { listOf, orNull, Text, Title } from './text.ts'

export const Lesson = z
  .strictObject({
    ...identityFields,
    title: Title.meta({ description: 'Its title.' }),
    summary: orNull(Text).meta({ description: 'Its content in a sentence.' }),
    skills: listOf(refTo('skill')).meta({ description: 'Keys of the skills it teaches.' }),
    ...mentionFields,
  })
  .meta({ id: 'Lesson', description: 'A unit of teaching.' })
`

const lessonFile = `title: First steps
summary: A quokka greets the world.
skills: [decorators, generators]
`

/** The noun itself: its words, and its zod object. */
const noun: Edit[] = [
  ['src/model/vocabulary.ts', '} as const\n', `  lesson: 'lessons',\n`],
  ['src/model/curriculum.ts', 'import { Plan }', `import { Lesson } from './lesson.ts'\n`],
  ['src/model/curriculum.ts', '} as const satisfies', '  lesson: Lesson,\n'],
]

/** One row in every table that has a row per noun. */
const rows: Edit[] = [
  [
    'src/store/tables.ts',
    '/** The table of each noun. */',
    `export const lessons = sqliteTable('lessons', { ...columnsInTrack(), summary: text() }, table => orderIndexes('lessons', table))
export const lessonSkills = link('lesson_skills', () => lessons.key, () => skills.key)
`,
  ],
  ['src/store/tables.ts', '} as const satisfies Record<Noun', '  lesson: lessons,\n'],
  ['src/store/links.ts', '  projectResources,\n', '  lessonSkills,\n'],
  ['src/store/links.ts', '}\n\n/** The link table behind', '  lesson: { skills: lessonSkills },\n'],
  ['src/store/links.ts', '}\n\n/** Links whose two ends', '  lesson: {},\n'],
  [
    'src/content/file-kinds.ts',
    '}\n\n/** The nouns with one file per entry',
    `  lesson: folderKind('lesson', 'track.yaml', 'A lesson.'),\n`,
  ],
  ['src/model/logged-fields.ts', '} as const satisfies', '  lesson: [],\n'],
  ['src/rest/items.ts', '}\n', `  lesson: '/v1/lessons/python.a-lesson',\n`],
  ['src/web/track/sections.ts', '}\n\nconst order', '  lesson: null,\n'],
  ['src/web/content/item-view.ts', '  }\n  return createTrackView', '    lessons: [],\n'],
  ['src/web/messages/en.ts', '}\n\n/**', `  lesson: 'Lesson',\n`],
  ['src/web/messages/de.ts', "      checklist: 'Checkliste',\n", `      lesson: 'Lektion',\n`],
  ['src/exports/export.ts', '  }\n}\n', '    lessons: document.lessons.filter(isFromSource),\n'],
  ['src/exports/markdown-roadmap.ts', '}\n\n/** Returns the title of a skill or project', `  lesson: () => [],\n`],
  ['src/exports/changed-rows.ts', '}\n\nconst shownNouns', '  lesson: null,\n'],
  ['src/exports/cartridge-resources.ts', '}\n\ntype Titled', '  lesson: null,\n'],
  ['src/case/vocabulary.ts', '} as const satisfies { readonly', '  lesson: null,\n'],
]

t.test('a new noun needs its zod object and one row in each table that the compiler names', async t => {
  const folder = t.testdir()
  const at = (...path: string[]) => join(folder, ...path)
  for (const name of ['src', 'dist', 'migrations', 'seed', 'package.json', 'tsconfig.json'])
    await cp(join(root, name), at(name), { recursive: true })
  await writeFile(at('tsconfig.json'), (await readFile(at('tsconfig.json'), 'utf8')).replace(', "test", "bench"', ''))
  const bin = (name: string) => join(root, 'node_modules', name)
  const typecheck = async (): Promise<string> => {
    // The test runner puts module hooks into NODE_OPTIONS, which the compiler does not survive.
    const command = ['-u', 'NODE_OPTIONS', process.execPath, bin('typescript7/bin/tsc'), '-p', folder]
    const { stdout, stderr } = await run('env', command).catch(failure => failure)
    t.equal(stderr, '')
    return stdout
  }

  await writeFile(at('src/model/lesson.ts'), lessonModel)
  await edit(folder, noun)
  const missing = (await typecheck())
    .split(/\n(?! )/)
    .filter(error => /error TS(2741|2322)/.test(error) && /'lessons?'/.test(error))
    .map(error => error.slice(error.indexOf('src/'), error.indexOf('(')))
  t.same(
    new Set(missing),
    new Set(rows.map(([file]) => file)),
    'the compiler names every table without a row for the noun',
  )

  await edit(folder, rows)
  t.equal(await typecheck(), '', 'with these rows everything compiles')
  const migration = ['generate', '--dialect', 'sqlite', '--schema', 'src/store/tables.ts', '--out', 'migrations']
  await run(process.execPath, [bin('drizzle-kit/bin.cjs'), ...migration, '--casing', 'snake_case'], {
    cwd: folder,
  })

  await mkdir(at('seed/python/lessons'))
  await writeFile(at('seed/python/lessons/a-lesson.yaml'), lessonFile)
  await appendFile(at('seed/python/track.yaml'), 'lessons: [a-lesson]\n')
  const generate = "import('./src/cli/contracts.ts').then(({ writeContracts }) => writeContracts('.'))"
  await run(process.execPath, ['-e', generate], { cwd: folder })

  const { address } = serve(t, folder, { program: at('src/main.js'), env: { CONTENT: at('seed') } })
  const url = await address()
  const json = async (path: string, init?: RequestInit) => (await fetch(`${url}${path}`, init)).json()
  const lesson = await json('/v1/lessons/python.a-lesson?include=skills')
  t.match(lesson, { title: 'First steps', skills: ['python.decorators', 'python.generators'], mentions: [] })
  t.equal(lesson.included.skills.length, 2)
  t.match(await json('/v1/lessons?skill=python.generators'), { data: [{ key: 'python.a-lesson' }] })
  t.match(await json('/v1/search?q=quokka'), { data: [{ noun: 'lesson', key: 'python.a-lesson' }] })
  t.match(await json('/v1/changes?types=lesson'), { data: [{ type: 'lesson', op: 'upsert' }] })
  t.match(await json('/v1/tracks/python/document'), { lessons: [{ key: 'python.a-lesson' }] })
  const query = '{ lesson(ref: "python.a-lesson") { title skills { title } } track(ref: "python") { lessons { key } } }'
  t.match(
    await json('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
    { data: { lesson: { skills: [{ title: 'Decorators' }, { title: 'Generators' }] }, track: { lessons: [{}] } } },
  )
  const { paths, components } = await json('/openapi.json')
  t.ok(paths['/v1/lessons'] && paths['/v1/lessons/{ref}'].put && components.schemas.Lesson)
  const lines = (await (await fetch(`${url}/v1/tracks/python/export/ndjson`)).text()).trim().split('\n')
  const types = lines.map(line => JSON.parse(line).type)
  t.ok(types.indexOf('lesson') > types.lastIndexOf('skill'), 'NDJSON has lessons after the skills they refer to')

  const program = [at('src/main.js'), 'export', 'files', '--track', 'python', '--output', at('exported')]
  await run(process.execPath, program, { env: { ...process.env, DATABASE_URL: `file:${at('curriculum.db')}` } })
  const exported = await readFile(at('exported/python/lessons/a-lesson.yaml'), 'utf8')
  t.equal(exported.replace(/^# yaml-language-server.*\n/, ''), lessonFile)
})

const edit = async (folder: string, edits: Edit[]): Promise<void> => {
  for (const [file, anchor, text] of edits) {
    const before = await readFile(join(folder, file), 'utf8')
    const place = file === 'src/rest/items.ts' ? before.lastIndexOf(anchor) : before.indexOf(anchor)
    if (place < 0) throw new Error(`${file} has no ${anchor}`)
    await writeFile(join(folder, file), before.slice(0, place) + text + before.slice(place))
  }
}
