/** Returns the offset of the first byte of invalid UTF-8 (RFC 3629: no overlong forms, no surrogates). Some byte must be invalid. */
export const invalidUtf8Offset = (bytes: Uint8Array): number => {
  // Decoding replaces invalid bytes by U+FFFD, so the first difference lies in the first replacement.
  const replaced = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  let at = 0
  while (replaced[at] === bytes[at]) at += 1
  while (isContinuation(replaced[at])) at -= 1
  return at
}

const isContinuation = (byte = 0): boolean => (byte & 0xc0) === 0x80

/**
 * Returns the path to the first string with half of a surrogate pair, in a name or a value; undefined if there is none. JSON and
 * YAML can write such a half as an escape, but UTF-8 cannot encode it. The nesting of parsed values is bounded, so recursion is safe.
 */
export const findLoneSurrogate = (value: unknown): PropertyKey[] | undefined => {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : []
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, one] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (!String(name).isWellFormed()) return [name]
    const path = findLoneSurrogate(one)
    if (path !== undefined) return [name, ...path]
  }
  return undefined
}

/** Replaces characters that are not allowed in XML, or that platforms reject or remove. */
export const replaceUnsupported = (text: string): string => text.replace(unsupported, '\ufffd')

/** Characters that XML forbids or discourages (XML 1.0, section 2.2); content cannot contain the other control characters. */
const unsupported =
  /[\u0080-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
