import { setImmediate as turn } from 'node:timers/promises'
import DataLoader from 'dataloader'
import { type Catalog, type FindResult, parseItems, type Writer } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Item } from '../model/curriculum.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { SelectedFields } from './selected-fields.ts'
import { createTurnScheduler } from './turn-scheduler.ts'

/** The limit of nodes per query: more than any page needs. */
const maxNodes = 20_000

/** Nodes per turn of the event loop, from memory and from the database: reading a node takes about three times as long. */
const [resolvedPerTurn, readPerTurn] = [300, 100]

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
    nouns.map(noun => [noun, createKeyLoader(catalog, noun, selected[noun], whenIdle)]),
  ) as Record<Noun, RecordedLoader<Item | undefined>> // one loader for each noun
  const listLoaders = new Map<string, RecordedLoader<Item[]>>()
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
      for (const { loader, values } of Object.values(keyLoaders)) {
        loader.clearAll()
        values.clear()
      }
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
    /** Returns items without a promise if all are loaded already: a promise for each place would cost more than the result. */
    loadedByKeys: (noun: Noun, keys: readonly string[]): Item[] | undefined => {
      const { values } = keyLoaders[noun]
      const found = keys.map(key => values.get(key))
      return found.every(one => one !== undefined) ? found : undefined
    },
    /** Adds the items of a list to the loaded ones: an edge to one of them reads nothing. */
    addLoaded: (noun: Noun, items: readonly Item[]): void => {
      for (const item of items) keyLoaders[noun].values.set(item.key, item)
    },
    /** Returns the list of a parent if it is loaded already. */
    loadedList: (name: string, parent: string): Item[] | undefined => listLoaders.get(name)?.values.get(parent),
    /** Loads items by key: all requests of one level of a query become one look-up per noun. */
    byKeys: async (noun: Noun, keys: readonly string[]): Promise<Item[]> => {
      const { loader, values } = keyLoaders[noun]
      const found = await Promise.all(keys.map(key => values.get(key) ?? loader.load(key)))
      return found.filter(one => one !== undefined)
    },
    /** Loads the list of a parent: the parents of one level become one look-up. */
    loadList: (
      name: string,
      parent: string,
      load: (parents: readonly string[]) => Promise<Map<string, Item[]>>,
    ): Promise<Item[]> => {
      const list =
        listLoaders.get(name) ??
        createLoader(async parents => {
          const found = await load(parents)
          return parents.map(one => found.get(one) ?? [])
        }, whenIdle)
      listLoaders.set(name, list)
      return list.loader.load(parent)
    },
  }
}

const nodeLimitError = (): Failure =>
  new Failure('COST_LIMIT', `The query reaches more than ${maxNodes} nodes: request fewer at a time.`)

export type ExecutionContext = ReturnType<typeof createExecutionContext>

/** A loader, and the values it has loaded. */
interface RecordedLoader<T> {
  loader: DataLoader<string, T>
  values: Map<string, T>
}

type BatchSchedule = (callback: () => void) => void

const createLoader = <T>(
  load: (names: readonly string[]) => Promise<T[]>,
  schedule: BatchSchedule,
): RecordedLoader<T> => {
  const values = new Map<string, T>()
  const find = async (names: readonly string[]): Promise<T[]> => {
    const found = await load(names)
    for (const [index, one] of found.entries()) values.set(names[index] as string, one) // `load` returns one value for each name
    return found
  }
  return { loader: new DataLoader(find, { batchScheduleFn: schedule }), values }
}

const createKeyLoader = (
  catalog: Catalog,
  noun: Noun,
  fields: readonly string[] | undefined,
  schedule: BatchSchedule,
): RecordedLoader<Item | undefined> =>
  createLoader(async keys => {
    const found = new Map(parseItems(await catalog.byKeys(noun, keys, fields)).map(item => [item.key, item]))
    return keys.map(key => found.get(key))
  }, schedule)
