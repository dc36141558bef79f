import { z } from 'zod'
import { BadConfig } from '../../config.ts'

const protocols = ['http/protobuf', 'http/json'] as const
const protocol = z
  .enum(protocols)
  .optional()
  .meta({ takes: `${protocols.join(' or ')}` })

/** Those of OpenTelemetry's variables that its packages leave to whoever uses them; they read where to send to by themselves. */
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

/** How traces are recorded; undefined where nobody asks for them. What is said for other programs then ends no start. */
export const readTracing = (environment: Environment): Tracing | undefined => {
  if (!isAskedFor(environment)) return undefined
  const result = Tracing.safeParse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')))
  if (result.success) return result.data
  const wrong = new Set(result.error.issues.map(issue => issue.path[0] as keyof Tracing)) // the schema is flat
  throw new BadConfig(`${[...wrong].map(name => `${name} takes ${Tracing.shape[name].meta()?.takes}`).join('; ')}.`)
}

/** Where it is not said how to export, an address to send to says it. */
const isAskedFor = (environment: Environment): boolean => {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false
  const exporter = environment.OTEL_TRACES_EXPORTER || undefined
  if (exporter !== undefined && exporter !== 'otlp' && exporter !== 'none')
    throw new BadConfig('OTEL_TRACES_EXPORTER takes otlp or none.')
  const address = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT
  return exporter === undefined ? Boolean(address) : exporter === 'otlp'
}
