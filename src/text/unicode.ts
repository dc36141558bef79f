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
 * YAML can write such a half as an escape, UTF-8 cannot hold it. The nesting of what is parsed is bounded, so recursion is safe.
 */
export const loneSurrogateIn = (value: unknown): PropertyKey[] | undefined => {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : []
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, one] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (!String(name).isWellFormed()) return [name]
    const path = loneSurrogateIn(one)
    if (path !== undefined) return [name, ...path]
  }
  return undefined
}
