import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { type Encoded, type Encoding, quickly, strengthener } from './compression.ts'
import { joined, latePieceOf, type Pieces } from './json-fragments.ts'
import type { Metrics } from './metrics.ts'
import { concerning } from './track-dependencies.ts'

/** What a door makes of a request: bytes that anybody who asks the same gets until the content changes. */
export interface Made {
  body: string | Pieces
  type: string
  headers?: Record<string, string>
}

/** An answer with its bytes in every encoding that was asked for. */
export interface Finished extends Omit<Made, 'body'> {
  body: Buffer
  /** The change it was made at; null where no change to the content touches it. */
  cursor: number | null
  /** Of the bytes before encoding: an encoding adds its name, so that each has an ETag of its own (RFC 9110, section 8.8.3). */
  readonly hash: string
  /** The ETags it has been sent under. */
  tags: Set<string>
  encoded: Map<Encoding, Promise<Encoded>>
  /** Encodings that are being made better, or have been. */
  improving: Set<Encoding>
  /** What was sent, to be sent again: by method, status and encoding. */
  replies: Map<string, Reply>
}

/** A reply but for what is new each time. */
export interface Reply {
  status: number
  /** Names and values in turn, as Node takes them. */
  headers: readonly string[]
  bytes: Buffer | undefined
  /** Few bytes as text, one character a byte: Node writes it together with the headers, which is quicker than two pieces. */
  text: string | undefined
  /** The encoding better bytes are to be had in. */
  improvable: Encoding | undefined
  /** The route it was sent by. */
  route: string | undefined
}

interface Kept {
  finished: Finished
  /** The last change at which it was seen to hold. */
  heldAt: number
  tracks: ReadonlySet<string> | undefined
}

export type Work = (catalog: Catalog) => Promise<Made>

/**
 * Finished answers by canonical request, as long as the tracks they speak of are what they were. An answer is never older
 * than the database, and never a mixture: where a change came in between, it is made again. Who asks for what is being
 * made waits for it.
 */
export const answerCache = (catalog: Catalog, bytes: number, metrics: Pick<Metrics, 'answered'>) => {
  const kept = new LRUCache<string, Kept>({ maxSize: Math.max(bytes, 1), sizeCalculation: sizeOf })
  const underWay = new Map<string, Promise<Finished>>()
  const strengthen = strengthener()
  const holding = (key: string, revision: number): Finished | undefined => {
    const known = kept.get(key)
    if (known === undefined) return undefined
    if (known.heldAt !== revision) {
      if (known.tracks === undefined || catalog.changedSince(known.heldAt, known.tracks)) return undefined
      known.heldAt = revision
    }
    return known.finished
  }
  const make = async (key: string, revision: number, work: Work): Promise<Finished> => {
    const made = await consistently(catalog, revision, work)
    if (bytes > 0) kept.set(key, made)
    return made.finished
  }
  return {
    /** What is kept for this and holds; undefined also where that cannot be said at once. */
    current: (key: string): Finished | undefined => {
      const revision = catalog.revision()
      return typeof revision === 'number' ? holding(key, revision) : undefined
    },
    answer: async (key: string, work: Work): Promise<Finished> => {
      const revision = await catalog.revision()
      const known = holding(key, revision)
      metrics.answered(known === undefined ? 'made' : 'cache')
      if (known !== undefined) return known
      const name = `${revision} ${key}`
      const waiting = underWay.get(name)
      if (waiting !== undefined) return waiting
      const made = make(key, revision, work).finally(() => underWay.delete(name))
      underWay.set(name, made)
      return made
    },
    /** What is sent again and again is worth being made smaller, while what there is goes on being sent. */
    improve: async (key: string, finished: Finished, encoding: Encoding): Promise<void> => {
      if (finished.improving.has(encoding)) return
      finished.improving.add(encoding)
      const keeps = () => kept.peek(key)?.finished === finished
      const better = await strengthen(finished.body, encoding, keeps)
      if (better === undefined) return
      finished.encoded.set(encoding, Promise.resolve({ bytes: better, quick: false }))
      finished.replies.clear()
    },
  }
}
export type AnswerCache = ReturnType<typeof answerCache>

/** Room for the encodings too, which come later. */
const sizeOf = ({ finished }: Kept, key: string): number => finished.body.length * 2 + key.length + 2_000

/** An answer that nobody else will ask for. */
export const answerOnce = async (catalog: Catalog, work: Work): Promise<Finished> =>
  (await consistently(catalog, await catalog.revision(), work)).finished

/** Writes are rare: nearly always the first try stands. */
const consistently = async (catalog: Catalog, revision: number, work: Work): Promise<Kept> => {
  const concerned = concerning(catalog)
  const made = await work(concerned.catalog)
  // Who writes is another thread or process: something may have been committed between two statements of one turn.
  const now = await catalog.revision(true)
  const tracks = concerned.tracks()
  if (now !== revision && (tracks === undefined || catalog.changedSince(revision, tracks)))
    return consistently(catalog, now, work)
  return { finished: finish(made, catalog.cursorAt(revision)), heldAt: now, tracks }
}

export const finish = ({ body, ...made }: Made, cursor: number | null): Finished => {
  const piece = typeof body === 'string' ? latePieceOf(body) : joined(body)
  return {
    ...made,
    body: piece.bytes,
    get hash() {
      return piece.hash
    },
    cursor,
    tags: new Set(),
    encoded: new Map(),
    improving: new Set(),
    replies: new Map(),
  }
}

export const encodedIn = (finished: Finished, encoding: Encoding): Promise<Encoded> => {
  const known = finished.encoded.get(encoding)
  if (known !== undefined) return known
  const made = quickly[encoding](finished.body).then(bytes => ({ bytes, quick: true }))
  finished.encoded.set(encoding, made)
  return made
}
