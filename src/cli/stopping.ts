import type { Logger } from '../runtime/logger.ts'

/** In milliseconds: a service that has not ended so long after its signal is ended, whatever it waits for. */
export const stopWithin = (drainSeconds: number): number => drainSeconds * 1_000 + 9_500

/** In milliseconds: how long the last lines may take to be written. */
export const logPatience = 2_000

/** The log is a stream, so there is no file to reopen; a terminal that is closed still ends the service. */
export const ignoreHangUp = (log: Logger, isTerminal: boolean): 'SIGHUP'[] => {
  if (isTerminal) return []
  process.on('SIGHUP', () => log.info('SIGHUP is ignored: the log is a stream and has no file to reopen'))
  return ['SIGHUP']
}
