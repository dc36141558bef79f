import t, { type Test } from 'tap'
import { addKeys } from '../../src/cli/keys.ts'
import { hashApiKey } from '../../src/model/api-key.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createRunner } from '../fixtures/command.ts'
import { setEnvironment } from '../fixtures/environment.ts'

const run = createRunner(addKeys)

const inDatabase = (t: Test): string => {
  const url = `file:${t.testdir()}/curriculum.db`
  setEnvironment(t, { DATABASE_URL: url })
  openStore(url).close()
  return url
}

t.test('a key is created, shown once, listed without its secret, and revoked', async t => {
  const url = inDatabase(t)
  t.same(await run('keys', 'list'), { out: 'there are no keys: create one with keys create\n', err: '', code: 0 })
  const created = await run('keys', 'create', '--name', 'ci', '--scope', 'write')
  t.match(created.out, /^cur_[0-9a-f]{12}_[\w-]{43}\n$/)
  t.equal(created.err, '"ci" (write): this key is shown only once, so store it now\n')
  const store = openStore(url)
  const [known] = await store.keys.list()
  store.close()
  t.equal(known?.hash, hashApiKey(created.out.trim()))
  const listed = await run('keys', 'list')
  t.match(
    listed.out,
    /^name {2}scope {2}state {3}created +last used {2}key\nci {4}write {2}active {2}2\d{3}-\d\d-\d\d {2}never {6}cur_\w+_…\n$/,
  )
  t.notMatch(listed.out, created.out.trim())
  const json: unknown = JSON.parse((await run('keys', 'list', '--json')).out)
  t.match(json, [{ name: 'ci', scope: 'write', revokedAt: null }])
  t.notMatch(JSON.stringify(json), 'hash')
  t.same(await run('keys', 'revoke', 'ci'), { out: '"ci" is revoked\n', err: '', code: 0 })
  t.match((await run('keys', 'list')).out, /ci {4}write {2}revoked 2/)
})

t.test('a key is valid until it expires', async t => {
  const url = inDatabase(t)
  t.match(await run('keys', 'create', '--name', 'a', '--scope', 'read', '--expires', '90d'), {
    code: 0,
    err: /^"a" \(read, until 2/,
  })
  t.match(await run('keys', 'create', '--name', 'b', '--scope', 'admin', '--expires', '2999-06-30'), { code: 0 })
  const store = openStore(url)
  await store.keys.create({ id: 'old', name: 'old', scope: 'read', hash: '', expiresAt: '2020-01-01T00:00:00.000Z' })
  store.close()
  const { out } = await run('keys', 'list')
  t.match(out, /b +admin {2}active until 2999-06-30/)
  t.match(out, /old +read +expired 2020-01-01/)
})

t.test('invalid arguments of keys are rejected with a sentence', async t => {
  inDatabase(t)
  await run('keys', 'create', '--name', 'deploy', '--scope', 'write')
  await run('keys', 'create', '--name', 'once', '--scope', 'write')
  await run('keys', 'revoke', 'once')
  for (const [args, words] of [
    [['create', '--name', 'deploy', '--scope', 'write'], /there is or was a key called "deploy"/],
    [['create', '--name', ' ', '--scope', 'write'], /A name has 1 to 100 characters/],
    [['create', '--name', 'x', '--scope', 'wirte'], /Allowed choices are read, write, admin/],
    [['create', '--name', 'x'], /required option '--scope <scope>'/],
    [['create', '--name', 'x', '--scope', 'read', '--expires', '2020-01-01'], /in the past/],
    [['create', '--name', 'x', '--scope', 'read', '--expires', 'soon'], /a date such as/],
    [['create', '--name', 'x', '--scope', 'read', '--expires', '2020-99-01'], /a date such as/],
    [['revoke', 'deplyo'], /Did you mean "deploy"\?/],
    [['revoke', 'quite-another'], /there is no key called "quite-another"\n/],
    [['revoke', 'once'], /"once" is revoked already/],
  ] as const) {
    const { err, code } = await run('keys', ...args)
    t.equal(code, 1, args.join(' '))
    t.match(err, words)
  }
})
