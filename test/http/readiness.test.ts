import {
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import t from 'tap'
import { addBackup } from '../../src/cli/backup.ts'
import { lastBackup } from '../../src/store/backup.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { createFileProbe } from '../../src/store/database-file.ts'
import { createRunner } from '../fixtures/command.ts'
import { setEnvironment } from '../fixtures/environment.ts'
import { allCases } from '../fixtures/scope.ts'
import { serve, smallFolder, waitUntil } from '../fixtures/service.ts'

/** Reads the state of a service as a load balancer and Prometheus do. */
const seen = async (address: string) => {
  const { status } = await fetch(`${address}/readyz`)
  const metrics = await (await fetch(`${address}/metrics`)).text()
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1])
  return { status, ready: value('service_ready'), backup: value('backup_last_success_timestamp_seconds') }
}

const becomes = async (address: string, status: number) => {
  for (let tries = 0; ; tries++) {
    const now = await seen(address)
    if (now.status === status && now.ready === (status === 200 ? 1 : 0)) return now
    if (tries > 200) throw new Error(`${now.status} ${now.ready}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

const damages: Record<string, (file: string) => void> = {
  'was truncated': file => truncateSync(file, 8 * 4_096),
  'was emptied': file => truncateSync(file, 0),
  'has noise where its header was': file => writeSync(openSync(file, 'r+'), Buffer.alloc(4_096, 'noise'), 0, 4_096, 0),
  'was moved': file => renameSync(file, `${file}.away`),
  'was replaced': file => {
    copyFileSync(file, `${file}.copy`)
    renameSync(`${file}.copy`, file)
  },
}

const truncated = { 'was truncated': damages['was truncated'] }

for (const [WORKERS, chosen] of allCases
  ? ([
      ['1', damages],
      ['2', truncated],
    ] as const)
  : ([['1', truncated]] as const))
  t.test(`a service whose database file was truncated or overwritten is not ready (WORKERS=${WORKERS})`, async t => {
    for (const [what, damage] of Object.entries(chosen)) {
      const folder = smallFolder(t)
      const file = `${folder}/curriculum.db`
      const service = serve(t, folder, { env: { WORKERS } })
      const address = await service.address()
      await becomes(address, 200)
      // All database pages are in memory now, as in a service that has run for a while.
      t.equal((await fetch(`${address}/v1/tracks/python/document`)).status, 200)
      damage?.(file)
      await becomes(address, 503)
      const failed = await waitUntil(
        () => service.logLines().find(({ msg }) => msg === 'request failed'),
        () => `nothing is logged of a file that ${what}`,
      )
      t.match(failed, { level: 50, err: { message: /\S/ } }, what)
      t.equal((await fetch(`${address}/healthz`)).status, 200)
      service.child.kill('SIGKILL')
      await service.exit
    }
  })

t.test('a read-only service does not serve an empty file', t => {
  const file = `${t.testdir()}/empty.db`
  writeFileSync(file, '')
  t.match(createFileProbe(file)(), { message: 'the file of the database does not have its tables' })
  t.end()
})

t.test('a database that grows, shrinks and is vacuumed is ready', async t => {
  const file = `${t.testdir()}/curriculum.db`
  const database = openDatabase(file)
  let now = 0
  const unready = createFileProbe(file, () => now)
  const run = (statement: string) => database.write(async session => void (await session.run(statement)))
  for (const statement of [
    'create table ballast as with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select i, hex(randomblob(100)) h from n',
    'delete from ballast where i > 100',
  ])
    await run(statement)
  await database.checkpoint()
  now += 2_000
  t.equal(unready(), undefined)
  const large = statSync(file).size
  const other = openDatabase(file)
  await other.write(async session => {
    await session.run('commit')
    await session.run('vacuum')
    await session.run('begin')
  })
  await other.checkpoint()
  t.ok(statSync(file).size < large)
  now += 2_000
  t.equal(unready(), undefined)
  truncateSync(file, statSync(file).size - 4_096)
  t.equal(unready(), undefined, 'the disk is not read more than once a second')
  now += 2_000
  t.match(unready(), { message: 'the file of the database was truncated' })
  other.close()
  database.close()
})

t.test('the time of the newest backup is a metric', async t => {
  const folder = smallFolder(t)
  const file = `${folder}/curriculum.db`
  setEnvironment(t, { DATABASE_URL: `file:${file}` })
  const service = serve(t, folder, { coverage: true })
  const address = await service.address()
  t.equal((await seen(address)).backup, 0, 'there was none yet')
  const run = createRunner(addBackup)
  const before = Date.now() / 1_000
  t.match(await run('backup', `${folder}/one.db`), { code: 0, out: `wrote ${folder}/one.db\n` })
  const { backup } = await seen(address)
  t.ok(backup >= before - 1 && backup <= Date.now() / 1_000, `${backup}`)
  await run('backup', `${folder}/one.db`)
  t.equal((await seen(address)).backup, backup, 'one that was refused does not count')
  writeFileSync(`${file}.last-backup`, 'not a time')
  t.equal(lastBackup(file), 0)
})

t.test('a backup succeeds if its time cannot be recorded', async t => {
  const folder = smallFolder(t)
  const file = `${folder}/curriculum.db`
  setEnvironment(t, { DATABASE_URL: `file:${file}` })
  openDatabase(file).close()
  mkdirSync(`${file}.last-backup`)
  const { out, code } = await createRunner(addBackup)('backup', `${folder}/one.db`)
  t.equal(code, 0)
  t.match(out, /^wrote .*\nits time could not be recorded beside .*\n$/)
  t.ok(readFileSync(`${folder}/one.db`).length > 0)
})

t.test('a read-only node has no metric of backups', async t => {
  const folder = smallFolder(t)
  openDatabase(`${folder}/curriculum.db`).close()
  const service = serve(t, folder, { env: { READ_ONLY: '1' } })
  const { ready, backup } = await becomes(await service.address(), 200)
  t.same({ ready, backup }, { ready: 1, backup: Number.NaN })
})
