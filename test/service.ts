import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { smallTrack } from './fixtures/small-track.ts'

export const main = fileURLToPath(new URL('../src/main.js', import.meta.url))

export interface Line {
  level: number
  msg: string
  [name: string]: unknown
}

export interface Running {
  child: ChildProcess
  /** What it has written, line by line. */
  lines(): string[]
  /** What it has logged, a JSON object a line. */
  logged(): Line[]
  stderr(): string
  /** Resolves with the first line, from now or before, that says this. */
  line(msg: string, number?: number): Promise<Line>
  /** Where it listens. */
  address(): Promise<string>
  exit: Promise<{ code: number | null; signal: string | null }>
}

/** `serve` in a process of its own, as an operator starts it. */
export const serve = (
  t: Test,
  folder: string,
  more: {
    args?: string[]
    node?: string[]
    env?: Record<string, string>
    program?: string
    within?: string[]
    /** A file that it logs to; then `lines` and what is made of them stay empty. */
    stdout?: number
  } = {},
): Running => {
  const [command = '', ...before] = [...(more.within ?? []), process.execPath, ...(more.node ?? [])]
  const child = spawn(command, [...before, more.program ?? main, 'serve', ...(more.args ?? [])], {
    env: {
      ...process.env,
      PORT: '0',
      DRAIN_SECONDS: '0',
      DATABASE_URL: `file:${folder}/curriculum.db`,
      CONTENT: join(folder, 'content'),
      ...more.env,
    },
    stdio: ['pipe', more.stdout ?? 'pipe', 'pipe'],
  })
  const printed = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', text => {
    printed.out += text
  })
  child.stderr?.setEncoding('utf8').on('data', text => {
    printed.err += text
  })
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  t.teardown(async () => {
    child.kill('SIGTERM')
    await exit
  })
  const lines = () => printed.out.split('\n').filter(line => line !== '')
  const logged = () => printed.out.split('\n').flatMap(line => (line.endsWith('}') ? [JSON.parse(line) as Line] : []))
  const line = (msg: string, number = 1) =>
    until(
      () => logged().filter(one => one.msg === msg)[number - 1],
      () => `no "${msg}" in ${printed.out} ${printed.err}`,
    )
  return {
    child,
    lines,
    logged,
    stderr: () => printed.err,
    line,
    address: async () => String((await line('ready')).address),
    exit,
  }
}

/** What is looked for, as soon as it is there. */
export const until = async <T>(look: () => T | undefined, failure: () => string): Promise<T> => {
  const end = Date.now() + 60_000
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(failure())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export const small = (t: Test) => t.testdir({ content: { python: smallTrack() } })

export const titleOf = async (address: string, key: string): Promise<unknown> => {
  const response = await fetch(`${address}/v1/skills/${key}`)
  return response.ok ? ((await response.json()) as { title: string }).title : response.status
}

/** Waits until the skill is served under this title. */
export const titled = async (address: string, key: string, title: string): Promise<void> => {
  const end = Date.now() + 60_000
  while ((await titleOf(address, key)) !== title)
    if (Date.now() > end) throw new Error(`${key} did not become ${title}`)
    else await new Promise(resolve => setTimeout(resolve, 30))
}

/** A connection on which not a whole request has been sent yet. */
export const begun = async (address: string, text: string): Promise<{ socket: Socket; answer: Promise<string> }> => {
  const { port } = new URL(address)
  const socket = connect(Number(port), 'localhost')
  await once(socket, 'connect')
  let received = ''
  socket.setEncoding('utf8').on('data', chunk => {
    received += chunk
  })
  socket.write(text)
  const answer = once(socket, 'close').then(() => received)
  return { socket, answer }
}
