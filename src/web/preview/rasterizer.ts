import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { Failure } from '../../errors.ts'
import { contentHash } from '../../text/content-hash.ts'

/** Turns SVG documents into PNG pictures. */
export interface Rasterizer {
  /** Returns the picture of a document, and stores it. Rejects with 503 if too many are waiting. */
  toPng(svg: string): Promise<Buffer>
  close(): Promise<void>
}

/** The stored pictures, in bytes. */
const cacheBytes = 16 * 1024 * 1024

/** The pictures that may wait. Each takes about 30 milliseconds. */
const maxWaiting = 100

const ownProgram = new URL('rasterizer-thread.ts', import.meta.url)

/**
 * Creates a rasterizer that draws one picture at a time in a thread of its own, which starts with the first picture: however
 * many are requested, the event loop stays free. It is stopped after an idle time in milliseconds, to free its memory.
 */
export const createRasterizer = (program = ownProgram, idleTime = 30_000): Rasterizer => {
  const stored = new LRUCache<string, Buffer>({ maxSize: cacheBytes, sizeCalculation: png => png.length })
  const waiting = new Map<string, Promise<Buffer>>()
  let last: Promise<unknown> = Promise.resolve()
  let thread: Worker | undefined
  const stop = async (): Promise<void> => {
    const stopped = thread
    thread = undefined
    if (stopped === undefined) return
    stopped.ref()
    stopped.postMessage(null)
    await once(stopped, 'exit')
  }
  let idle: NodeJS.Timeout | undefined
  const draw = async (svg: string): Promise<Buffer> => {
    clearTimeout(idle)
    thread ??= new Worker(program)
    const drawing = thread
    drawing.ref()
    drawing.postMessage(svg)
    const reply = once(drawing, 'message').finally(() => {
      drawing.unref()
      idle = setTimeout(stop, idleTime).unref()
    })
    const [png] = (await reply.catch(error => {
      // The thread has ended with this error.
      thread = undefined
      throw error
    })) as [Uint8Array] // what the program sends
    return Buffer.from(png.buffer, png.byteOffset, png.length)
  }
  return {
    toPng: async svg => {
      const key = contentHash(svg)
      const known = stored.get(key) ?? waiting.get(key)
      if (known !== undefined) return known
      if (waiting.size >= maxWaiting) throw tooMany()
      const drawing = last.then(() => draw(svg)).finally(() => waiting.delete(key))
      // After a failure the next picture is drawn all the same.
      last = drawing.catch(() => undefined)
      waiting.set(key, drawing)
      const png = await drawing
      stored.set(key, png)
      return png
    },
    close: stop,
  }
}

const tooMany = (): Failure =>
  new Failure('UNAVAILABLE', 'Too many pictures are being drawn: send the request again in a few seconds.', {
    headers: { 'retry-after': '5' },
  })
