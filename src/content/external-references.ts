import type { ResolveExternal } from '../model/check-document.ts'
import type { Noun } from '../model/vocabulary.ts'

/** The current keys of what is not in the files at hand, by the keys asked for; what is not there is left out. */
export type LookUp = (noun: Noun, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** Keys that something refers to, by noun. */
export type Asked = ReadonlyMap<Noun, ReadonlySet<string>>

/** Notes what is asked for, and knows nothing. */
export const noting = (): { asked: Asked; outside: ResolveExternal } => {
  const asked = new Map<Noun, Set<string>>()
  const outside: ResolveExternal = (noun, key) => {
    asked.set(noun, (asked.get(noun) ?? new Set()).add(key))
    return undefined
  }
  return { asked, outside }
}

/** Knows of what was asked for as much as can be looked up. */
export const lookedUp = async (asked: Asked, lookUp: LookUp): Promise<ResolveExternal> => {
  const known = new Map<Noun, ReadonlyMap<string, string>>()
  for (const [noun, keys] of asked) known.set(noun, await lookUp(noun, [...keys]))
  return (noun, key) => known.get(noun)?.get(key)
}
