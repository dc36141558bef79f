import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { addDiff } from '../src/cli/diff.ts'
import { addExport } from '../src/cli/export.ts'
import { addKeys } from '../src/cli/keys.ts'
import { addLoad } from '../src/cli/load.ts'
import { addNewSkill } from '../src/cli/new-skill.ts'
import { addRenameSkill } from '../src/cli/rename-skill.ts'
import { addServe } from '../src/cli/serve.ts'
import { addStats } from '../src/cli/stats.ts'
import { addValidate } from '../src/cli/validate.ts'
import { Config } from '../src/config.ts'
import { failures } from '../src/errors.ts'
import { nouns, plurals } from '../src/model/vocabulary.ts'
import { sharedResponses } from '../src/rest/openapi-responses.ts'
import { adminKey, testApp } from './fixtures/app.ts'

const file = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const readme = file('README.md')

/** Fenced blocks in order. */
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}))

/** Every block that asks something, with the block of its answer. */
const examples = blocks.flatMap(({ language, text }, index) => {
  const answer = blocks[index + 1] ?? { language: '', text: '' }
  if (language === 'graphql') return [{ ask: text, request: graphql(text), answer }]
  return language === 'sh' && text.startsWith('curl ') ? [{ ask: text, request: curl(text), answer }] : []
})

t.test('every request of the README has the answer that stands below it', async t => {
  const { app } = await testApp(t)
  t.ok(examples.length > 10)
  for (const { ask, request, answer } of examples) {
    if (answer.language === 'http') await compareHead(t, app, request, answer.text)
    else {
      const actual: unknown = (await app.inject(await tagged(app, request))).json()
      t.equal(answer.language, 'json', ask)
      t.same(differences(JSON.parse(answer.text), actual), [], ask)
    }
  }
})

t.test('the README shows a request of every noun, by id or key', async t => {
  for (const noun of nouns)
    t.ok(
      examples.some(({ ask }) => ask.includes(`localhost:3000/v1/${plurals[noun]}/`)),
      noun,
    )
})

t.test('the README promises as much as is shipped', async t => {
  const { catalog } = await testApp(t)
  t.ok(readme.includes(`${await catalog.count('category', {})} categories, ${await catalog.count('skill', {})} skills`))
})

t.test('what an example leaves out is told from what it gets wrong', async t => {
  for (const [expected, actual, count] of [
    [{ a: 1, '…': '…' }, { a: 1, b: 2 }, 0],
    [{ a: 1, '…': '…' }, { a: 1 }, 1],
    [{ a: 1 }, { a: 1, b: 2 }, 1],
    [{ a: 1, '…': '…' }, { a: 2, b: 2 }, 1],
    [{ a: '…' }, {}, 1],
    [[1, '…'], [1, 2], 0],
    [[1, '…'], [1], 1],
    [[1], [1, 2], 1],
    [['…'], 'text', 1],
    [{ a: null }, null, 1],
    ['be…', 'begins', 0],
    ['be…', 'ends', 1],
    ['…', 7, 0],
    [7, 7, 0],
    ['7', 7, 1],
  ] as const)
    t.equal(differences(expected, actual).length, count, `${JSON.stringify(expected)} for ${JSON.stringify(actual)}`)
})

t.test('the README lists every variable of the environment with its default and meaning', async t => {
  for (const [name, field] of Object.entries(Config.shape)) {
    const { data } = field.safeParse(undefined)
    const standard = String(data ?? '') === '' ? '' : `\`${data}\``
    t.ok(readme.includes(`| \`${name}\` | ${standard} | ${field.description} |`), name)
  }
})

/** A problem as OpenAPI shows it. */
const Refusal = z
  .object({
    content: z.object({
      'application/problem+json': z.object({ example: z.object({ code: z.string(), status: z.int() }) }),
    }),
  })
  .transform(({ content }) => content['application/problem+json'].example)

t.test('the README lists every error code with its statuses and meaning', async t => {
  const answered = Object.values(sharedResponses()).flatMap(response => Refusal.safeParse(response).data ?? [])
  for (const [code, { status, title }] of Object.entries(failures)) {
    const statuses = new Set([status, ...answered.filter(one => one.code === code).map(one => one.status)])
    t.ok(readme.includes(`| \`${code}\` | ${[...statuses].sort().join(', ')} | ${title} |`), code)
  }
})

t.test('the README lists every command there is, and no other', async t => {
  const listed = [...readme.matchAll(/^\| `([a-z ]+?)(?: [[<-].*?)?` \| [^|]+ \|$/gm)].map(([, name]) => name)
  t.same(listed.sort(), commands().sort())
})

t.test('the README has service managers start what the image starts', async t => {
  const lists = /^ENTRYPOINT (\[.*\])\nCMD (\[.*\])$/m.exec(file('Dockerfile'))?.slice(1) ?? []
  const words = lists.flatMap(list => JSON.parse(list) as string[])
  t.ok(readme.includes(`let a service manager start \`${words.join(' ')}\``))
})

t.test('the README names every option that a command cannot do without', async t => {
  const program = new Command()
  for (const add of [
    addExport,
    addNewSkill,
    addRenameSkill,
    addServe,
    addLoad,
    addValidate,
    addDiff,
    addStats,
    addKeys,
  ])
    add(program)
  for (const command of program.commands.flatMap(one => (one.commands.length === 0 ? [one] : one.commands))) {
    const name = `${command.parent === program ? '' : `${command.parent?.name()} `}${command.name()}`
    const needed = command.options.filter(({ mandatory, required }) => mandatory && required).map(({ long }) => long)
    const [row = ''] = new RegExp(`^\\| \`${name}[ \`].*`, 'm').exec(readme) ?? []
    for (const option of needed) t.ok(row.includes(` ${option} `), `${name} ${option}`)
    t.not(row, '', name)
  }
})

t.test('the README shows the typed client as it is compiled', async t => {
  t.ok(readme.includes(`\`\`\`ts\n${file('docs/typed-client.ts').trimEnd()}\n\`\`\``))
})

t.test('every file and heading that the documents link to is there', async t => {
  for (const path of [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'docs/authors.md',
    'docs/writing.md',
    'docs/following.md',
    'docs/case.md',
    'docs/operating.md',
    'docs/runbook.md',
    'docs/faults.md',
    'docs/observability.md',
    'docs/moodle.md',
    'docs/canvas.md',
    'docs/other-platforms.md',
  ]) {
    const text = file(path)
    // An example of a link is code.
    const prose = text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`/gm, '')
    for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [name = '', heading] = target.split('#')
      const there = new URL(name, new URL(`../${path}`, import.meta.url))
      if (heading === undefined) t.ok(existsSync(there), `${path} links to ${target}`)
      else
        t.ok(headings(name === '' ? text : readFileSync(there, 'utf8')).includes(heading), `${path} links to ${target}`)
    }
  }
})

/** The request that a block of curl makes, with the options that the README uses. */
function curl(text: string): InjectOptions {
  const [, ...words] = [...text.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double?.replace('$KEY', adminKey) ?? bare ?? '',
  )
  const headers: Record<string, string> = {}
  const request: InjectOptions = { headers }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-s' || word === '-si') continue
    if (word === '-H') {
      const [name = '', value = ''] = words.shift()?.split(': ') ?? []
      headers[name.toLowerCase()] = value
    } else if (word === '-X') Object.assign(request, { method: words.shift() })
    else if (word === '--json') {
      request.method ??= 'POST'
      request.payload = words.shift() ?? ''
      headers['content-type'] = 'application/json'
    } else request.url = word.replace(/^localhost:3000/, '')
  }
  return request
}

function graphql(query: string): InjectOptions {
  return { method: 'POST', url: '/graphql', payload: { query } }
}

/** `"…"` in a header sent stands for the ETag of what is there. */
async function tagged(app: FastifyInstance, request: InjectOptions): Promise<InjectOptions> {
  const { etag } = (await app.inject({ url: request.url ?? '' })).headers
  const sent = Object.entries(request.headers ?? {}).map(([name, value]) => [name, value === '"…"' ? etag : value])
  return { ...request, headers: Object.fromEntries(sent) }
}

/** `…` in a header received stands for anything. */
async function compareHead(t: Test, app: FastifyInstance, request: InjectOptions, head: string): Promise<void> {
  const response = await app.inject(await tagged(app, request))
  const [status, ...lines] = head.trimEnd().split('\n')
  t.equal(status, `HTTP/1.1 ${response.statusCode} ${response.statusMessage}`)
  for (const line of lines) {
    const [name = '', value = ''] = line.split(': ')
    const received = String(response.headers[name] ?? '')
    t.ok(value.includes('…') ? received !== '' : value === received, `${line}; received ${received}`)
  }
}

/** Where an answer is not what an example says. `"…"` at the end of a list, of an object or of a text stands for more of it, alone for anything. */
function differences(expected: unknown, actual: unknown, at = '$'): string[] {
  const different = [`${at} is ${JSON.stringify(actual)?.slice(0, 200)}`]
  if (expected === '…') return actual === undefined ? different : []
  if (
    typeof expected === 'string' &&
    expected.endsWith('…') &&
    typeof actual === 'string' &&
    actual.startsWith(expected.slice(0, -1))
  )
    return []
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null)
    return expected === actual ? [] : different
  if (Array.isArray(expected) !== Array.isArray(actual)) return different
  const cut = Array.isArray(expected) ? expected.at(-1) === '…' : '…' in expected
  const shown = Object.entries(expected).filter(
    ([name, value]) =>
      !(cut && (Array.isArray(expected) ? Number(name) === expected.length - 1 && value === '…' : name === '…')),
  )
  const held = new Map(Object.entries(actual))
  if (cut ? held.size <= shown.length : held.size !== shown.length) return [`${at} has ${[...held.keys()].join(', ')}`]
  return shown.flatMap(([name, value]) => differences(value, held.get(name), `${at}.${name}`))
}

/** The names of all commands that do something, found as a person finds them: in the help. */
function commands(above: string[] = []): string[] {
  const main = fileURLToPath(new URL('../src/main.js', import.meta.url))
  const help = execFileSync(process.execPath, [main, ...above, '--help'], { encoding: 'utf8' })
  const below = [...(help.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name = '']) => name)
    .filter(name => name !== 'help')
  return below.length === 0 ? [above.join(' ')] : below.flatMap(name => commands([...above, name]))
}

/** The anchors that headings get on the web. */
function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
