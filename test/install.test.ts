import { readFile } from 'node:fs/promises'
import t from 'tap'
import packageJson from '../package.json' with { type: 'json' }

const lock = JSON.parse(await readFile(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, { resolved?: string; gypfile?: boolean; dev?: boolean }>
}

t.test(
  'npm ci needs no compiler: better-sqlite3 brings its binaries, and the lockfile says that nothing is to be built',
  async t => {
    // `npm install` drops the entry; `npm run lockfile` puts it back.
    t.equal(lock.packages['node_modules/better-sqlite3']?.gypfile, false)
  },
)

t.test('npm ci --omit=dev installs the Node that the service runs on', async t => {
  const node = lock.packages['node_modules/node']
  t.ok(node)
  t.notOk(node?.dev)
})

t.test('npm ci --omit=dev bundles the script of the page, with an esbuild that needs no install script', async t => {
  t.match(packageJson.scripts.prepare, /^esbuild \S+=src\/web\/browser\/main\.ts /)
  t.ok(packageJson.dependencies.esbuild)
  t.equal(packageJson.allowScripts.esbuild, false)
  const binaries = Object.entries(lock.packages).filter(([path]) => path.startsWith('node_modules/@esbuild/'))
  t.ok(binaries.length > 0)
  for (const [path, { dev }] of binaries) t.notOk(dev, path)
})

t.test('the lockfile names no registry', async t => {
  t.same(
    Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith('http')),
    [],
  )
})
