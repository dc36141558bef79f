import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Command } from 'commander'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { commands } from '../src/cli/commands.ts'
import { Config } from '../src/config.ts'
import { failures } from '../src/errors.ts'
import { nouns, plurals } from '../src/model/vocabulary.ts'
import { sharedResponses } from '../src/rest/openapi-responses.ts'
import { adminKey, testApp } from './fixtures/app.ts'

const file = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** The README and all documents. */
const documents = ['README.md', ...readdirSync(new URL('../docs', import.meta.url)).map(name => `docs/${name}`)].filter(
  name => name.endsWith('.md'),
)

/** The fenced blocks of a document, in order. */
const blocksOf = (path: string) =>
  [...file(path).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({ language, text }))

/** The requests of a document that are followed by a response. */
const examplesIn = (path: string) =>
  blocksOf(path).flatMap(({ language, text }, index, blocks) => {
    const response = blocks[index + 1]
    if (response?.language !== 'json' && response?.language !== 'http') return []
    if (language === 'graphql') return [{ text, request: graphql(text), response }]
    return language === 'sh' && text.startsWith('curl ') ? [{ text, request: curl(text), response }] : []
  })

t.test('every request in the documents has the response that follows it', async t => {
  const { app } = await testApp(t)
  for (const path of documents)
    for (const { text, request, response } of examplesIn(path)) {
      const name = `${path}: ${text}`
      if (response.language === 'http') await compareHead(t, app, request, response.text)
      else
        t.same(differences(JSON.parse(response.text), (await app.inject(await tagged(app, request))).json()), [], name)
    }
  for (const [path, count] of [
    ['README.md', 3],
    ['docs/api.md', 20],
    ['docs/graphql.md', 2],
    ['docs/errors.md', 1],
  ] as const)
    t.ok(examplesIn(path).length >= count, `${path} has examples`)
})

t.test('docs/api.md shows a request of every noun, by id or key', async t => {
  const requests = examplesIn('docs/api.md').map(({ text }) => text)
  for (const noun of nouns)
    t.ok(
      requests.some(text => text.includes(`localhost:3000/v1/${plurals[noun]}/`)),
      noun,
    )
})

t.test('the README is a front page of at most 180 lines, and names what is shipped', async t => {
  const readme = file('README.md')
  const { catalog } = await testApp(t)
  t.ok(readme.split('\n').length <= 181)
  t.ok(readme.includes(`${await catalog.count('category', {})} categories, ${await catalog.count('skill', {})} skills`))
})

t.test('docs/README.md links to every document', async t => {
  const index = file('docs/README.md')
  for (const path of documents) {
    const name = path.replace(/^docs\//, '')
    if (name !== 'README.md') t.ok(index.includes(`](${name})`), name)
  }
})

t.test('an example may omit fields, but every field in it is correct', async t => {
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

t.test('docs/configuration.md lists every variable of the environment with its default and meaning', async t => {
  const configuration = file('docs/configuration.md')
  for (const [name, field] of Object.entries(Config.shape)) {
    const { data } = field.safeParse(undefined)
    const standard = String(data ?? '') === '' ? '' : `\`${data}\``
    t.ok(configuration.includes(`| \`${name}\` | ${standard} | ${field.description} |`), name)
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

t.test('docs/errors.md lists every error code with its statuses and meaning', async t => {
  const errors = file('docs/errors.md')
  const documented = Object.values(sharedResponses()).flatMap(response => Refusal.safeParse(response).data ?? [])
  for (const [code, { status, title }] of Object.entries(failures)) {
    const statuses = new Set([status, ...documented.filter(one => one.code === code).map(one => one.status)])
    t.ok(errors.includes(`| \`${code}\` | ${[...statuses].sort().join(', ')} | ${title} |`), code)
  }
})

t.test('docs/cli.md lists every command, and no other', async t => {
  const listed = [...file('docs/cli.md').matchAll(/^\| `([a-z ]+?)(?: [[<-].*?)?` \| [^|]+ \|$/gm)].map(
    ([, name]) => name,
  )
  const names = commandsOf(await programWithAllCommands()).map(({ name }) => name)
  t.same(listed.sort(), names.sort())
})

t.test('docs/configuration.md names the same start command as the image', async t => {
  const lists = /^ENTRYPOINT (\[.*\])\nCMD (\[.*\])$/m.exec(file('Dockerfile'))?.slice(1) ?? []
  const words = lists.flatMap(list => JSON.parse(list) as string[])
  t.match(file('docs/configuration.md'), `let a service manager start\n\`${words.join(' ')}\``)
})

t.test('docs/cli.md names every required option of a command', async t => {
  const cli = file('docs/cli.md')
  const program = await programWithAllCommands()
  for (const { name, command } of commandsOf(program)) {
    const needed = command.options.filter(({ mandatory, required }) => mandatory && required).map(({ long }) => long)
    const [row = ''] = new RegExp(`^\\| \`${name}[ \`].*`, 'm').exec(cli) ?? []
    for (const option of needed) t.ok(row.includes(` ${option} `), `${name} ${option}`)
    t.not(row, '', name)
  }
})

t.test('docs/api.md shows the typed client that the tests compile', async t => {
  t.ok(file('docs/api.md').includes(`\`\`\`ts\n${file('docs/typed-client.ts').trimEnd()}\n\`\`\``))
})

t.test('every file and heading that the documents link to exists', async t => {
  for (const path of [...documents, 'CONTRIBUTING.md', 'CHANGELOG.md']) {
    const text = file(path)
    // An example of a link is code.
    const prose = text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`/gm, '')
    for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [name = '', heading] = target.split('#')
      const address = new URL(name, new URL(`../${path}`, import.meta.url))
      if (heading === undefined) t.ok(existsSync(address), `${path} links to ${target}`)
      else
        t.ok(
          headings(name === '' ? text : readFileSync(address, 'utf8')).includes(heading),
          `${path} links to ${target}`,
        )
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

/** Replaces `"…"` in a request header by the current ETag. */
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

/** Returns the first difference between a response and an example. `"…"` matches the rest of a list, object or text; alone it matches anything. */
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
  const fields = new Map(Object.entries(actual))
  if (cut ? fields.size <= shown.length : fields.size !== shown.length)
    return [`${at} has ${[...fields.keys()].join(', ')}`]
  return shown.flatMap(([name, value]) => differences(value, fields.get(name), `${at}.${name}`))
}

async function programWithAllCommands(): Promise<Command> {
  const program = new Command()
  for (const add of Object.values(commands)) (await add())(program)
  return program
}

/** The commands that do something, by their full name. */
function commandsOf(program: Command): { name: string; command: Command }[] {
  return program.commands.flatMap(command =>
    command.commands.length === 0
      ? [{ name: command.name(), command }]
      : command.commands.map(one => ({ name: `${command.name()} ${one.name()}`, command: one })),
  )
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
