import type { Item } from '../model/curriculum.ts'
import { contentHash } from '../text/content-hash.ts'

/** Part of a response body, used in many responses, with a hash that identifies its bytes. */
export interface JsonFragment {
  bytes: Buffer
  hash: string
}

/** A body in parts, in order. */
export type JsonFragments = readonly JsonFragment[]

/** Returns short text between fragments, which is its own hash. */
export const literal = (text: string): JsonFragment => ({ bytes: Buffer.from(text), hash: text })

export const fragmentOf = (content: string | Buffer): JsonFragment => {
  const bytes = Buffer.from(content)
  return { bytes, hash: contentHash(bytes) }
}

/** Returns a fragment whose hash is computed on first use. */
export const lazyFragmentOf = (content: string): JsonFragment => {
  const bytes = Buffer.from(content)
  let hash: string | undefined
  return {
    bytes,
    get hash() {
      hash ??= contentHash(bytes)
      return hash
    },
  }
}

/** Returns a function that serializes immutable objects: each once, for as long as it is in memory. */
export const createFragmentCache = <T extends object>(project: (value: T) => unknown): ((value: T) => JsonFragment) => {
  const fragments = new WeakMap<T, JsonFragment>()
  return value => {
    const cached = fragments.get(value)
    if (cached !== undefined) return cached
    const fragment = fragmentOf(JSON.stringify(project(value)))
    fragments.set(value, fragment)
    return fragment
  }
}

const comma = literal(',')

/** Puts commas between fragments. */
export const commaSeparated = (fragments: readonly JsonFragment[]): JsonFragment[] => {
  const all: JsonFragment[] = []
  for (const fragment of fragments) {
    if (all.length > 0) all.push(comma)
    all.push(fragment)
  }
  return all
}

/** Concatenates fragments. The hash is computed from their hashes, which is faster than from the bytes. */
export const concat = (fragments: JsonFragments): JsonFragment => {
  const [only] = fragments
  if (only !== undefined && fragments.length === 1) return only
  let length = 0
  for (const fragment of fragments) length += fragment.bytes.length
  const bytes = Buffer.allocUnsafeSlow(length)
  let at = 0
  for (const fragment of fragments) {
    bytes.set(fragment.bytes, at)
    at += fragment.bytes.length
  }
  return { bytes, hash: contentHash(fragments.map(({ hash }) => hash).join('\n')) }
}

/** Returns a noun as JSON, serialized once for all responses while it is in memory. */
export const nounFragment = createFragmentCache((item: Item) => item)

/** Returns nouns as a JSON array. */
export const listFragments = (items: readonly Item[]): JsonFragments => [
  open,
  ...commaSeparated(items.map(nounFragment)),
  close,
]

const [open, close] = [literal('['), literal(']')]

/** Returns lists of nouns as a JSON object of arrays. */
export const namedListsFragments = (lists: Record<string, Item[]>): JsonFragments => [
  literal('{'),
  ...Object.entries(lists).flatMap(([name, items], index) => [
    literal(`${index === 0 ? '' : ','}"${name}":`),
    ...listFragments(items),
  ]),
  literal('}'),
]

const unclosed = new WeakMap<JsonFragment, JsonFragment>()

/** Returns an object without its closing brace, to which members are appended. */
export const withoutClosingBrace = (fragment: JsonFragment): JsonFragment => {
  const result = unclosed.get(fragment) ?? { bytes: fragment.bytes.subarray(0, -1), hash: `${fragment.hash}-` }
  unclosed.set(fragment, result)
  return result
}
