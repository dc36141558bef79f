import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { canHaveServers, noServer } from './fixtures/libsql-servers.ts'
import { type Machine, type Machines, startMachines } from './fixtures/machines.ts'

const addresses = {
  'curriculum.primary.internal': '10.77.0.1',
  'node-1.internal': '10.77.0.11',
  'node-2.internal': '10.77.0.12',
  'node-3.internal': '10.77.0.13',
  'balancer.internal': '10.77.0.9',
}
const nodes = ['node-1', 'node-2', 'node-3']

const read = (document: string): string => readFileSync(new URL(`../docs/${document}`, import.meta.url), 'utf8')

const blocksOf = (text: string): string[] => [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)

/** Returns the blocks of docs/scaling.md under the line that begins with a text, such as `**1.`. */
const blocksUnder = (beginning: string): string[] => {
  const part = read('scaling.md')
    .split(/^(?=\*\*|##)/m)
    .find(one => one.startsWith(beginning))
  const blocks = blocksOf(part ?? '')
  if (blocks.length === 0) throw new Error(`docs/scaling.md has no block under ${beginning}`)
  return blocks
}

/** The command of the runbook's blocks for systemd, by a text in them. */
const runbookBlock = (text: string): string => {
  const block = blocksOf(read('runbook.md')).find(one => one.includes(text))
  if (block === undefined) throw new Error(`the runbook has no block with ${text}`)
  return block.replace(/^editor .*\n/m, '')
}

/** Runs a block on the machines that its first line names. */
const play = ({ machine, runOutside }: Machines, block: string): void => {
  const [, names = ''] = /^# (.+)\n/.exec(block) ?? []
  if (names === 'your-machine') runOutside(block)
  else
    for (const name of names.split(' '))
      machine(name === 'primary' ? 'curriculum.primary.internal' : `${name}.internal`).run(block)
}

const waitUntil = async (isTrue: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !isTrue(); await sleep(100))
    if (Date.now() > end) throw new Error('it did not become true')
}

/**
 * A program that reads until its input ends, and then writes how many of the responses were not 200. When nginx reloads, it closes idle
 * connections; a request that meets that is sent again, as browsers do (RFC 9112, section 9.3.1).
 */
const reader = `
  let isOver = false
  let [reads, resets] = [0, 0]
  const failures = []
  process.stdin.resume().on('end', () => { isOver = true })
  const read = () => fetch(process.argv[1])
  while (!isOver) {
    const response = await read().catch(({ cause }) => {
      if (cause?.code !== 'ECONNRESET' && cause?.code !== 'UND_ERR_SOCKET') throw cause
      resets += 1
      return read()
    }).catch(failure => ({ status: String(failure) }))
    await response.arrayBuffer?.()
    reads += 1
    if (response.status !== 200) failures.push(response.status)
  }
  console.log(JSON.stringify({ reads, resets, failures }))
`

/** Kills the process of a unit, which systemd would start again. */
const kill = (machine: Machine, unit: string): string => machine.run(`kill -KILL $(cat /var/tmp/${unit}.pid)`)

const needed = process.getuid?.() === 0 ? noServer : 'only root can start machines'
const canRun = canHaveServers && process.getuid?.() === 0

t.test(
  'docs/scaling.md leads from one node to three, which survive what it promises',
  { skip: !canRun && needed },
  async t => {
    const machines = await startMachines(t, addresses)
    const { machine, runOutside } = machines
    const node = (name: string): Machine => machine(`${name}.internal`)
    const playAll = (...blocks: string[]): void => {
      for (const block of blocks) play(machines, block)
    }
    for (const name of nodes) {
      node(name).run(runbookBlock('useradd'))
      node(name).run('printf "RATE_LIMIT_PER_MINUTE=0\\nDRAIN_SECONDS=0\\n" >>/etc/curriculum/env')
      node(name).run('install -m 0755 /srv/curriculum/deploy/curriculum /usr/local/bin/curriculum')
    }
    const [primary, balancer] = [machine('curriculum.primary.internal'), machine('balancer.internal')]
    let key = ''
    /** Writes through an address, and returns status and headers. */
    const patch = (title: string, address = 'localhost:8080', on = balancer): string =>
      on.run(
        `curl -si -X PATCH ${address}/v1/skills/python.functions -H 'authorization: Bearer ${key}' -H 'if-match: *' -H 'content-type: application/json' -d '{"title":"${title}"}'`,
      )
    const titleOn = (name: string): string =>
      JSON.parse(node(name).run('curl -s localhost:3000/v1/skills/python.functions')).title
    const isReady = (name: string): boolean =>
      node(name).run("curl -s -o /dev/null -w '%{http_code}' localhost:3000/readyz || true") === '200'
    const statusOf = (response: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1])

    await t.test('one node has data', async t => {
      node('node-1').run(runbookBlock('systemctl enable --now curriculum\n'))
      const [, created = ''] =
        /(cur_\S+)/.exec(node('node-1').run('curriculum keys create --name ci --scope write --expires 365d')) ?? []
      t.not(created, '')
      key = created
      t.equal(statusOf(patch('Moved', 'localhost:3000', node('node-1'))), 200)
    })

    await t.test('the steps lead to three nodes behind a balancer, with its data', async t => {
      for (const step of ['**1.', '**2.', '**3.', '**4.', '**5.', '**6.']) playAll(...blocksUnder(step))
      playAll(...blocksUnder('**4.').map(block => block.replaceAll('node-2 node-3', 'node-1')))
      for (const name of nodes) {
        t.equal(titleOn(name), 'Moved')
        t.match(node(name).run('curl -s localhost:3000/metrics'), /^primary_reachable 1$/m)
      }
    })

    await t.test('a write through the balancer is in a read through it with its cursor', async t => {
      for (const title of ['A', 'B', 'C', 'D', 'E']) {
        const written = patch(title)
        t.equal(statusOf(written), 200)
        const [, cursor = ''] = /^curriculum-cursor: (\d+)/im.exec(written) ?? []
        const body = balancer.run(
          `curl -s localhost:8080/v1/skills/python.functions -H 'curriculum-min-cursor: ${cursor}'`,
        )
        t.match(JSON.parse(body), { title })
      }
      t.match(balancer.run('curl -s localhost:8080/v1/skills -H "curriculum-min-cursor: 999999"'), /"UNAVAILABLE"/)
    })

    await t.test('a primary accepts only its tokens and certificates', async t => {
      const attempt = (token: string, sql: string): string =>
        runOutside(`
        token=$(${token})
        pid=$(readlink "$PIDS/node-1.internal")
        nsenter --target $pid --net --mount curl -s -o /dev/null -w '%{http_code}' --cacert /etc/libsql/ca.pem \
          https://curriculum.primary.internal/v2/pipeline -H "authorization: Bearer $token" \
          -d '{"requests":[{"type":"execute","stmt":{"sql":"${sql}"}}]}'`)
      const create = 'create table other (a)'
      t.equal(attempt('echo none', 'select 1'), '401')
      t.equal(attempt('/srv/curriculum/deploy/token jwt.key rw -1', 'select 1'), '401')
      t.equal(attempt('/srv/curriculum/deploy/token jwt.key ro 1', create), '403')
      t.equal(attempt('/srv/curriculum/deploy/token jwt.key ro 1', 'select 1'), '200')
      t.equal(attempt('cat token', 'select 1'), '200')
      t.equal(
        node('node-1').run(`curl -s -o /dev/null -w '%{http_code}' https://curriculum.primary.internal/ || true`),
        '000',
      )
    })

    await t.test('no read through the balancer fails while the primary and then a node are killed', async t => {
      const child = balancer.start(
        '/srv/curriculum/node_modules/.bin/node',
        '--input-type=module',
        '--eval',
        reader,
        'http://localhost:8080/v1/skills?limit=10',
      )
      let output = ''
      child.stdout?.on('data', (data: Buffer) => {
        output += data
      })
      await sleep(1_000)
      kill(primary, 'curriculum-primary')
      const rejected = patch('Rejected')
      t.equal(statusOf(rejected), 503)
      t.match(rejected, /^retry-after: \d+/im)
      await sleep(2_000)
      primary.run('systemctl start curriculum-primary')
      await waitUntil(() => statusOf(patch('F')) === 200)
      kill(node('node-2'), 'curriculum')
      kill(node('node-2'), 'curriculum-replica')
      await sleep(3_000)
      t.equal(statusOf(patch('G')), 200)
      node('node-2').run('systemctl start curriculum-replica; systemctl start curriculum')
      await waitUntil(() => isReady('node-2'))
      t.equal(titleOn('node-2'), 'G')
      await sleep(1_000)
      child.stdin?.end()
      await once(child, 'exit')
      const { reads, resets, failures } = JSON.parse(output)
      t.comment(`${reads} reads, ${resets} of them on a connection that nginx closed`)
      t.ok(resets <= 3, 'at most one for each change of the nodes')
      t.ok(reads > 1_000)
      t.same(failures, [])
    })

    await t.test('a node whose replica is not complete gets no requests', async t => {
      node('node-2').run('systemctl stop curriculum; systemctl stop curriculum-replica; rm -r /var/lib/libsql/dbs')
      node('node-2').run('systemctl start curriculum')
      const listed = (): string => balancer.run('cat /var/lib/curriculum-balance/nodes.conf')
      await waitUntil(() => !listed().includes('node-2') && !isReady('node-2'))
      node('node-2').run('systemctl start curriculum-replica')
      await waitUntil(() => listed().includes('node-2'))
      t.equal(titleOn('node-2'), 'G')
    })

    await t.test('a copy of a replica becomes the primary', async () => {
      kill(primary, 'curriculum-primary')
      primary.run('find /var/lib/libsql -mindepth 1 -delete')
      playAll(...blocksUnder('**The primary is lost'))
      await waitUntil(() => statusOf(patch('H')) === 200)
      for (const name of nodes) await waitUntil(() => titleOn(name) === 'H')
    })

    await t.test('a damaged replica is filled again', async t => {
      node('node-3').run(
        'head -c 200000 /dev/urandom | dd conv=notrunc of=/var/lib/libsql/dbs/curriculum/data bs=4096 seek=1 2>&1',
      )
      t.equal(statusOf(patch('I')), 200)
      playAll(...blocksUnder('**A replica is damaged'))
      await waitUntil(() => titleOn('node-3') === 'I')
    })

    await t.test('a backup of a node is restored', async t => {
      node('node-1').run('curriculum backup /var/lib/curriculum/backup.db')
      runOutside('scp root@node-1.internal:/var/lib/curriculum/backup.db .')
      t.equal(statusOf(patch('J')), 200)
      const [stop = '', copy = '', start = ''] = blocksUnder('**A backup has to be restored')
      playAll(stop, copy, blocksUnder('**3.').at(-1) ?? '', start)
      for (const name of nodes) {
        await waitUntil(() => isReady(name))
        t.equal(titleOn(name), 'I')
      }
      t.equal(statusOf(patch('K')), 200)
    })

    await t.test('tokens of two keys are accepted while one replaces the other', async () => {
      runOutside(`
      openssl genpkey -algorithm ed25519 -out new.key
      openssl pkey -in new.key -pubout >>jwt.pem
      scp jwt.pem root@curriculum.primary.internal:/etc/libsql
      for node in node-1 node-2 node-3; do scp jwt.pem root@$node.internal:/etc/libsql; done`)
      for (const name of nodes) node(name).run('systemctl restart curriculum-replica')
      primary.run('systemctl restart curriculum-primary')
      await waitUntil(() => statusOf(patch('L')) === 200)
      runOutside(`
      /srv/curriculum/deploy/token new.key rw 365 >token
      for node in node-1 node-2 node-3; do scp token root@$node.internal:/etc/libsql; done`)
      primary.run('systemctl restart curriculum-primary')
      await waitUntil(() => statusOf(patch('M')) === 200)
      for (const name of nodes) await waitUntil(() => titleOn(name) === 'M')
    })
  },
)
