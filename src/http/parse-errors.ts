import { isUtf8 } from 'node:buffer'
import { METHODS } from 'node:http'
import type { Socket } from 'node:net'
import { rawProblem } from './problem.ts'

/** What Node says of bytes that it could not read as a request. */
interface ParseError {
  code: string
  /** The bytes; more than one request may stand in them. */
  rawPacket?: unknown
}

/** Answers what never became a request, and ends the connection. */
export const answerParseError = (error: ParseError, socket: Socket): void => {
  socket.end(problemOf(error), () => socket.destroy())
}

const problemOf = ({ code, rawPacket }: ParseError): string => {
  if (code === 'HPE_HEADER_OVERFLOW') return rawProblem(431, 'PAYLOAD_TOO_LARGE', 'The headers are larger than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return rawProblem(408, 'BAD_USER_INPUT', 'The request did not arrive in time.')
  const [, method = ''] = requestLine.exec(String(rawPacket)) ?? []
  if (code === 'HPE_INVALID_METHOD' && method !== '' && !METHODS.includes(method)) return unknownMethod(method)
  const fault = code === 'HPE_INVALID_URL' || code === 'HPE_INVALID_CONSTANT' ? encodingAdvice(rawPacket) : undefined
  return rawProblem(400, 'BAD_USER_INPUT', fault ?? 'This is not HTTP.')
}

/** Returns how an address is to be written that came with bytes it cannot hold, as `curl '…?q=café'` sends them. */
const encodingAdvice = (rawPacket: unknown): string | undefined => {
  const lines = Buffer.from(rawPacket as Buffer)
    .toString('latin1')
    .matchAll(requestLines) // Node has read these bytes
  for (const [, target = ''] of lines) {
    const encoded = target.replace(
      /[^!-~]/g,
      one => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    if (encoded === target) continue
    return isUtf8(Buffer.from(target, 'latin1'))
      ? `The address has to be percent-encoded: ${encoded.slice(0, 300)}`
      : 'The address has to be percent-encoded, as the bytes of UTF-8: for example é as %C3%A9.'
  }
  return undefined
}

/** More than one request may have come at once. */
const requestLines = /^[!-~]{1,40} (.*) HTTP\/\d/gm

/** A method is a word (RFC 9110, section 9.1), and an address comes behind it. */
const requestLine = /^([\w!#$%&'*+.^`|~-]{1,40}) [/*]/

const unknownMethod = (method: string): string =>
  rawProblem(
    400,
    'BAD_USER_INPUT',
    METHODS.includes(method.toUpperCase())
      ? `Methods are written in capitals: ${method.toUpperCase()} instead of ${method}.`
      : `No address here has the method ${method}; OPTIONS says which an address has.`,
  )
