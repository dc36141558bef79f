import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cache } from './data.ts'
import type { BenchRequest } from './load.ts'

/** A server to measure: a process on a free port. */
export interface Server {
  port: number
  process: ChildProcess
  /** The milliseconds from the start of the process to the first response to the probe. */
  startTime: number
  costs(): Costs
  stop(): Promise<void>
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const { scripts } = JSON.parse(readFileSync(pathOf('../package.json'), 'utf8'))

/** The arguments of Node in `npm start` before its command: options and the program. */
export const program: string[] = scripts.start
  .split(' ')
  .slice(1, -1)
  .map((word: string) => (word.startsWith('-') ? word : pathOf(`../${word}`)))
const nodeOptions = program.slice(0, -1)

/**
 * Starts our service as `npm start` does, on an existing database. Only the rate limit is so high that nothing reaches it;
 * requests are counted nevertheless. `preload` is a module that it loads first, with a channel of messages; `probePath` is requested
 * until the response is 200.
 */
export const startOurs = (
  database: string,
  environment: Record<string, string> = {},
  { preload, probePath }: { preload?: string; probePath?: string } = {},
): Promise<Server> => {
  const content = join(cache, 'no-content')
  mkdirSync(content, { recursive: true })
  const ours = {
    DATABASE_URL: `file:${database}`,
    CONTENT: content,
    DRAIN_SECONDS: '0',
    RATE_LIMIT_PER_MINUTE: '1000000000',
  }
  const preloaded = preload === undefined ? [] : ['--import', preload]
  return startServer([...preloaded, ...program, 'serve'], { ...ours, ...environment }, probePath, preload !== undefined)
}

export const startTextbook = (database: string): Promise<Server> =>
  startServer([...nodeOptions, pathOf('textbook/server.ts'), database])

/** Starts the fastest possible service on Fastify: routes that send our responses as constants, with the log of our service. */
export const startLimit = (ours: Server, cases: Record<string, BenchRequest>): Promise<Server> => {
  const requests = Object.entries(cases).map(([name, request]) => ({ path: limitPath(name), request }))
  return startServer([...nodeOptions, pathOf('limit-server.ts'), String(ours.port), JSON.stringify(requests)])
}

/** Returns the request to the limit for the response to a case. */
export const onLimit = (name: string, request: BenchRequest): BenchRequest => ({ ...request, path: limitPath(name) })

const limitPath = (name: string): string => `/${name.replace(/\W+/g, '-')}`

const startServer = async (
  run: string[],
  environment: Record<string, string> = {},
  probePath = '/readyz',
  messages = false,
): Promise<Server> => {
  const port = await freePort()
  const start = performance.now()
  const child = spawn(process.execPath, run, {
    // The log of every server goes to the same place: writing it costs time, but no disk is busy.
    stdio: ['ignore', 'ignore', 'inherit', ...(messages ? (['ipc'] as const) : [])],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment, PORT: String(port), HOST: '127.0.0.1' },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const address = `http://127.0.0.1:${port}${probePath}`
  // A connection alone is no proof: a server may try its port before it starts, and a port may connect to itself.
  while (!(await isReady(address))) {
    if (child.exitCode !== null) throw new Error(`A server ended before it was ready: ${run.join(' ')}`)
    if (performance.now() > start + 60_000) throw new Error(`A server was not ready within a minute: ${run.join(' ')}`)
    await sleep(2)
  }
  return {
    port,
    process: child,
    startTime: performance.now() - start,
    costs: () => costsOf(child.pid as number), // it has answered, so it runs
    stop: async () => {
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

const isReady = (url: string): Promise<boolean> =>
  fetch(url).then(
    async response => {
      await response.arrayBuffer()
      return response.ok
    },
    () => false,
  )

/** The CPU time and memory of a process and its children. Linux only; elsewhere every figure is NaN and printed as a dash. */
export interface Costs {
  /** CPU time of all threads, in microseconds. */
  cpu: number
  /** Resident memory, in millions of bytes. */
  memory: number
}

const costsOf = (pid: number): Costs => {
  // User and system time are the 14th and 15th field; the second is the name, in brackets, with any character in it.
  const [user, system] = readProcess(pid, 'stat').split(') ').at(-1)?.split(' ').slice(11) ?? []
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readProcess(pid, 'status'))?.[1]
  const children = readProcess(pid, `task/${pid}/children`).split(' ').filter(Boolean)
  return children
    .map(child => costsOf(Number(child)))
    .reduce((sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memory: sum.memory + memory }), {
      // Linux counts in hundredths of a second whatever the kernel's own clock is (USER_HZ).
      cpu: (Number(user) + Number(system)) * 10_000,
      memory: (Number(resident) * 1_024) / 1e6,
    })
}

const readProcess = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** Loaded into a service, lets `maxDelay` read the delay of its event loop. */
export const delayMonitor = pathOf('event-loop-delay.ts')

/** Returns the longest delay of the event loop since the last call, in milliseconds. */
export const maxDelay = async ({ process: child }: Server): Promise<number> => {
  child.send('how long')
  const [{ longest }] = (await once(child, 'message')) as [{ longest: number }]
  return longest
}
