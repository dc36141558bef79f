import { z } from 'zod'
import { BadConfig, type Environment, parseEnvironment, wholeNumber } from '../../config.ts'

const protocol = z.enum(['http/protobuf', 'http/json']).optional()

/** The OpenTelemetry variables that its packages leave to the application; they read the endpoint and headers themselves. */
const Tracing = z.object({
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number('must be a number from 0 to 1').min(0).max(1).default(1),
  OTEL_BSP_SCHEDULE_DELAY: wholeNumber(3_600_000, 1, 'milliseconds').default(5_000),
})
export type Tracing = z.infer<typeof Tracing>

/** Reads the tracing settings; undefined when tracing is off. Variables set for other programs are then not validated. */
export const readTracing = (environment: Environment): Tracing | undefined =>
  isEnabled(environment) ? parseEnvironment(Tracing, environment) : undefined

/** Returns true when an exporter is named, or when none is named and an endpoint is set. */
const isEnabled = (environment: Environment): boolean => {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false
  const exporter = environment.OTEL_TRACES_EXPORTER || undefined
  if (exporter !== undefined && exporter !== 'otlp' && exporter !== 'none')
    throw new BadConfig('OTEL_TRACES_EXPORTER must be one of otlp, none.')
  const endpoint = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT
  return exporter === undefined ? Boolean(endpoint) : exporter === 'otlp'
}
