import t from 'tap'
import { BadConfig, readConfig } from '../src/config.ts'
import { runMain } from './fixtures/service.ts'

t.test('without settings, the defaults are enough for a first start', async t => {
  t.same(readConfig({}), {
    PORT: 3000,
    HOST: 'localhost',
    DATABASE_URL: 'file:./data/curriculum.db',
    WRITE_TIMEOUT_MS: 5000,
    CONTENT: './seed',
    LOG_LEVEL: 'info',
    RATE_LIMIT_PER_MINUTE: 1000,
    WORKERS: 1,
    CACHE_BYTES: 67_108_864,
    MEMORY_BYTES: 67_108_864,
    READ_ONLY: false,
    READ_ACCESS: 'public',
    WEBHOOK_NETWORKS: [],
    CHANGES_RETENTION_DAYS: 90,
    GRAPHIQL: true,
    SITE_NAME: 'Curriculum',
    EMBED_ORIGINS: [],
  })
})

t.test('variables of the environment are read', async t => {
  const set = {
    PORT: '0',
    HOST: '::1',
    DATABASE_URL: 'file:/data/curriculum.db',
    PRIMARY_URL: 'libsql://curriculum.example.org',
    PRIMARY_TOKEN_FILE: '/etc/curriculum/token',
    REPLICA_URL: 'http://curriculum.localhost:8080',
    WRITE_TIMEOUT_MS: '3000',
    CONTENT: '/tracks',
    PUBLIC_URL: 'https://curriculum.example.org/',
    LOG_LEVEL: 'silent',
    TRUST_PROXY: '127.0.0.1,10.0.0.0/8',
    RATE_LIMIT_PER_MINUTE: '0',
    DRAIN_SECONDS: '30',
    WORKERS: '4',
    CACHE_BYTES: '0',
    MEMORY_BYTES: '0',
    READ_ONLY: '1',
    ADMIN_KEY: 'x'.repeat(32),
    READ_ACCESS: 'key',
    WEBHOOK_NETWORKS: '10.0.0.0/8, ::1',
    CHANGES_RETENTION_DAYS: '1',
    GRAPHIQL: '0',
    SITE_NAME: 'Snake Academy',
    SITE_URL: 'https://academy.example',
    SITE_LOGO: '/etc/curriculum/logo.svg',
    SITE_ACCENT: '#0057b8',
    SITE_EDIT_URL: 'https://git.example/edit/{path}',
    EMBED_ORIGINS: 'https://academy.example, https://www.academy.example/',
  }
  t.same(readConfig({ ...set, PATH: '/bin' }), {
    ...set,
    PORT: 0,
    WRITE_TIMEOUT_MS: 3000,
    PUBLIC_URL: 'https://curriculum.example.org',
    RATE_LIMIT_PER_MINUTE: 0,
    DRAIN_SECONDS: 30,
    WORKERS: 4,
    CACHE_BYTES: 0,
    MEMORY_BYTES: 0,
    READ_ONLY: true,
    WEBHOOK_NETWORKS: ['10.0.0.0/8', '::1'],
    CHANGES_RETENTION_DAYS: 1,
    GRAPHIQL: false,
    EMBED_ORIGINS: ['https://academy.example', 'https://www.academy.example'],
  })
})

t.test('an empty variable counts as not set', t => {
  t.same(readConfig({ PORT: '', HOST: '', PUBLIC_URL: '', TRUST_PROXY: '', GRAPHIQL: '' }), readConfig({}))
  t.end()
})

const bad = [
  ['PRIMARY_URL', 'http://xyzzy'],
  ['PRIMARY_URL', 'xyzzy'],
  ['REPLICA_URL', 'ws://xyzzy'],
  ['WRITE_TIMEOUT_MS', '99'],
  ['ADMIN_KEY', 'xyzzy'],
  ['WEBHOOK_NETWORKS', 'xyzzy'],
  ['PORT', 'xyzzy'],
  ['PORT', '65536'],
  ['PORT', '-17'],
  ['PORT', '17.5'],
  ['DATABASE_URL', 'postgres://user:xyzzy@host/database'],
  ['DATABASE_URL', 'file:'],
  ['DATABASE_URL', 'file:/tmp/xyzzy.db?mode=ro'],
  ['PUBLIC_URL', 'https://example.org/?xyzzy'],
  ['PUBLIC_URL', 'https://example.org/#xyzzy'],
  ['PUBLIC_URL', 'xyzzy'],
  ['PUBLIC_URL', 'ftp://xyzzy'],
  ['LOG_LEVEL', 'xyzzy'],
  ['TRUST_PROXY', 'xyzzy'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '10.0.0.0/8/8'],
  ['TRUST_PROXY', '127.0.0.1,::1/xyzzy'],
  ['RATE_LIMIT_PER_MINUTE', 'xyzzy'],
  ['RATE_LIMIT_PER_MINUTE', '-17'],
  ['DRAIN_SECONDS', 'xyzzy'],
  ['DRAIN_SECONDS', '3601'],
  ['WORKERS', 'xyzzy'],
  ['WORKERS', '0'],
  ['WORKERS', '65'],
  ['CACHE_BYTES', 'xyzzy'],
  ['MEMORY_BYTES', '-1'],
  ['CACHE_BYTES', '17.5'],
  ['GRAPHIQL', 'xyzzy'],
  ['SITE_NAME', 'xyzzy'.repeat(13)],
  ['SITE_URL', 'xyzzy'],
  ['SITE_EDIT_URL', 'https://git.example/{xyzzy}'],
  ['EMBED_ORIGINS', 'xyzzy'],
] as const

t.test('an invalid value is reported with the name of the variable, never with the value', async t => {
  for (const [name, value] of bad) {
    const message = complaint({ [name]: value })
    t.match(message, new RegExp(`^${name} [^\\n]+$`), `${name}=${value}`)
    if (value !== 'file:') t.notOk(message?.includes(value), `${name}=${value}`)
    t.notMatch(message, 'xyzzy')
  }
})

const complaint = (environment: Record<string, string>): string | undefined => {
  try {
    readConfig(environment)
    return undefined
  } catch (error) {
    return error instanceof BadConfig ? error.message : undefined
  }
}

t.test('all invalid variables are reported at once', async t => {
  t.match(complaint({ PORT: 'x', LOG_LEVEL: 'x' }), /PORT .*LOG_LEVEL /)
})

t.test('serve prints only that sentence, and ends with code 1', async t => {
  const env = { ...process.env, PORT: 'xyzzy', DATABASE_URL: `file:${t.testdir()}/curriculum.db` }
  const { code, out, err } = await runMain(['serve'], { env })
  t.equal(code, 1)
  t.equal(out, '')
  t.match(err, /^PORT must be [^\n]*\n$/)
  t.notMatch(err, 'xyzzy')
})
