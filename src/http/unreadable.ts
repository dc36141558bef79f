import { METHODS } from 'node:http'
import type { Socket } from 'node:net'
import { rawProblem } from './problem.ts'

/** What Node says of bytes that it could not read as a request. */
interface Unreadable {
  code: string
  /** The bytes; more than one request may stand in them. */
  rawPacket?: unknown
}

/** Answers what never became a request, and ends the connection. */
export const answerUnreadable = (error: Unreadable, socket: Socket): void => {
  socket.end(problemOf(error), () => socket.destroy())
}

const problemOf = ({ code, rawPacket }: Unreadable): string => {
  if (code === 'HPE_HEADER_OVERFLOW') return rawProblem(431, 'PAYLOAD_TOO_LARGE', 'The headers are larger than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return rawProblem(408, 'BAD_USER_INPUT', 'The request did not arrive in time.')
  const [, method = ''] = requestLine.exec(String(rawPacket)) ?? []
  if (code === 'HPE_INVALID_METHOD' && method !== '' && !METHODS.includes(method)) return unknownMethod(method)
  return rawProblem(400, 'BAD_USER_INPUT', 'This is not HTTP.')
}

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
