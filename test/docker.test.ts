import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import packageJson from '../package.json' with { type: 'json' }
import { Config, readConfig } from '../src/config.ts'
import { emptyApp } from './fixtures/app.ts'

const at = (path: string): URL => new URL(`../${path}`, import.meta.url)
const lines = (path: string): string[] =>
  readFileSync(at(path), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
const dockerfile = lines('Dockerfile')
const ignored = lines('.dockerignore')
const argumentsOf = (instruction: string): string[] =>
  dockerfile.filter(line => line.startsWith(`${instruction} `)).map(line => line.slice(instruction.length + 1).trim())

/** Paths that are copied from the checkout, not from an earlier stage. */
const copied = argumentsOf('COPY')
  .filter(line => !line.startsWith('--from'))
  .flatMap(line => line.split(/\s+/).slice(0, -1))

const settings = new Map(
  argumentsOf('ENV').flatMap(line =>
    [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value] as const),
  ),
)

t.test('every file that the image copies exists, and no other file is sent to the build', async t => {
  for (const path of copied) t.ok(existsSync(at(path)), path)
  t.same(ignored.toSorted(), ['*', ...new Set(copied.map(path => `!${path}`))].toSorted())
})

t.test('the image runs the Node the project is tested on, with production packages alone', async t => {
  const [major] = packageJson.dependencies.node.split('.')
  t.same(argumentsOf('FROM'), [
    `node:${major}-slim AS installed`,
    'installed AS bundle',
    'installed AS packages',
    `node:${major}-slim`,
  ])
  const installs = argumentsOf('RUN').flatMap(run => run.match(/npm ci[^&]*/g) ?? [])
  t.ok(installs.length > 0)
  // The script of the package `node` would download a second one.
  for (const install of installs) t.match(install, /--omit=dev.*--ignore-scripts/)
})

t.test('the image has the script of the page, which is bundled in an earlier stage', async t => {
  const bundling = dockerfile.slice(dockerfile.indexOf('FROM installed AS bundle'))
  t.match(bundling.slice(0, 3), ['FROM installed AS bundle', 'COPY src src', 'RUN npm run prepare'])
  const [folder] = /(?<=--outdir=)\S+$/.exec(packageJson.scripts.prepare) ?? []
  t.ok(folder)
  t.ok(argumentsOf('COPY').includes(`--from=bundle /app/${folder} ${folder}`))
})

t.test('the image runs the command of npm start without npm, so that signals reach the service', async t => {
  const [program, ...rest] = JSON.parse(argumentsOf('ENTRYPOINT')[0] ?? '[]').concat(
    JSON.parse(argumentsOf('CMD')[0] ?? '[]'),
  )
  t.equal([program, ...rest].join(' '), packageJson.scripts.start)
})

t.test(
  'the image’s settings are settings of the service, and its data lies in the volume of a user without rights',
  async t => {
    for (const name of settings.keys())
      t.ok(['NODE_ENV', 'MALLOC_MMAP_THRESHOLD_'].includes(name) || name in Config.shape, name)
    t.equal(settings.get('MALLOC_MMAP_THRESHOLD_'), '262144')
    const config = readConfig(Object.fromEntries(settings))
    t.equal(config.HOST, '0.0.0.0')
    t.same(argumentsOf('EXPOSE'), [String(config.PORT)])
    const [volume = ''] = argumentsOf('VOLUME')
    t.ok(config.DATABASE_URL.startsWith(`file:${volume}/`))
    t.same(argumentsOf('USER'), ['node'])
    t.ok(argumentsOf('RUN').some(line => line.includes(`chown node:node ${volume}`)))
  },
)

t.test('the health check of the image checks only the process', async t => {
  t.match(argumentsOf('HEALTHCHECK')[0], /\/healthz/)
})

t.test('the Kubernetes probes use the port of the image and paths of the service', async t => {
  const { app } = await emptyApp(t)
  const containers = ['deploy/kubernetes.yaml', 'deploy/cluster.kubernetes.yaml'].flatMap(path =>
    parseAllDocuments(readFileSync(at(path), 'utf8'))
      .map(document => document.toJS() as Workload)
      .flatMap(({ spec }) => spec.template?.spec.containers ?? [])
      .filter(({ name }) => name === 'curriculum'),
  )
  t.equal(containers.length, 2)
  for (const container of containers) {
    t.same(
      container.ports.map(port => [port.name, String(port.containerPort)]),
      argumentsOf('EXPOSE').map(port => ['http', port]),
    )
    for (const name of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
      const { path, port } = container[name].httpGet
      t.equal((await app.inject(path)).statusCode, 200, name)
      t.equal(port, 'http')
    }
  }
})

interface Workload {
  spec: { template?: { spec: { containers: Container[] } } }
}
interface Container extends Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe> {
  name: string
  ports: { name: string; containerPort: number }[]
}
interface Probe {
  httpGet: { path: string; port: string }
}
