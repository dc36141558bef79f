/** Returns the offset of the first byte that is not UTF-8, in bytes of which some are not (RFC 3629: no overlong forms, no surrogates). */
export const notUtf8At = (bytes: Uint8Array): number => {
  // Decoding replaces what is wrong, so the first difference lies in the first replacement.
  const replaced = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  let at = 0
  while (replaced[at] === bytes[at]) at += 1
  while (isContinuation(replaced[at])) at -= 1
  return at
}

const isContinuation = (byte = 0): boolean => (byte & 0xc0) === 0x80

/**
 * Returns the path to the first string with half of a surrogate pair, in a name or a value; undefined if there is none. JSON and
 * YAML can write such a half as an escape, UTF-8 cannot hold it.
 */
export const loneSurrogateIn = (root: unknown): PropertyKey[] | undefined => {
  // No recursion: a value may be nested deeper than the call stack. YAML's aliases may lead in a circle.
  const waiting: Visit[] = [{ value: root, name: '', parent: undefined }]
  const seen = new Set<unknown>()
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { value, name } = visit
    if (!isWellFormed(name) || !isWellFormed(value)) return pathOf(visit)
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
    for (const [child, inner] of children.reverse()) waiting.push({ value: inner, name: child, parent: visit })
  }
  return undefined
}

interface Visit {
  value: unknown
  name: PropertyKey
  parent: Visit | undefined
}

const isWellFormed = (text: unknown): boolean => typeof text !== 'string' || text.isWellFormed()

const pathOf = (visit: Visit): PropertyKey[] => {
  const path: PropertyKey[] = []
  for (let at = visit; at.parent !== undefined; at = at.parent) path.push(at.name)
  return path.reverse()
}
