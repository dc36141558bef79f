import type { Writable } from 'node:stream'
import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export type { Logger }

/** What nobody should read in a log, wherever it stands in what is logged. */
const secrets = ['authorization', 'secret', 'password']

/** One JSON object a line; without another place, on stdout. */
export const createLogger = (level: string, to: DestinationStream = logTo(process.stdout)): Logger =>
  pino({ level, redact: secrets.flatMap(name => [name, `*.${name}`, `*.*.${name}`]) }, to)

/** Lines that come close together are written together, and the last ones when the process ends; a person's terminal gets readable ones. */
export const logTo = (stream: NodeJS.WriteStream & { fd: number }): DestinationStream =>
  stream.isTTY ? lineStream(stream) : pino.destination({ dest: stream.fd, sync: false })

/** Takes JSON lines, and makes them readable where a person looks on. */
export const lineStream = (stream: NodeJS.WriteStream): Writable =>
  stream.isTTY ? pretty({ destination: stream, sync: true, ignore: 'pid,hostname,reqId' }) : stream

/** Until what was logged is handed over: a pipe takes it only as fast as it is read, and the end of the process would lose the rest. */
export const flushed = (stream: Writable = process.stdout): Promise<void> =>
  new Promise(resolve => stream.write('', () => resolve()))
