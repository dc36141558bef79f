import type { Logger } from '../logger.ts'
import { readTracing } from './settings.ts'

/**
 * Sends traces where the standard variables of OpenTelemetry ask for them, until what it answers is called. Only then its
 * packages are loaded: they take as much memory and time as a good part of the service.
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
