import type { Writable } from 'node:stream'

/** In milliseconds: nobody misses a line for so long, and under load it holds hundreds of them. */
const moment = 10

/** Writes the lines of a moment at once. The supervisor passes them on, and to wake up for each of them would cost as much as a request. */
export const batchedLines = (out: Writable) => {
  let lines: string[] = []
  const flush = (): void => {
    out.write(lines.join(''))
    lines = []
  }
  const write = (line: string): void => {
    if (lines.length === 0) setTimeout(flush, moment)
    lines.push(line)
  }
  return { write, flush }
}
