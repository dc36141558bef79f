import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Failure } from '../errors.ts'
import { METHODS } from './node-http.ts'
import { rawProblem } from './problem.ts'

/** The error of Node's HTTP parser. */
interface ParseError {
  code: string
  /** The received bytes; they can hold more than one request. */
  rawPacket?: unknown
}

/** Answers bytes that are not an HTTP request, and closes the connection. */
export const answerParseError = (error: ParseError, socket: Socket): void => {
  socket.end(problemOf(error), () => socket.destroy())
}

const problemOf = ({ code, rawPacket }: ParseError): string => {
  if (code === 'HPE_HEADER_OVERFLOW') return rawProblem(431, 'PAYLOAD_TOO_LARGE', 'The headers are larger than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return rawProblem(408, 'BAD_USER_INPUT', 'The request did not arrive in time.')
  const [, method = ''] = requestLine.exec(String(rawPacket)) ?? []
  if (code === 'HPE_INVALID_METHOD' && method !== '' && !METHODS.includes(method)) return unknownMethod(method)
  const advice = code === 'HPE_INVALID_URL' || code === 'HPE_INVALID_CONSTANT' ? encodingAdvice(rawPacket) : undefined
  return rawProblem(400, 'BAD_USER_INPUT', advice ?? 'This is not HTTP.')
}

/** Returns how to write an address that has unencoded bytes, as `curl '…?q=café'` sends them; undefined if it has none. */
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
      ? `The address must be percent-encoded: ${encoded.slice(0, 300)}`
      : 'The address must be percent-encoded, as the bytes of UTF-8: for example é as %C3%A9.'
  }
  return undefined
}

/** Several requests may have been pipelined. */
const requestLines = /^[!-~]{1,40} (.*) HTTP\/\d/gm

/** A method is a token (RFC 9110, section 9.1), followed by the target. */
const requestLine = /^([\w!#$%&'*+.^`|~-]{1,40}) [/*]/

const unknownMethod = (method: string): string =>
  rawProblem(
    400,
    'BAD_USER_INPUT',
    METHODS.includes(method.toUpperCase())
      ? `Methods are written in capital letters: ${method.toUpperCase()} instead of ${method}.`
      : `No address here has the method ${method}; OPTIONS lists those of an address.`,
  )

type Message = Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'httpVersion'>

/** Returns the failure of a request with an invalid `Host` or `Expect` header; undefined if both are valid. */
export const messageFailure = (message: Message): Failure | undefined => hostFailure(message) ?? expectFailure(message)

/** HTTP/1.1 requires exactly one Host header, with a host and an optional port or empty (RFC 9112, section 3.2); HTTP/1.0 none. */
const hostFailure = ({ headers: { host = '' }, rawHeaders, httpVersion }: Message): Failure | undefined => {
  const lines = countHostLines(rawHeaders)
  if (lines === 0) return httpVersion === '1.0' ? undefined : rejected('The request has no Host header.')
  if (lines > 1) return rejected(`The request has ${lines} Host headers; send one.`)
  return hostAndPort.test(host)
    ? undefined
    : rejected(`The Host header "${host.slice(0, 80)}" is not a host with an optional port.`)
}

const hostAndPort = /^(\[[\da-f:.%]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/i

/** Counts the Host headers that were sent: `headers` has the first only. */
const countHostLines = (rawHeaders: readonly string[]): number => {
  let lines = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string // names and values in turn
    if (name.length === 4 && name.toLowerCase() === 'host') lines += 1
  }
  return lines
}

/** 100-continue, which Node answers, is the only expectation (RFC 9110, section 10.1.1). */
const expectFailure = ({ headers: { expect }, httpVersion }: Message): Failure | undefined =>
  expect === undefined || expect.toLowerCase() === '100-continue' || httpVersion === '1.0'
    ? undefined
    : rejected(`The expectation "${expect.slice(0, 80)}" cannot be met; only 100-continue can.`, 417)

/** Closes the connection, since it is not certain where its next request begins. */
const rejected = (message: string, status = 400): Failure =>
  new Failure('BAD_USER_INPUT', message, { status, headers: { connection: 'close' } })
