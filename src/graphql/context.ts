import { setImmediate as turn } from 'node:timers/promises'
import DataLoader from 'dataloader'
import type { Catalog, FindResult, Writer } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { createTurnScheduler } from './event-loop-pauses.ts'

/** More nodes than this are no page that a person reads. */
const maxNodes = 20_000

/** To read a node from the database takes as long as to answer some that are there. */
const [resolvedPerTurn, readPerTurn] = [300, 100]

/** Who writes, and with what. A query has neither. */
export interface WriteAccess {
  writer: Writer
  by: string
}

/** What one execution shares: what it has loaded, and how much. */
export const createExecutionContext = (catalog: Catalog, writing: WriteAccess | undefined) => {
  const { pace, afterAll, stop } = createTurnScheduler(resolvedPerTurn)
  const byKey = Object.fromEntries(nouns.map(noun => [noun, createKeyLoader(catalog, noun, afterAll)])) as Record<
    Noun,
    RecordedLoader<Answer | undefined>
  > // one loader a noun
  const lists = new Map<string, RecordedLoader<Answer[]>>()
  let nodes = 0
  let last: Promise<unknown> | undefined
  const { promise: refused, reject: refuse } = Promise.withResolvers<never>()
  const never = new Promise<never>(() => undefined)
  return {
    catalog,
    writing,
    /** The current key of what has this id or key; undefined where there is none. */
    resolveKey: async (noun: Noun, ref: string): Promise<string | undefined> => {
      const found: FindResult | undefined = await catalog.find(noun, ref)
      if (found === undefined || 'removedAt' in found) return undefined
      return 'movedTo' in found ? found.movedTo : found.answer.key
    },
    /** Something was written: what was loaded may be otherwise by now. */
    clearLoaded: (): void => {
      for (const { loader, held } of Object.values(byKey)) {
        loader.clearAll()
        held.clear()
      }
      lists.clear()
    },
    /**
     * Counts what is about to be answered, once for every place it stands in. Beyond the limit it answers what never comes, and `refused` ends:
     * an error at one of thousands of places would be made at each of them, and end the process where nobody waits for that place any more.
     */
    countNodes: (count: number): Promise<never> | undefined => {
      const within = nodes <= maxNodes
      nodes += count
      if (nodes <= maxNodes) return undefined
      if (within) {
        stop()
        refuse(nodeLimitError())
      }
      return never
    },
    /** Ends with an error where too much is asked for, and else not at all. */
    refused,
    /** How many were counted. */
    nodeCount: (): number => nodes,
    pace,
    /** As `pace`, for what will probably be read from the database. */
    waitForRead: createTurnScheduler(readPerTurn).pace,
    /** Does what takes long after all else of its kind that one query asks for, in turns of its own. */
    runInSequence: <T>(work: () => Promise<T>): Promise<T> => {
      const done = last === undefined ? work() : last.then(() => turn()).then(work)
      last = done.catch(() => undefined)
      return done
    },
    /** What can be said at once: it is in memory, or was loaded already. A promise for each place it stands in would take more than the answer. */
    cachedByKeys: (noun: Noun, keys: readonly string[]): Answer[] | undefined => {
      const there = catalog.cachedByKeys(noun, keys)
      if (there !== undefined) return there
      const { held } = byKey[noun]
      const found = keys.map(key => held.get(key))
      return found.every(one => one !== undefined) ? found : undefined
    },
    cachedList: (name: string, parent: string): Answer[] | undefined => lists.get(name)?.held.get(parent),
    /** Whatever asks for a noun by key at one level of a query is answered by one look-up. */
    byKey: async (noun: Noun, keys: readonly string[]): Promise<Answer[]> => {
      const found = await Promise.all(keys.map(key => byKey[noun].loader.load(key)))
      return found.filter(one => one !== undefined)
    },
    /** A list that hangs on a parent; all parents of a level are answered by one look-up. */
    loadList: (
      name: string,
      parent: string,
      load: (parents: readonly string[]) => Promise<Map<string, Answer[]>>,
    ): Promise<Answer[]> => {
      const known =
        lists.get(name) ??
        createLoader(async parents => {
          const found = await load(parents)
          return parents.map(one => found.get(one) ?? [])
        }, afterAll)
      lists.set(name, known)
      return known.loader.load(parent)
    },
  }
}

const nodeLimitError = (): Failure =>
  new Failure('COST_LIMIT', `The query reaches more than ${maxNodes} nodes; ask for less at a time.`)

export type ExecutionContext = ReturnType<typeof createExecutionContext>

/** A loader, and what it has loaded. */
interface RecordedLoader<T> {
  loader: DataLoader<string, T>
  held: Map<string, T>
}

type BatchSchedule = (go: () => void) => void

const createLoader = <T>(load: (names: readonly string[]) => Promise<T[]>, schedule: BatchSchedule): RecordedLoader<T> => {
  const held = new Map<string, T>()
  const find = async (names: readonly string[]): Promise<T[]> => {
    const found = await load(names)
    for (const [index, one] of found.entries()) held.set(names[index] as string, one) // one is found for each name
    return found
  }
  return { loader: new DataLoader(find, { batchScheduleFn: schedule }), held }
}

const createKeyLoader = (catalog: Catalog, noun: Noun, schedule: BatchSchedule): RecordedLoader<Answer | undefined> =>
  createLoader(async keys => {
    const found = new Map((await catalog.byKeys(noun, keys)).map(answer => [answer.key, answer]))
    return keys.map(key => found.get(key))
  }, schedule)
