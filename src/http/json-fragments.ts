import { contentHash } from '../text/content-hash.ts'

/** Part of a JSON body, with a hash that identifies it. Items of the catalog are fragments, since they have these members. */
export interface JsonFragment {
  json: string
  hash: string
}

/** A body in parts, in order. */
export type JsonFragments = readonly JsonFragment[]

/** Returns short text between fragments, which is its own hash. */
export const literal = (text: string): JsonFragment => ({ json: text, hash: text })

export const fragmentOf = (json: string): JsonFragment => ({ json, hash: contentHash(json) })

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

/** Concatenates fragments. The hash is computed from their hashes, which is faster than from the text. */
export const concat = (fragments: JsonFragments): JsonFragment => {
  const [only] = fragments
  if (only !== undefined && fragments.length === 1) return only
  const json = fragments.map(fragment => fragment.json).join('')
  return { json, hash: contentHash(fragments.map(({ hash }) => hash).join('\n')) }
}

/** Returns fragments as a JSON array. */
export const arrayOf = (fragments: readonly JsonFragment[]): JsonFragments => [
  open,
  ...commaSeparated(fragments),
  close,
]

const [open, close] = [literal('['), literal(']')]

/** Returns lists of fragments as a JSON object of arrays. */
export const namedArrays = (lists: Record<string, readonly JsonFragment[]>): JsonFragments => [
  literal('{'),
  ...Object.entries(lists).flatMap(([name, fragments], index) => [
    literal(`${index === 0 ? '' : ','}"${name}":`),
    ...arrayOf(fragments),
  ]),
  literal('}'),
]

/** Returns an object without its closing brace, to which members are appended. */
export const withoutClosingBrace = ({ json, hash }: JsonFragment): JsonFragment => ({
  json: json.slice(0, -1),
  hash: `${hash}-`,
})
