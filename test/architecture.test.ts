import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** What each part may import, beside itself: folders and files of src, and packages where they are bounded. */
const allowed: Record<string, { parts: string[]; packages?: RegExp }> = {
  model: { parts: [], packages: /^(zod|node:module)$/ },
  content: { parts: ['model', 'nesting.ts', 'suggest.ts', 'markdown.ts', 'yaml-document.ts'] },
  store: {
    parts: ['model', 'catalog.ts', 'errors.ts', 'keys.ts', 'webhooks.ts', 'diagnostics.ts'],
    packages: /^(drizzle-orm|better-sqlite3|uuid|lru-cache|node:)/,
  },
  writing: {
    parts: [
      'model',
      'catalog.ts',
      'writer.ts',
      'keys.ts',
      'webhooks.ts',
      'errors.ts',
      'explain.ts',
      'body-text.ts',
      'nesting.ts',
      'yaml-document.ts',
      'diagnostics.ts',
      'tag.ts',
      'suggest.ts',
    ],
  },
  http: {
    parts: [
      'model',
      'catalog.ts',
      'errors.ts',
      'body-text.ts',
      'nesting.ts',
      'keys.ts',
      'webhooks.ts',
      'diagnostics.ts',
      'tag.ts',
      'suggest.ts',
    ],
  },
  // `..` is package.json.
  tracing: { parts: ['config.ts', 'diagnostics.ts', 'logger.ts', '..'] },
  delivery: { parts: ['networks.ts', 'webhooks.ts', 'logger.ts'] },
  rest: {
    parts: [
      'model',
      'catalog.ts',
      'writer.ts',
      'networks.ts',
      'webhooks.ts',
      'errors.ts',
      'explain.ts',
      'http',
      'suggest.ts',
    ],
  },
  graphql: {
    parts: [
      'model',
      'catalog.ts',
      'writer.ts',
      'errors.ts',
      'body-text.ts',
      'nesting.ts',
      'diagnostics.ts',
      'http',
      'suggest.ts',
    ],
  },
  page: { parts: ['model', 'catalog.ts', 'errors.ts', 'http', 'suggest.ts', 'markdown.ts'] },
  site: { parts: ['model', 'catalog.ts', 'errors.ts', 'http'] },
  lms: { parts: ['model', 'catalog.ts', 'errors.ts', 'http', 'markdown.ts'] },
  moodle: { parts: ['lms', 'content', 'reach.ts'] },
  canvas: { parts: ['lms', 'content', 'reach.ts'] },
}

t.test('imports go one way', async t => {
  for (const name of await readdir(src, { recursive: true })) {
    if (!name.endsWith('.ts')) continue
    const [part] = name.split('/')
    const rule = part === undefined ? undefined : allowed[part]
    if (rule === undefined) continue
    const text = await readFile(join(src, name), 'utf8')
    for (const [, imported] of text.matchAll(/from '([^']+)'/g)) {
      if (imported === undefined) continue
      if (imported.startsWith('.')) {
        const target = relative(src, join(src, dirname(name), imported)).split('/')[0] ?? ''
        t.ok(target === part || rule.parts.includes(target), `${name} may import ${imported}`)
      } else if (rule.packages) t.match(imported, rule.packages, `${name} may import ${imported}`)
    }
  }
})

/** What knows better-sqlite3. */
const driver = ['store/better-sqlite3.ts', 'store/inspect.ts', 'store/backup.ts', 'store/follow.ts', 'store/probe.ts']

t.test(
  'only the driver asks the database without awaiting a query builder, and only the configuration reads the environment',
  async t => {
    for (const name of await readdir(src, { recursive: true })) {
      if (!name.endsWith('.ts')) continue
      const text = await readFile(join(src, name), 'utf8')
      // Its temporary data stays in memory.
      if (name !== 'store/connect.ts') t.notMatch(text, /new Sqlite\(/, name)
      if (!driver.includes(name)) t.notMatch(text, /session\.(all|get|run)\(|\.(all|get|run)\(\)/, name)
      if (!name.startsWith('commands/')) t.notMatch(text, /process\.env[.)[]/, name)
    }
  },
)
