import DataLoader from 'dataloader'
import type { Catalog, Found } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { Writer } from '../writer.ts'

import { pacer } from './pace.ts'

/** More nodes than this are no page that a person reads. */
const mostNodes = 20_000

/** What one execution shares: what it has loaded, and how much. */
/** Who writes, and with what. A query has neither. */
export interface Writing {
  writer: Writer
  by: string
}

export const executionContext = (catalog: Catalog, writing: Writing | undefined) => {
  const byKey = Object.fromEntries(nouns.map(noun => [noun, keyLoader(catalog, noun)])) as Record<
    Noun,
    DataLoader<string, Answer | undefined>
  > // one loader a noun
  const lists = new Map<string, DataLoader<string, Answer[]>>()
  let nodes = 0
  return {
    catalog,
    writing,
    /** The current key of what has this id or key; undefined where there is none. */
    keyOf: async (noun: Noun, ref: string): Promise<string | undefined> => {
      const found: Found | undefined = await catalog.find(noun, ref)
      if (found === undefined || 'goneSince' in found) return undefined
      return 'movedTo' in found ? found.movedTo : found.answer.key
    },
    /** Something was written: what was loaded may be otherwise by now. */
    renew: (): void => {
      for (const loader of Object.values(byKey)) loader.clearAll()
      lists.clear()
    },
    /** Counts what is about to be answered, once for every place it stands in. */
    spend: (count: number): void => {
      nodes += count
      if (nodes > mostNodes)
        throw new Failure('COST_LIMIT', `The query reaches more than ${mostNodes} nodes; ask for less at a time.`)
    },
    /** How many were counted. */
    spent: (): number => nodes,
    pace: pacer(),
    /** Whatever asks for a noun by key at one level of a query is answered by one look-up. */
    byKey: async (noun: Noun, keys: readonly string[]): Promise<Answer[]> => {
      const found = await Promise.all(keys.map(key => byKey[noun].load(key)))
      return found.filter(one => one !== undefined)
    },
    /** A list that hangs on a parent; all parents of a level are answered by one look-up. */
    listOf: (
      name: string,
      parent: string,
      load: (parents: readonly string[]) => Promise<Map<string, Answer[]>>,
    ): Promise<Answer[]> => {
      const known =
        lists.get(name) ??
        new DataLoader(async (parents: readonly string[]) => {
          const found = await load(parents)
          return parents.map(one => found.get(one) ?? [])
        })
      lists.set(name, known)
      return known.load(parent)
    },
  }
}
export type Context = ReturnType<typeof executionContext>

const keyLoader = (catalog: Catalog, noun: Noun): DataLoader<string, Answer | undefined> =>
  new DataLoader(async (keys: readonly string[]) => {
    const found = new Map((await catalog.byKeys(noun, keys)).map(answer => [answer.key, answer]))
    return keys.map(key => found.get(key))
  })
