import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loadPyodide } from 'pyodide'
import t from 'tap'
import { readFolder } from '../src/content/read-folder.ts'
import { createParser } from '../src/text/markdown.ts'

const run = promisify(execFile)

/** The skills that introduce each construct: one of them has to be the skill itself or come before it. */
const introductions: Record<string, readonly string[]> = {
  import: ['python-syntax-and-repl'],
  'control flow': ['control-flow'],
  def: ['functions'],
  container: ['containers'],
  with: ['file-handling'],
  exceptions: ['basic-exception-handling'],
  class: ['basic-oop'],
  comprehension: ['list-comprehensions'],
  lambda: ['lambdas'],
  decorator: ['decorators', 'basic-flask-django-web-app'],
  '*args': ['decorators'],
  yield: ['generators'],
  annotation: ['type-hints'],
  await: ['asynchronous-programming-with-async-await'],
}

interface Inspected {
  error: string | null
  constructs: string[]
  /** Imported modules that do not come with Python. */
  packages: string[]
}

interface Block {
  skill: string
  source: string
  /** The first version of Python that accepts its syntax, as `[3, 12]`; from `since=3.12` after the word `python`. */
  since: number[]
  /** False for a server, which does not end, and for a part of a program; `run=no` after the word `python`. */
  runs: boolean
}

const seed = fileURLToPath(new URL('../seed', import.meta.url))
const { tracks } = await readFolder(seed)
const skills = tracks.find(({ document }) => document.track.slug === 'python')?.document.skills ?? []
const prerequisites = new Map(skills.map(skill => [`python.${skill.slug}`, skill.prerequisites]))

const withPrerequisites = (key: string, found = new Set<string>()): Set<string> => {
  if (!found.has(key)) {
    found.add(key)
    for (const one of prerequisites.get(key) ?? []) withPrerequisites(one, found)
  }
  return found
}

const blocks: Block[] = skills.flatMap(({ slug, notes }) =>
  createParser()
    .parse(notes ?? '', {})
    .filter(({ type, info }) => type === 'fence' && /^python\b/.test(info))
    .map(({ content, info }) => ({
      skill: slug,
      source: content,
      runs: !info.includes('run=no'),
      since: (/since=([\d.]+)/.exec(info)?.[1] ?? '3.0').split('.').map(Number),
    })),
)

const python = await loadPyodide({ indexURL: fileURLToPath(new URL('.', import.meta.resolve('pyodide'))) })
python.runPython(readFileSync(new URL('./fixtures/inspect_python.py', import.meta.url), 'utf8'))
const inspect = python.globals.get('inspect')
const inspected = new Map(blocks.map(block => [block, JSON.parse(inspect(block.source)) as Inspected]))

t.test('the Python code of the notes compiles', async t => {
  t.ok(blocks.length > 60)
  for (const block of blocks.filter(block => inspected.get(block)?.error))
    t.fail(`${block.skill}: ${inspected.get(block)?.error}`)
})

t.test('the code of a skill uses only what the skill or its prerequisites introduce', async t => {
  for (const names of Object.values(introductions))
    for (const name of names) t.ok(prerequisites.has(`python.${name}`), name)
  const early = blocks.flatMap(block => {
    const known = withPrerequisites(`python.${block.skill}`)
    return (inspected.get(block)?.constructs ?? [])
      .filter(construct => !introductions[construct]?.some(skill => known.has(`python.${skill}`)))
      .map(construct => `${block.skill}: ${construct}`)
  })
  t.same(early, [])
})

t.test('the code that needs nothing but Python runs', async t => {
  const { stdout } = await run('python3', ['-c', 'import sys; print(*sys.version_info[:2])'])
  const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number)
  const complete = blocks.filter(block => block.runs && inspected.get(block)?.packages.length === 0)
  const supported = complete.filter(({ since: [from = 0, version = 0] }) => major > from || minor >= version)
  const cwd = t.testdir()
  for (const { skill, source } of supported) {
    const failure = await run('python3', ['-c', source], { cwd, timeout: 20_000 }).then(
      () => null,
      (error: Error & { stderr: string }) => error.stderr || error.message,
    )
    t.equal(failure, null, skill)
  }
  t.comment(`${blocks.length} blocks, ${supported.length} of them run by Python ${major}.${minor}`)
})
