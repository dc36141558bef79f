import type { Logger } from '../logger.ts'
import { readTracing } from './settings.ts'

/**
 * Sends traces when OpenTelemetry's standard variables enable it, until the returned function is called. Its packages are
 * loaded only then, because they cost much memory and start-up time.
 */
export const startTracing = async (
  environment: Record<string, string | undefined>,
  log: Logger,
): Promise<() => Promise<void>> => {
  const settings = readTracing(environment)
  if (settings === undefined) return async () => undefined
  const { sendSpans } = await import('./send.ts')
  return sendSpans(settings, log)
}
