import { write } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A destination for log lines that never decides about serving: writing does not block, fail or take memory without bound.
 * Lines that cannot be written are dropped and counted.
 */
export interface LogOutput {
  /** Takes one or several whole lines. */
  write(lines: string): void
  /** The number of lines dropped so far. */
  dropped(): number
  /** Calls back with the number of lines dropped since the last call, once lines can be written again. */
  onRecovery(report: (dropped: number) => void): void
  /** Resolves once all lines are written, or after so many milliseconds: the destination may be stalled. */
  flushed(milliseconds: number): Promise<void>
}

/** Writes a text, and calls back once when it is written or has failed. */
export type Send = (text: string, done: (failure?: Error | null) => void) => void

/** In characters: some 40,000 lines wait for a destination that is slow. */
const room = 8 * 1024 * 1024

/** In milliseconds. Lines logged within it are written together: under load one system call then writes hundreds of them. */
const pause = 10

export const logOutput = (send: Send, most = room): LogOutput => {
  let waiting: string[] = []
  let length = 0
  let sending: Promise<void> | undefined
  let dropped = 0
  let reported = 0
  const reports: ((dropped: number) => void)[] = []
  const drop = (lines: string): void => {
    dropped += lines.split('\n').length - 1
  }
  const recover = (): void => {
    const more = dropped - reported
    reported = dropped
    if (more > 0) for (const report of reports) report(more)
  }
  // One after another: two writes to a file at once could change places.
  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      await sleep(pause)
      const text = waiting.join('')
      waiting = []
      const failure = await new Promise<Error | null | undefined>(resolve => send(text, resolve))
      length -= text.length
      if (failure) drop(text)
      else recover()
    }
    sending = undefined
  }
  return {
    write: lines => {
      if (length + lines.length > most) return drop(lines)
      length += lines.length
      waiting.push(lines)
      sending ??= sendAll()
    },
    dropped: () => dropped,
    onRecovery: report => {
      reports.push(report)
    },
    flushed: async milliseconds => {
      await Promise.race([sending, sleep(milliseconds)])
    },
  }
}

/**
 * Chooses how to write to stdout. Node writes to pipes, sockets and terminals by the event loop, but to files at once and
 * blocking. A pipe must not be written to as a file is: a thread that waits for a reader keeps the process from ending.
 */
export const sendTo = (stream: Writable & { fd?: number }): Send =>
  stream instanceof Socket || stream.fd === undefined ? sendToStream(stream) : sendToFile(stream.fd)

const sendToStream = (stream: Writable): Send => {
  // Each failed write calls back with its failure as well.
  stream.on('error', () => undefined)
  return (text, done) => stream.write(text, done)
}

/** Where the disk became full within a line, the next begins on a line of its own. */
const sendToFile = (file: number): Send => {
  let isCut = false
  return (text, done) => {
    const writeRest = (rest: Buffer): void => {
      write(file, rest, (failure, written) => {
        if (failure) return done(failure)
        isCut = rest[written - 1] !== newline
        if (written < rest.length) writeRest(rest.subarray(written))
        else done()
      })
    }
    writeRest(Buffer.from(isCut ? `\n${text}` : text))
  }
}

const newline = 0x0a
