import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import packageJson from '../package.json' with { type: 'json' }
import { Config, readConfig } from '../src/config.ts'

const read = (name: string): string => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8')

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

t.test('the unit starts what npm start starts, with the Node that npm ci --omit=dev installs', async t => {
  const [program, ...rest] = one('ExecStart').split(' ')
  t.equal(program, `${one('WorkingDirectory')}/node_modules/.bin/node`)
  t.equal(['node', ...rest].join(' '), packageJson.scripts.start)
  t.ok('node' in packageJson.dependencies)
})

t.test('the unit may write to the folders of the database and the compile cache alone', async t => {
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

t.test('the unit bounds what V8 and malloc keep, and allows for many connections', async t => {
  t.match(one('ExecStart'), / --max-semi-space-size=16 /)
  t.ok(service.get('Environment')?.includes('MALLOC_MMAP_THRESHOLD_=262144'))
  t.ok(Number(one('LimitNOFILE')) >= 65_536)
})

t.test('systemd takes every line of the unit, where it is installed', async t => {
  // The checkout is elsewhere on this machine.
  const file = join(t.testdir(), 'curriculum.service')
  writeFileSync(file, unit.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'))
  const { error, stdout, stderr, status } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
  if (error !== undefined) t.match(error, { code: 'ENOENT' }, 'systemd is not installed here')
  else t.strictSame({ stdout, stderr, status }, { stdout: '', stderr: '', status: 0 })
})
