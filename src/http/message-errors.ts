import type { IncomingMessage } from 'node:http'
import { Failure } from '../errors.ts'

type Message = Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'httpVersion'>

/** Returns why a request is refused whatever it is for: its `Host` or `Expect` header. Undefined if both are as they should be. */
export const messageFailure = (message: Message): Failure | undefined => hostFailure(message) ?? expectFailure(message)

/** A request has one Host line, with a host and a port or nothing (RFC 9112, section 3.2); before HTTP/1.1 it may have none. */
const hostFailure = ({ headers: { host = '' }, rawHeaders, httpVersion }: Message): Failure | undefined => {
  const lines = countHostLines(rawHeaders)
  if (lines === 0) return httpVersion === '1.0' ? undefined : rejected('The request has no Host header.')
  if (lines > 1) return rejected(`The request has ${lines} Host headers; send one.`)
  return hostAndPort.test(host) ? undefined : rejected(`The Host header "${host.slice(0, 80)}" is no host with a port.`)
}

const hostAndPort = /^(\[[\da-f:.%]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/i

/** Counts them as they came: `headers` has the first alone. */
const countHostLines = (rawHeaders: readonly string[]): number => {
  let lines = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string // names and values in turn
    if (name.length === 4 && name.toLowerCase() === 'host') lines += 1
  }
  return lines
}

/** There is one expectation, and Node meets it (RFC 9110, section 10.1.1). */
const expectFailure = ({ headers: { expect }, httpVersion }: Message): Failure | undefined =>
  expect === undefined || expect.toLowerCase() === '100-continue' || httpVersion === '1.0'
    ? undefined
    : rejected(`The expectation "${expect.slice(0, 80)}" cannot be met; there is 100-continue.`, 417)

/** Where the next request begins on the connection is not certain. */
const rejected = (message: string, status = 400): Failure =>
  new Failure('BAD_USER_INPUT', message, { status, headers: { connection: 'close' } })
