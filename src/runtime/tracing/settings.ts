import { z } from 'zod'
import { BadConfig } from '../../config.ts'

const protocols = ['http/protobuf', 'http/json'] as const
const protocol = z
  .enum(protocols)
  .optional()
  .meta({ takes: `${protocols.join(' or ')}` })

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
    .default('parentbased_always_on')
    .meta({ takes: 'always_on, always_off or traceidratio, also with parentbased_ before it' }),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).meta({ takes: 'a number from 0 to 1' }),
  OTEL_BSP_SCHEDULE_DELAY: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600_000)
    .default(5_000)
    .meta({ takes: 'a whole number of milliseconds from 1' }),
})
export type Tracing = z.infer<typeof Tracing>

type Environment = Record<string, string | undefined>

/** Reads the tracing settings; undefined when tracing is off. Variables set for other programs are then not validated. */
export const readTracing = (environment: Environment): Tracing | undefined => {
  if (!isEnabled(environment)) return undefined
  const result = Tracing.safeParse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')))
  if (result.success) return result.data
  const invalid = new Set(result.error.issues.map(issue => issue.path[0] as keyof Tracing)) // the schema is flat
  throw new BadConfig(`${[...invalid].map(name => `${name} takes ${Tracing.shape[name].meta()?.takes}`).join('; ')}.`)
}

/** Returns true when an exporter is named, or when none is named and an endpoint is set. */
const isEnabled = (environment: Environment): boolean => {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false
  const exporter = environment.OTEL_TRACES_EXPORTER || undefined
  if (exporter !== undefined && exporter !== 'otlp' && exporter !== 'none')
    throw new BadConfig('OTEL_TRACES_EXPORTER takes otlp or none.')
  const endpoint = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT
  return exporter === undefined ? Boolean(endpoint) : exporter === 'otlp'
}
