import { write } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A destination for log lines that cannot disturb the service: writing does not block or fail, and memory is bounded.
 * Lines that cannot be written are dropped and counted.
 */
export interface LogOutput {
  /** Queues one or several whole lines. */
  write(lines: string): void
  /** The number of lines dropped so far. */
  dropped(): number
  /** Calls back with the number of lines dropped since the last call, once lines can be written again. */
  onRecovery(report: (dropped: number) => void): void
  /** Resolves once all lines are written, or after the given time, because the destination may be stalled. */
  flushed(milliseconds: number): Promise<void>
}

/** Writes a text, and calls back once when it is written or has failed. */
export type Send = (text: string, done: (failure?: Error | null) => void) => void

/** In characters: about 40,000 lines can wait for a slow destination. */
const defaultCapacity = 8 * 1024 * 1024

/** In milliseconds. Lines logged within it are written together: under load one system call then writes hundreds of them. */
const batchDelay = 10

export const createLogOutput = (send: Send, capacity = defaultCapacity): LogOutput => {
  let pending: string[] = []
  let length = 0
  let sending: Promise<void> | undefined
  let dropped = 0
  let reported = 0
  const listeners: ((dropped: number) => void)[] = []
  const drop = (lines: string): void => {
    dropped += lines.split('\n').length - 1
  }
  const reportDropped = (): void => {
    const more = dropped - reported
    reported = dropped
    if (more > 0) for (const report of listeners) report(more)
  }
  // One write at a time: two at once could change their order in a file.
  const sendAll = async (): Promise<void> => {
    while (pending.length > 0) {
      await sleep(batchDelay)
      const text = pending.join('')
      pending = []
      const failure = await new Promise<Error | null | undefined>(resolve => send(text, resolve))
      length -= text.length
      if (failure) drop(text)
      else reportDropped()
    }
    sending = undefined
  }
  return {
    write: lines => {
      if (length + lines.length > capacity) return drop(lines)
      length += lines.length
      pending.push(lines)
      sending ??= sendAll()
    },
    dropped: () => dropped,
    onRecovery: report => {
      listeners.push(report)
    },
    flushed: async milliseconds => {
      await Promise.race([sending, sleep(milliseconds)])
    },
  }
}

/**
 * Chooses how to write to stdout. Node writes to pipes, sockets and terminals asynchronously, but to files synchronously; a
 * file is therefore written through the thread pool. A pipe must not be: a thread that waits for its reader would keep the
 * process from ending.
 */
export const createSend = (stream: Writable & { fd?: number }): Send =>
  stream instanceof Socket || stream.fd === undefined ? createStreamSend(stream) : createFileSend(stream.fd)

const createStreamSend = (stream: Writable): Send => {
  // Each failed write calls back with its failure as well.
  stream.on('error', () => undefined)
  return (text, done) => stream.write(text, done)
}

/** Writes to a file descriptor. If the disk became full in the middle of a line, the next text starts a new line. */
const createFileSend = (file: number): Send => {
  let endsMidLine = false
  return (text, done) => {
    const writeRest = (rest: Buffer): void => {
      write(file, rest, (failure, written) => {
        if (failure) return done(failure)
        endsMidLine = rest[written - 1] !== newline
        if (written < rest.length) writeRest(rest.subarray(written))
        else done()
      })
    }
    writeRest(Buffer.from(endsMidLine ? `\n${text}` : text))
  }
}

const newline = 0x0a
