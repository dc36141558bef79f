import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { Test } from 'tap'
import { backUp, replaceDatabase } from '../../src/store/backup.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { sql } from '../../src/store/drizzle.ts'
import { type LibsqlOptions, openLibsql, openReplica } from '../../src/store/libsql.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createWriter } from '../../src/write/writer.ts'
import { documentOf } from '../fixtures/app.ts'
import {
  libsqlOptions,
  libsqlTest,
  type Primary,
  serverFolder,
  startPrimary,
  startReplica,
} from '../fixtures/libsql.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'

const ifExists = { ...noPreconditions, ifMatch: '*' } as const

/** Starts a primary that ends with the test. */
const primaryFor = async (t: Test, options?: Parameters<typeof startPrimary>[1]) => {
  const folder = serverFolder(t)
  const primary = { ...(await startPrimary(join(folder, 'primary'), options)), folder }
  t.teardown(() => primary.kill('SIGKILL'))
  return primary
}

/** Starts a replica and a node on it. */
const nodeOn = async (
  t: Test,
  primary: Pick<Primary, 'url' | 'grpcUrl'> & { folder: string },
  name = 'node',
  options: Partial<LibsqlOptions> = {},
  args: string[] = [],
) => {
  const replica = await startReplica(join(primary.folder, name), primary, args)
  const database = openLibsql(replica.file, { ...libsqlOptions(primary, replica), ...options })
  t.teardown(async () => {
    database.close()
    await replica.kill('SIGKILL')
  })
  const catalog = openCatalog(database)
  const writer = createWriter(catalog)
  return {
    replica,
    database,
    catalog,
    create: (slug: string) => writer.put('track', slug, { title: slug }, noPreconditions),
    rename: (slug: string, title: string) => writer.patch('track', slug, { title }, ifExists),
    title: async (slug: string) => {
      // Looks for a new file, as every request does.
      await catalog.revision()
      return (await catalog.document(slug))?.track.title
    },
  }
}

const waitUntil = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 20_000
  while (!(await isTrue()))
    if (Date.now() > end) throw new Error('it did not become true')
    else await sleep(10)
}

libsqlTest('a write is in the next read of its node, and soon in those of others', async t => {
  const primary = await primaryFor(t)
  const [one, other] = [await nodeOn(t, primary, 'one'), await nodeOn(t, primary, 'other')]
  for (const slug of ['a', 'b', 'c']) {
    await one.create(slug)
    t.equal(await one.title(slug), slug)
  }
  await waitUntil(async () => (await other.database.readinessError()) === undefined)
  t.equal(await other.title('c'), 'c')
  await other.rename('c', 'C')
  t.equal(await other.title('c'), 'C')
  await waitUntil(async () => (await one.title('c')) === 'C')
  await t.rejects(one.create('a'), { code: 'PRECONDITION_REQUIRED' }, 'a rejected write is rolled back')
  t.equal(await one.catalog.latestCursor(), 4)
  await t.resolves(one.catalog.checkpoint(), 'the servers do it')
})

libsqlTest('a primary that is dead, hangs or comes back', async t => {
  const primary = await primaryFor(t)
  const node = await nodeOn(t, primary, 'node', { timeout: 2_000 })
  await node.create('a')
  await t.test('dead: writes are rejected at once, reads go on, and it recovers with another file', async t => {
    await primary.kill('SIGKILL')
    const { ino } = statSync(node.replica.file)
    await t.rejects(node.rename('a', 'B'), {
      code: 'UNAVAILABLE',
      headers: { 'retry-after': '5' },
      message: /nothing was written/,
    })
    t.equal(await node.title('a'), 'a')
    await primary.restart()
    await node.rename('a', 'C')
    t.equal(await node.title('a'), 'C')
    t.not(statSync(node.replica.file).ino, ino, 'the replica has replaced its file')
  })
  await t.test('hanging: every write is rejected within the timeout', async t => {
    await primary.kill('SIGSTOP')
    const start = performance.now()
    const rejections = await Promise.allSettled([node.rename('a', 'D'), node.rename('a', 'E'), node.create('d')])
    t.ok(performance.now() - start < 2_500)
    for (const rejection of rejections) t.match(rejection, { status: 'rejected', reason: { code: 'UNAVAILABLE' } })
    t.equal(await node.title('a'), 'C')
    await primary.kill('SIGCONT')
    await waitUntil(() =>
      node.rename('a', 'F').then(
        () => true,
        () => false,
      ),
    )
    t.equal(await node.title('a'), 'F')
    t.equal(await node.title('d'), undefined, 'nothing of a rejected write is stored')
  })
})

libsqlTest('while the process of the replica is dead, reads go on, and a write is not confirmed', async t => {
  const primary = await primaryFor(t)
  const node = await nodeOn(t, primary, 'node', { timeout: 1_000 })
  await node.create('a')
  await node.replica.kill('SIGKILL')
  await t.rejects(node.rename('a', 'B'), { code: 'UNAVAILABLE', message: /^The write is stored, but the replica/ })
  t.equal(await node.title('a'), 'a')
  await node.replica.restart()
  await waitUntil(async () => (await node.title('a')) === 'B')
})

libsqlTest('a write whose replica and primary die is rejected at once', async t => {
  const primary = await primaryFor(t)
  const node = await nodeOn(t, primary)
  await node.create('a')
  await node.replica.kill('SIGKILL')
  const rejection = t.rejects(node.rename('a', 'B'), {
    code: 'UNAVAILABLE',
    message: /^The write is stored, but the replica/,
  })
  await sleep(500)
  const start = performance.now()
  await primary.kill('SIGKILL')
  await rejection
  t.ok(performance.now() - start < 2_000)
})

libsqlTest('a node remembers what it has shown of a file that can no longer be read', async t => {
  const node = await nodeOn(t, await primaryFor(t))
  await node.create('a')
  const shown = node.database.lastCommit()
  t.equal(shown?.number, 2)
  await node.replica.kill('SIGKILL')
  const file = new Sqlite(node.replica.file)
  file.exec('drop table commits')
  file.close()
  t.same(node.database.lastCommit(), shown)
})

libsqlTest('a full primary is 507, and nothing is written', async t => {
  const primary = await primaryFor(t)
  const node = await nodeOn(t, primary)
  await node.create('a')
  await primary.configure({ durability_mode: 'strong', max_db_size: '800KB' })
  const documents = Array.from({ length: 400 }, (_, index) => ({ slug: `c${index}`, summary: 'x'.repeat(4_000) }))
  await t.rejects(node.catalog.replaceTracks({ document: documentOf({ slug: 'large' }, { category: documents }) }), {
    code: 'UNAVAILABLE',
    status: 507,
  })
  t.equal(await node.title('large'), undefined)
  await primary.configure({ durability_mode: 'strong' })
  await node.rename('a', 'B')
  t.equal(await node.title('a'), 'B')
})

libsqlTest('a read-only node writes nothing, and never connects to the primary', async t => {
  const { create, replica } = await nodeOn(t, await primaryFor(t))
  await create('a')
  let connections = 0
  const counter = createServer(() => {
    connections += 1
  }).listen(0, '127.0.0.1')
  await once(counter, 'listening')
  t.teardown(() => counter.close())
  const url = `ws://127.0.0.1:${(counter.address() as AddressInfo).port}`
  const libsql = { ...libsqlOptions({ url }, replica), replicaUrl: undefined }
  const { catalog, lease, replication, close } = openStore(`file:${replica.file}`, { libsql, readOnly: true })
  t.teardown(close)
  t.equal((await catalog.document('a'))?.track.title, 'a')
  await t.resolves(catalog.ping())
  await t.rejects(createWriter(catalog).put('track', 'b', { title: 'B' }, noPreconditions), /read-only/)
  t.equal(await lease.take(), false)
  t.equal(replication, undefined)
  t.equal(connections, 0)
  const empty = openReplica(`${replica.file}.none`, libsql)
  t.match(await empty.readinessError(), { message: /was moved or deleted/ })
  empty.close()
})

libsqlTest('a mistake in a statement is not hidden', async t => {
  const node = await nodeOn(t, await primaryFor(t))
  await t.rejects(
    node.database.write(async session => {
      await session.run(sql`select nonsense`)
      for (let count = 1; count < 1_000; count += 1) await session.run(sql`delete from entries where id = 'none'`)
    }),
    { cause: { code: 'SQL_INPUT_ERROR' } },
  )
})

libsqlTest('a node on an empty disk is ready once it has what the primary had', async t => {
  const primary = await primaryFor(t)
  const first = await nodeOn(t, primary, 'first')
  await first.create('a')
  const replica = await startReplica(join(primary.folder, 'second'), primary)
  await replica.kill('SIGKILL')
  rmSync(join(replica.folder, 'dbs'), { recursive: true, force: true })
  const database = openLibsql(replica.file, libsqlOptions(primary, replica))
  t.teardown(async () => {
    database.close()
    await replica.kill('SIGKILL')
  })
  const catalog = openCatalog(database)
  t.notOk(existsSync(replica.file))
  await t.rejects(catalog.ping(), /does not have yet/)
  await t.rejects(catalog.document('a'), { code: 'UNAVAILABLE', message: /has no data yet/ })
  await replica.restart()
  await waitUntil(async () => (await database.readinessError()) === undefined)
  t.equal((await catalog.document('a'))?.track.title, 'a')
  await t.resolves(catalog.ping())
  await t.test('without its primary, a node that starts again serves what it has', async t => {
    await primary.kill('SIGKILL')
    const again = openLibsql(replica.file, libsqlOptions(primary, replica))
    t.teardown(() => again.close())
    await waitUntil(async () => (await again.readinessError()) === undefined)
    t.equal((await openCatalog(again).document('a'))?.track.title, 'a')
  })
})

libsqlTest('a copy of a replica becomes the primary when the primary is lost', async t => {
  const primary = await primaryFor(t)
  const [one, other] = [await nodeOn(t, primary, 'one'), await nodeOn(t, primary, 'other')]
  await one.create('a')
  await waitUntil(async () => (await other.database.readinessError()) === undefined)
  await primary.kill('SIGKILL')
  await other.replica.kill('SIGKILL')
  const folder = join(primary.folder, 'promoted')
  cpSync(other.replica.folder, folder, { recursive: true })
  await other.replica.restart()
  await primary.restart(folder)
  await primary.configure({ durability_mode: 'strong' })
  await one.rename('a', 'B')
  t.equal(await one.title('a'), 'B')
  await waitUntil(async () => (await other.title('a')) === 'B')
  await other.create('b')
  t.equal(await other.title('b'), 'b')
})

libsqlTest(
  'a node that has seen more than its primary has neither writes nor goes back, until it starts again',
  async t => {
    const primary = await primaryFor(t)
    const node = await nodeOn(t, primary)
    const other = await nodeOn(t, primary, 'other')
    await node.create('a')
    for (const { database } of [node, other])
      await waitUntil(async () => (await database.readinessError()) === undefined)
    // The other replica does not get the last write, and then becomes the primary.
    await other.replica.kill('SIGKILL')
    await node.rename('a', 'B')
    await primary.kill('SIGKILL')
    const folder = join(primary.folder, 'promoted')
    cpSync(other.replica.folder, folder, { recursive: true })
    await primary.restart(folder)
    await primary.configure({ durability_mode: 'strong' })
    const refused = { code: 'UNAVAILABLE', message: /does not have the last write.*restart this node/ }
    await t.rejects(node.rename('a', 'C'), refused)
    await other.replica.restart()
    for (const title of ['D', 'E', 'F']) await other.rename('a', title)
    await waitUntil(() => {
      const file = openReplica(node.replica.file, libsqlOptions(primary, node.replica))
      const last = file.has(undefined) && file.lastCommit()
      file.close()
      return last !== false && last?.number === other.database.lastCommit()?.number
    })
    t.equal(await node.title('a'), 'B', 'the file of its replica has more commits, but another history')
    await t.rejects(node.rename('a', 'G'), refused)
    t.equal(await node.database.readinessError(), undefined)
    const options = { ...libsqlOptions(primary, node.replica), lastCommit: node.database.lastCommit() }
    const thread = openLibsql(node.replica.file, options)
    await t.rejects(
      thread.write(async () => undefined),
      refused,
      'a thread that starts now does not write either',
    )
    thread.close()
    const again = openLibsql(node.replica.file, libsqlOptions(primary, node.replica))
    t.teardown(() => again.close())
    await waitUntil(async () => (await again.readinessError()) === undefined)
    t.equal((await openCatalog(again).document('a'))?.track.title, 'F')
    await again.write(async () => undefined)
  },
)

libsqlTest('a backup of a replica is restored on the primary', async t => {
  const primary = await primaryFor(t)
  const node = await nodeOn(t, primary)
  await node.create('a')
  const backup = join(primary.folder, 'backup.db')
  await backUp(node.replica.file, backup, () => undefined)
  await node.rename('a', 'B')
  node.database.close()
  await node.replica.kill('SIGTERM')
  await primary.kill('SIGTERM')
  const stored = join(primary.folder, 'primary', 'dbs', '127')
  t.type(replaceDatabase(backup, join(stored, 'data')), 'string')
  rmSync(join(stored, 'wallog'))
  await primary.restart()
  const again = await nodeOn(t, primary, 'emptied')
  await waitUntil(async () => (await again.database.readinessError()) === undefined)
  t.equal(await again.title('a'), 'a')
  await again.rename('a', 'C')
  t.equal(await again.title('a'), 'C')
})

libsqlTest('the file of a single node becomes that of a primary', async t => {
  const primary = await primaryFor(t)
  await primary.kill('SIGTERM')
  const file = join(primary.folder, 'primary', 'dbs', '127', 'data')
  rmSync(`${file}-wal`, { force: true })
  for (const name of ['data', 'wallog']) rmSync(join(primary.folder, 'primary', 'dbs', '127', name), { force: true })
  const single = openDatabase(file)
  await createWriter(openCatalog(single)).put('track', 'a', { title: 'A' }, noPreconditions)
  single.close()
  await primary.restart()
  const node = await nodeOn(t, primary)
  t.equal(await node.database.replication.countMissingWrites(), 1)
  await waitUntil(async () => (await node.database.readinessError()) === undefined)
  t.equal(await node.title('a'), 'A')
  await node.rename('a', 'B')
  t.equal(await node.title('a'), 'B')
  t.equal(await node.database.replication.countMissingWrites(), 0)
})

libsqlTest('nothing is written to a primary that may lose confirmed writes', async t => {
  const node = await nodeOn(t, await primaryFor(t, { durable: false }))
  await t.rejects(node.create('a'), { code: 'UNAVAILABLE', status: 503, message: /"durability_mode".*"strong"/ })
})

libsqlTest('nothing is written without the file of the token', async t => {
  const primary = await primaryFor(t)
  const tokenFile = join(primary.folder, 'token')
  const node = await nodeOn(t, primary, 'node', { tokenFile })
  await t.rejects(node.create('a'), { code: 'UNAVAILABLE', message: /PRIMARY_TOKEN_FILE/ })
  writeFileSync(tokenFile, 'a-token\n')
  await node.create('a')
  t.equal(await node.title('a'), 'a')
})

libsqlTest('servers that need a token take that of the file, which is read again for each connection', async t => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const folder = serverFolder(t)
  const [keyFile, tokenFile] = [join(folder, 'key.pem'), join(folder, 'token')]
  writeFileSync(keyFile, publicKey.export({ type: 'spki', format: 'pem' }))
  const writeToken = (access: 'ro' | 'rw', key = privateKey): void => {
    const parts = [{ alg: 'EdDSA', typ: 'JWT' }, { a: access }].map(part =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    const signature = sign(null, Buffer.from(parts.join('.')), key).toString('base64url')
    writeFileSync(tokenFile, `${[...parts, signature].join('.')}\n`)
  }
  const args = ['--auth-jwt-key-file', keyFile]
  const primary = await primaryFor(t, { args })
  const node = await nodeOn(t, primary, 'node', { tokenFile }, args)
  writeToken('rw', generateKeyPairSync('ed25519').privateKey)
  await t.rejects(node.create('a'), { code: 'UNAVAILABLE', message: /ends the connection .*nothing was written/ })
  writeToken('ro')
  await t.rejects(node.create('a'), { code: 'UNAVAILABLE', message: /ends the connection .*nothing was written/ })
  writeToken('rw')
  await node.create('a')
  t.equal(await node.title('a'), 'a')
})

libsqlTest('a write whose commit is not confirmed may be stored', async t => {
  const primary = await primaryFor(t)
  const port = Number(new URL(primary.url).port)
  /** The number of answers that still pass. */
  let passing = Number.POSITIVE_INFINITY
  const proxy = createServer(socket => {
    const upstream = connect(port, '127.0.0.1')
    socket.pipe(upstream).on('data', answer => {
      if (passing > 0) socket.write(answer)
      else socket.destroy()
      passing -= 1
    })
    // Each end is closed when the other one is, also by a reset.
    for (const [end, opposite] of [
      [socket, upstream],
      [upstream, socket],
    ] as const)
      end.on('error', () => end.destroy()).on('close', () => opposite.destroy())
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => proxy.close())
  const url = `ws://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const node = await nodeOn(t, { ...primary, url })
  await node.create('a')
  await t.rejects(
    node.database.write(async () => {
      passing = 0
    }),
    { code: 'UNAVAILABLE', message: /may be stored/ },
  )
  passing = Number.POSITIVE_INFINITY
  await node.create('b')
  t.equal(node.database.lastCommit()?.number, 4, 'the migration and three writes')
})

libsqlTest('a node accepts tables to which a newer version added something, and no others', async t => {
  const primary = await primaryFor(t)
  const old = await nodeOn(t, primary, 'old')
  await old.create('a')
  const change = (...statements: string[]) =>
    old.database.write(async session => {
      for (const statement of statements) await session.run(sql.raw(statement))
    })
  await change(
    "insert into __drizzle_migrations (hash, created_at) values ('newer', 9999999999999)",
    'create table songs (title text not null)',
    "alter table tracks add column motto text not null default ''",
    'alter table tracks add column hymn text',
  )
  const open = async (name: string) => {
    const node = await nodeOn(t, primary, name)
    await waitUntil(() => existsSync(node.replica.file))
    return node
  }
  const added = await open('added')
  await waitUntil(async () => (await added.database.readinessError()) === undefined)
  await added.rename('a', 'B')
  t.equal(await added.title('a'), 'B')
  await change('alter table tracks drop column summary')
  const dropped = await open('dropped')
  await sleep(1_000)
  t.match(await dropped.database.readinessError(), { cause: { cause: { message: /was made by a newer version/ } } })
})

libsqlTest('nothing is written to the database of another program', async t => {
  const primary = await primaryFor(t)
  const { port } = new URL(primary.url)
  const { ok } = await fetch(`http://127.0.0.1:${port}/v2/pipeline`, {
    method: 'POST',
    body: '{"requests":[{"type":"execute","stmt":{"sql":"create table songs (title text)"}}]}',
  })
  t.ok(ok)
  const node = await nodeOn(t, primary)
  await t.rejects(node.create('a'), { code: 'UNAVAILABLE', message: /another program/ })
})
