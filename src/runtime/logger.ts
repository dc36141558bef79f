import { type DestinationStream, type Logger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { type LogOutput, logOutput, sendTo } from './log-output.ts'

export type { Logger }

/** Keys whose values are redacted wherever they stand in what is logged. */
const secrets = ['authorization', 'secret', 'password']

/** Logs one JSON object a line. */
export const createLogger = (level: string, to: DestinationStream): Logger =>
  pino({ level, redact: secrets.flatMap(name => [name, `*.${name}`, `*.*.${name}`]) }, to)

/** A logger and its output, which reports there how many lines it had to drop. */
export const openLog = (level: string, stream: NodeJS.WriteStream): { log: Logger; output: LogOutput } => {
  const output = outputTo(stream)
  const log = createLogger(level, output)
  output.onRecovery(dropped => log.warn({ dropped }, 'log lines were dropped: the log could not be written'))
  return { log, output }
}

/** Lines are JSON, and readable on a terminal. */
const outputTo = (stream: NodeJS.WriteStream): LogOutput => {
  const send = sendTo(stream)
  if (!stream.isTTY) return logOutput(send)
  const pretty = prettyFactory({ ignore: 'pid,hostname,reqId' })
  return logOutput((text, done) => send(text.replace(/.+\n/g, pretty), done))
}
