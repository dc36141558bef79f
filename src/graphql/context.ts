import { setImmediate as turn } from 'node:timers/promises'
import { type Catalog, type FindResult, parseItems, type Writer } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Item } from '../model/curriculum.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { SelectedFields } from './selected-fields.ts'
import { createTurnScheduler } from './turn-scheduler.ts'

/** The limit of nodes per query: more than any page needs. */
const maxNodes = 20_000

/** Nodes per turn of the event loop, from memory and from the database. Most queries need one turn, so that few of them hold nodes at once. */
const [resolvedPerTurn, readPerTurn] = [1000, 100]

/** The writer, and the name of the key that authorizes the request. Queries have neither. */
export interface WriteAccess {
  writer: Writer
  by: string
}

/** Creates the state that the resolvers of one execution share: loaded items, and the number of nodes. */
export const createExecutionContext = (
  catalog: Catalog,
  writeAccess: WriteAccess | undefined,
  selected: SelectedFields,
) => {
  const { waitForTurn, whenIdle, stop } = createTurnScheduler(resolvedPerTurn)
  const keyLoaders = Object.fromEntries(
    nouns.map(noun => {
      const read = async (keys: readonly string[]): Promise<Map<string, Item>> =>
        new Map(parseItems(await catalog.byKeys(noun, keys, selected[noun])).map(item => [item.key, item]))
      return [noun, createLoader(read, whenIdle)]
    }),
  ) as Record<Noun, Loader<Item>> // one loader for each noun
  const listLoaders = new Map<string, Loader<Item[]>>()
  let nodes = 0
  let previous: Promise<unknown> | undefined
  const { promise: limitExceeded, reject: rejectLimit } = Promise.withResolvers<never>()
  const never = new Promise<never>(() => undefined)
  return {
    catalog,
    writeAccess,
    selected,
    /** Returns the current key of the item with this id or key; undefined if there is none. */
    resolveKey: async (noun: Noun, ref: string): Promise<string | undefined> => {
      const found: FindResult | undefined = await catalog.find(noun, ref)
      if (found === undefined || 'removedAt' in found) return undefined
      return 'movedTo' in found ? found.movedTo : found.item.key
    },
    /** Discards loaded items after a write, which may have changed them. */
    clearLoaded: (): void => {
      for (const { loaded } of Object.values(keyLoaders)) loaded.clear()
      listLoaders.clear()
    },
    /**
     * Counts nodes before they enter the result, once for every place. Beyond the limit it returns a promise that never resolves, and
     * `limitExceeded` rejects: an error at one of thousands of places would be created at each, and end the process where nobody handles it.
     */
    countNodes: (count: number): Promise<never> | undefined => {
      const withinLimit = nodes <= maxNodes
      nodes += count
      if (nodes <= maxNodes) return undefined
      if (withinLimit) {
        stop()
        rejectLimit(nodeLimitError())
      }
      return never
    },
    /** Rejects when the query exceeds the limit of nodes, and never resolves. */
    limitExceeded,
    /** Returns the number of nodes so far. */
    nodeCount: (): number => nodes,
    waitForTurn,
    /** Like `waitForTurn`, for nodes that are probably read from the database. */
    waitForRead: createTurnScheduler(readPerTurn).waitForTurn,
    /** Runs expensive work of one query one after the other, each in its own turn of the event loop. */
    runInSequence: <T>(work: () => Promise<T>): Promise<T> => {
      const done = previous === undefined ? work() : previous.then(() => turn()).then(work)
      previous = done.catch(() => undefined)
      return done
    },
    /** Adds the items of a list to the loaded ones: an edge to one of them reads nothing. */
    addLoaded: (noun: Noun, items: readonly Item[]): void => {
      for (const item of items) keyLoaders[noun].loaded.set(item.key, item)
    },
    /** Returns items by key: all requests of one level of a query become one look-up per noun. */
    byKeys: (noun: Noun, keys: readonly string[]): Item[] | Promise<Item[]> => keyLoaders[noun].load(keys),
    /** Returns the list of a parent: the parents of one level become one look-up. */
    listOf: (
      name: string,
      parent: string,
      load: (parents: readonly string[]) => Promise<Map<string, Item[]>>,
    ): Item[] | Promise<Item[]> => {
      const lists = listLoaders.get(name) ?? createLoader(load, whenIdle)
      listLoaders.set(name, lists)
      return andThen(lists.load([parent]), ([list = []]) => list)
    },
  }
}

const nodeLimitError = (): Failure =>
  new Failure('COST_LIMIT', `The query reaches more than ${maxNodes} nodes: request fewer at a time.`)

export type ExecutionContext = ReturnType<typeof createExecutionContext>

/** Continues at once with a value, or later with the value of a promise: a promise for each place would cost more than the result. */
export const andThen = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  value instanceof Promise ? value.then(next) : next(value)

interface Loader<T> {
  loaded: Map<string, T>
  /** Returns the values that exist; without a promise if all of them are loaded. */
  load(names: readonly string[]): T[] | Promise<T[]>
}

/** Creates a loader that loads all names together that are requested before `schedule` calls back. All of them share one promise. */
const createLoader = <T>(
  read: (names: readonly string[]) => Promise<Map<string, T>>,
  schedule: (callback: () => void) => void,
): Loader<T> => {
  const loaded = new Map<string, T>()
  let requested = new Set<string>()
  let batch: Promise<void> | undefined
  const readBatch = async (): Promise<void> => {
    await new Promise<void>(schedule)
    const names = [...requested]
    requested = new Set()
    batch = undefined
    for (const [name, value] of await read(names)) loaded.set(name, value)
  }
  const find = (names: readonly string[]): T[] => names.map(name => loaded.get(name)).filter(one => one !== undefined)
  return {
    loaded,
    load: names => {
      const missing = names.filter(name => !loaded.has(name))
      if (missing.length === 0) return find(names)
      for (const name of missing) requested.add(name)
      batch ??= readBatch()
      return batch.then(() => find(names))
    },
  }
}
