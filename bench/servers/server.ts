import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Costs, costsOf } from './process-costs.ts'

/** A server under measurement: a process of its own on a free port. */
export interface Server {
  port: number
  process: ChildProcess
  /** Its first answer, and how many milliseconds after the start of its process it came. */
  first: { status: number; after: number }
  costs(): Costs
  stop(): Promise<void>
}

export interface Start {
  /** What Node is given: a file and its arguments. */
  run: string[]
  environment?: Record<string, string>
  /** Whether messages go to and fro. */
  messages?: boolean
  /** What it is asked until it answers. */
  ask?: string
}

/** What every server logs goes to the same place: it costs the writing and keeps no disk busy. */
const logsTo = 'ignore'

export const startServer = async ({
  run,
  environment = {},
  messages = false,
  ask = '/healthz',
}: Start): Promise<Server> => {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, run, {
    stdio: ['ignore', logsTo, 'pipe', ...(messages ? (['ipc'] as const) : [])],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment, PORT: String(port), HOST: '127.0.0.1' },
  })
  const complaints: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
  running.add(child)
  let stopping = false
  child.once('exit', (code, signal) => {
    running.delete(child)
    if (!stopping) process.stderr.write(`A server ended by itself (${code ?? signal}): ${complaints.join('')}\n`)
  })
  const status = await firstAnswer(`http://127.0.0.1:${port}${ask}`, child, complaints)
  const first = { status, after: performance.now() - startedAt }
  const pid = child.pid as number // it answers, so it is there
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

/** Nothing is left running where the bench breaks off. */
process.on('exit', () => {
  for (const child of running) child.kill()
})

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number } // it listens on a port, so it has one
  probe.close()
  await once(probe, 'close')
  return port
}

/** Connections alone prove nothing: a server may take its port to see whether it is free, and a port may connect to itself. */
const firstAnswer = async (url: string, child: ChildProcess, complaints: string[]): Promise<number> => {
  const deadline = performance.now() + 60_000
  for (;;) {
    const status = await statusAt(url)
    if (status !== undefined) return status
    if (child.exitCode !== null) throw new Error(`A server ended instead of answering: ${complaints.join('')}`)
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
