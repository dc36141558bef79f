import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export type { Logger }

/** What nobody should read in a log, wherever it stands in what is logged. */
const secrets = ['authorization', 'secret', 'password']

/** One JSON object a line on stdout; readable lines where a person looks on. */
export const createLogger = (level: string, stream: NodeJS.WriteStream = process.stdout): Logger => {
  const options = { level, redact: secrets.flatMap(name => [name, `*.${name}`, `*.*.${name}`]) }
  return stream.isTTY
    ? pino(options, pretty({ destination: stream, sync: true, ignore: 'pid,hostname,reqId' }))
    : pino(options, stream === process.stdout ? pino.destination(1) : stream)
}
