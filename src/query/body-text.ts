import { Failure } from '../errors.ts'
import { findTooDeepPath, tooDeep } from '../text/nesting.ts'
import { findLoneSurrogate, invalidUtf8Offset } from '../text/unicode.ts'
import { pointerTo } from './validation-errors.ts'

const strictDecoder = new TextDecoder('utf-8', { fatal: true })

/** Decodes a body, or rejects it with the place where it is not UTF-8. Drops a byte order mark, as RFC 8259, section 8.1, allows. */
export const decodeBody = (bytes: Uint8Array): string => {
  try {
    return strictDecoder.decode(bytes)
  } catch (cause) {
    const at = invalidUtf8Offset(bytes)
    const before = new TextDecoder().decode(bytes.subarray(0, at)).slice(-20)
    const place = `offset ${at}${before === '' ? '' : `, behind ${before}`}`
    throw new Failure(
      'BAD_USER_INPUT',
      `The body is not UTF-8: the byte 0x${hex(bytes[at])} at ${place}. Send it encoded as UTF-8.`,
      { cause },
    )
  }
}

const hex = (byte = 0): string => byte.toString(16).toUpperCase().padStart(2, '0')

/** Rejects a parsed body with a string that UTF-8 cannot encode, and names the place. `text` is the source of `value`. */
export const rejectLoneSurrogates = (value: unknown, text: string): void => {
  const path = surrogateEscape.test(text) ? findLoneSurrogate(value) : undefined
  if (path === undefined) return
  const pointer = pointerTo(path).toWellFormed()
  const message = `${pointer === '' ? 'The body' : pointer} has half of a surrogate pair, which is no character: write the character itself, or both halves.`
  throw new Failure('BAD_USER_INPUT', message, { errors: [{ pointer, message }] })
}

/** Matches an escaped surrogate of JSON or YAML. */
const surrogateEscape = /\\(u|U0000)d[89a-f]/i

/** Rejects JSON that is nested too deep before it is parsed, and names the place. Text that is not JSON is left to the parser. */
export const rejectDeepJson = (text: string): void => {
  const path = findTooDeepPath(text)
  if (path === undefined) return
  const message = `The body ${tooDeep}.`
  throw new Failure('BAD_USER_INPUT', message, { errors: [{ pointer: pointerTo(path), message }] })
}
