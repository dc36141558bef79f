import { Transform } from 'node:stream'

const newline = 0x0a

/**
 * Passes on whole lines. Processes that write to one pipe keep their lines apart only up to PIPE_BUF bytes (4096), and only
 * while nobody waits for the reader; an address in a log line may be longer than that. So one process alone writes, and
 * each worker has a pipe to it: then it does not matter how long a line is, nor how a worker buffers.
 */
export const wholeLines = (): Transform => {
  let begun: Buffer[] = []
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const end = chunk.lastIndexOf(newline) + 1
      if (end > 0) {
        this.push(Buffer.concat([...begun, chunk.subarray(0, end)]))
        begun = []
      }
      if (end < chunk.length) begun.push(chunk.subarray(end))
      done()
    },
    // A worker that was killed in the midst of a line does not spoil the next one.
    flush(done) {
      done(null, begun.length === 0 ? null : Buffer.concat([...begun, Buffer.of(newline)]))
    },
  })
}
