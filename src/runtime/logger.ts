import { type DestinationStream, type Logger, pino } from 'pino'
import { createLogOutput, createSend, type LogOutput, type Send } from './log-output.ts'

export type { Logger }

/** Keys whose values are redacted in log objects, at the top and up to two levels below. */
const redactedKeys = ['authorization', 'secret', 'password']

/** Creates a logger that writes one JSON object a line. */
export const createLogger = (level: string, destination: DestinationStream): Logger =>
  pino({ level, redact: redactedKeys.flatMap(name => [name, `*.${name}`, `*.*.${name}`]) }, destination)

/** Opens a logger on a stream; the number of dropped lines is logged once writing works again. */
export const openLog = (level: string, stream: NodeJS.WriteStream): { log: Logger; output: LogOutput } => {
  const output = createOutput(stream)
  const log = createLogger(level, output)
  output.onRecovery(dropped => log.warn({ dropped }, 'log lines were dropped: the log could not be written'))
  return { log, output }
}

/** Writes JSON lines, or formatted lines on a terminal. */
const createOutput = (stream: NodeJS.WriteStream): LogOutput => {
  const send = createSend(stream)
  return createLogOutput(stream.isTTY ? formatLines(send) : send)
}

/** Formats lines with pino-pretty, which is loaded only for a terminal. */
const formatLines = (send: Send): Send => {
  const loading = import('pino-pretty').then(({ prettyFactory }) => prettyFactory({ ignore: 'pid,hostname,reqId' }))
  return (text, done) => void loading.then(format => send(text.replace(/.+\n/g, format), done))
}
