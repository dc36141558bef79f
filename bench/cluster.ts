import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, type Primary, startPrimary, startReplica } from '../test/fixtures/libsql-servers.ts'

/** `npm run cluster`: a primary, three nodes with a replica each, and a balancer, all on this machine, until Ctrl+C. */

const main = fileURLToPath(new URL('../src/main.js', import.meta.url))
const adminKey = randomBytes(24).toString('base64url')
const folder = mkdtempSync(join(tmpdir(), 'cluster-'))

interface Node {
  name: string
  port: number
  replica: ChildProcess
  service: ChildProcess
}

const startNode = async (name: string, primary: Primary): Promise<Node> => {
  const replica = await startReplica(join(folder, name), primary)
  const port = await freePort()
  const service = spawn(process.execPath, [main, 'serve'], {
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: `file:${replica.file}`,
      PRIMARY_URL: primary.url,
      REPLICA_URL: replica.url,
      ADMIN_KEY: adminKey,
      LOG_LEVEL: 'error',
      DRAIN_SECONDS: '0',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  while (!(await isReady(port))) {
    if (service.exitCode !== null) throw new Error(`${name} ended with ${service.exitCode}`)
    await sleep(50)
  }
  return { name, port, replica: replica.process(), service }
}

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Passes each connection to the next node; to the one after it if a node does not listen. */
const startBalancer = async (ports: readonly number[]): Promise<number> => {
  let next = 0
  const pass = (client: Socket, attempts: number): void => {
    const port = Number(ports[next % ports.length])
    next += 1
    const node = connect(port, '127.0.0.1')
    node.once('connect', () => client.pipe(node).pipe(client))
    node.on('error', () => (node.connecting && attempts > 1 ? pass(client, attempts - 1) : client.destroy()))
    client.on('close', () => node.destroy())
  }
  const server = createServer(client => {
    client.on('error', () => client.destroy())
    pass(client, ports.length)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const primary = await startPrimary(join(folder, 'primary'))
const nodes: Node[] = []
const stop = (): void => {
  for (const { service, replica } of nodes) for (const child of [service, replica]) child.kill('SIGKILL')
  primary.process().kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  process.exit()
}
process.once('SIGINT', stop).once('SIGTERM', stop)
try {
  for (const name of ['node-1', 'node-2', 'node-3']) nodes.push(await startNode(name, primary))
  const port = await startBalancer(nodes.map(node => node.port))
  process.stdout.write(
    [
      `balancer   http://127.0.0.1:${port}`,
      ...nodes.map(
        node =>
          `${node.name}     http://127.0.0.1:${node.port}  process ${node.service.pid}, replica ${node.replica.pid}`,
      ),
      `primary    process ${primary.process().pid}`,
      `admin key  ${adminKey}`,
      'Ctrl+C ends all processes and deletes their files.\n',
    ].join('\n'),
  )
} catch (failure) {
  process.stderr.write(`${failure}\n`)
  process.exitCode = 1
  stop()
}
