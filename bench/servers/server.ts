import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Costs, costsOf } from './process-costs.ts'

/** A server to measure: a process on a free port. */
export interface Server {
  port: number
  process: ChildProcess
  /** The first response, and its time in milliseconds after the start of the process. */
  first: { status: number; after: number }
  costs(): Costs
  stop(): Promise<void>
}

export interface Start {
  /** The arguments of Node: options, a file and its arguments. */
  run: string[]
  environment?: Record<string, string>
  /** True for a channel of messages between the processes. */
  messages?: boolean
  /** The path that is requested until the server responds. */
  probePath?: string
}

/** The log of every server goes to the same place: writing it costs time, but no disk is busy. */
const logsTo = 'ignore'

export const startServer = async ({
  run,
  environment = {},
  messages = false,
  probePath: ask = '/healthz',
}: Start): Promise<Server> => {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, run, {
    stdio: ['ignore', logsTo, 'pipe', ...(messages ? (['ipc'] as const) : [])],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment, PORT: String(port), HOST: '127.0.0.1' },
  })
  const stderr: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => stderr.push(text))
  running.add(child)
  let stopping = false
  child.once('exit', (code, signal) => {
    running.delete(child)
    if (!stopping) process.stderr.write(`A server ended unexpectedly (${code ?? signal}): ${stderr.join('')}\n`)
  })
  const status = await firstResponse(`http://127.0.0.1:${port}${ask}`, child, stderr)
  const first = { status, after: performance.now() - startedAt }
  const pid = child.pid as number // it has answered, so it runs
  return {
    port,
    process: child,
    first,
    costs: () => costsOf(pid),
    stop: async () => {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}

const running = new Set<ChildProcess>()

/** Stops all servers if the bench fails. */
process.on('exit', () => {
  for (const child of running) child.kill()
})

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number } // it listens on a port
  probe.close()
  await once(probe, 'close')
  return port
}

/** Waits for a response. A connection alone is no proof: a server may try its port before it starts, and a port may connect to itself. */
const firstResponse = async (url: string, child: ChildProcess, complaints: string[]): Promise<number> => {
  const deadline = performance.now() + 60_000
  for (;;) {
    const status = await statusAt(url)
    if (status !== undefined) return status
    if (child.exitCode !== null) throw new Error(`A server ended before it answered: ${complaints.join('')}`)
    if (performance.now() > deadline) throw new Error('A server did not answer within a minute.')
    await pause(2)
  }
}

const statusAt = (url: string): Promise<number | undefined> =>
  new Promise(resolve => {
    get(url, { agent: false }, response => {
      response.resume().once('end', () => resolve(response.statusCode))
    }).once('error', () => resolve(undefined))
  })
