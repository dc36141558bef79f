import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** The files at the root of src: the entry points and the contract. Every folder may import the last two. */
const root = ['main.js', 'app.ts', 'config.ts', 'catalog.ts', 'errors.ts']

/** Files that any folder may import: the diagnostics channels, which import nothing themselves. */
const everywhere = ['runtime/diagnostics.ts']

/** The folders that the files of each folder may import, beside their own, and the packages where these are bounded. */
const allowed: Record<string, { imports: readonly string[]; packages?: RegExp }> = {
  model: { imports: [], packages: /^(zod|node:module|node:crypto)$/ },
  text: { imports: [], packages: /^(fast-xml-parser|markdown-it|sanitize-html|yaml|node:crypto|node:module)$/ },
  query: { imports: ['model', 'text', 'catalog.ts', 'errors.ts'] },
  // Importers compare values with those that exports write.
  content: { imports: ['model', 'text', 'query', 'exports', 'case', 'catalog.ts', 'errors.ts'] },
  store: {
    imports: ['model', 'text', 'catalog.ts', 'errors.ts'],
    packages: /^(drizzle-orm|better-sqlite3|@libsql\/hrana-client|uuid|lru-cache|node:)/,
  },
  write: { imports: ['model', 'text', 'query', 'catalog.ts', 'errors.ts'] },
  http: { imports: ['model', 'text', 'query', 'catalog.ts', 'errors.ts'] },
  exports: { imports: ['model', 'text', 'query', 'catalog.ts', 'errors.ts'] },
  rest: { imports: ['model', 'query', 'http', 'exports', 'catalog.ts', 'errors.ts'] },
  graphql: { imports: ['model', 'text', 'query', 'http', 'catalog.ts', 'errors.ts'] },
  case: { imports: ['model', 'query', 'http', 'catalog.ts', 'errors.ts'] },
  web: { imports: ['model', 'text', 'query', 'http', 'catalog.ts', 'errors.ts'] },
  'lms-sync': { imports: ['model', 'exports', 'errors.ts'] },
  // `..` is package.json.
  runtime: { imports: ['model', 'http', 'config.ts', '..'] },
  // Commands put everything together.
  cli: {
    imports: [
      ...root,
      '..',
      'content',
      'exports',
      'graphql',
      'http',
      'lms-sync',
      'model',
      'query',
      'rest',
      'runtime',
      'store',
      'web',
      'write',
    ],
  },
}

/** The TypeScript files of src, with their text. */
const sources = async (): Promise<Map<string, string>> => {
  const files = new Map<string, string>()
  for (const name of await readdir(src, { recursive: true }))
    if (name.endsWith('.ts')) files.set(name, await readFile(join(src, name), 'utf8'))
  return files
}

/** Returns the imports of a file: files by their path in src, packages by their name. */
const importsOf = (name: string, text: string): { files: string[]; packages: string[] } => {
  const imported = [...text.matchAll(/(?:^(?:import|export|\})[^'\n]*\bfrom |\bimport\()'([^'\n]+)'/gm)].map(
    ([, specifier]) => String(specifier),
  )
  return {
    files: imported.filter(one => one.startsWith('.')).map(one => relative(src, join(src, dirname(name), one))),
    packages: imported.filter(one => !one.startsWith('.')),
  }
}

t.test('src holds the entry points, the contract and one folder per part', async t => {
  const entries = await readdir(src, { withFileTypes: true })
  t.same(
    entries
      .filter(entry => entry.isFile())
      .map(({ name }) => name)
      .sort(),
    [...root].sort(),
  )
  t.same(
    entries
      .filter(entry => entry.isDirectory())
      .map(({ name }) => name)
      .sort(),
    Object.keys(allowed).sort(),
  )
})

t.test('imports go one way', async t => {
  for (const [name, text] of await sources()) {
    const folder = String(name.split('/')[0])
    const rule = allowed[folder]
    if (rule === undefined) continue
    const { files, packages } = importsOf(name, text)
    for (const file of files) {
      const target = String(file.split('/')[0])
      t.ok(
        target === folder || rule.imports.includes(target) || everywhere.includes(file),
        `${name} may import ${file}`,
      )
    }
    if (rule.packages) for (const one of packages) t.match(one, rule.packages, `${name} may import ${one}`)
  }
})

t.test('no file imports itself through others', async t => {
  const imports = new Map([...(await sources())].map(([name, text]) => [name, importsOf(name, text).files]))
  t.same(cycleIn(imports), [])
  t.same(
    cycleIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
    ['b', 'c', 'b'],
    'a cycle is found',
  )
})

t.test('no folder of src/web imports itself through others', async t => {
  const imports = new Map<string, string[]>()
  for (const [name, text] of await sources())
    for (const folder of folderOfWeb(name)) {
      const others = importsOf(name, text).files.flatMap(folderOfWeb)
      imports.set(folder, [...(imports.get(folder) ?? []), ...others.filter(other => other !== folder)])
    }
  t.ok(imports.has('track'))
  t.same(cycleIn(imports), [])
})

/** Returns the folder of a file in src/web; nothing for other files. */
const folderOfWeb = (name: string): string[] => {
  const folder = /^web\/([^/]+)\//.exec(name)?.[1]
  return folder === undefined ? [] : [folder]
}

/** Returns the first cycle of imports, from a file to the same file; empty when there is none. */
const cycleIn = (imports: ReadonlyMap<string, readonly string[]>): string[] => {
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (finished.has(file)) return []
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next, [...path, file])
      if (cycle.length > 0) return cycle
    }
    finished.add(file)
    return []
  }
  for (const file of imports.keys()) {
    const cycle = visit(file, [])
    if (cycle.length > 0) return cycle
  }
  return []
}

t.test('the folders of test are those of src', async t => {
  const tests = fileURLToPath(new URL('.', import.meta.url))
  const folders = (await readdir(tests, { withFileTypes: true })).filter(entry => entry.isDirectory())
  const others = ['browser', 'faults', 'fixtures', 'hostile']
  for (const { name } of folders) t.ok(name in allowed || others.includes(name), `test/${name} is a folder of src`)
})

/** The files that use better-sqlite3 or libSQL's client. */
const driver = [
  'store/better-sqlite3.ts',
  'store/better-sqlite3-writer.ts',
  'store/database-file.ts',
  'store/backup.ts',
  'store/follow-replaced-file.ts',
  'store/libsql.ts',
]

t.test(
  'only the driver runs statements without a query builder, and only the configuration reads the environment',
  async t => {
    for (const [name, text] of await sources()) {
      // Keeps SQLite's temporary data in memory.
      if (name !== 'store/database-file.ts') t.notMatch(text, /new Sqlite\(/, name)
      if (!driver.includes(name)) t.notMatch(text, /session\.(all|get|run)\(|\.(all|get|run)\(\)/, name)
      if (!name.startsWith('cli/')) t.notMatch(text, /process\.env[.)[]/, name)
    }
  },
)
