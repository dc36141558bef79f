import { setTimeout as sleep } from 'node:timers/promises'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Logger } from '../logger.ts'
import type { Tracing } from './settings.ts'
import { recordSpans } from './spans.ts'

/** In milliseconds: a collector that does not answer must not delay the end of the process. */
const shutdownTimeout = 2_000

/** Records spans and sends them in batches, until the returned function is called. */
export const sendSpans = (settings: Tracing, log: Logger): (() => Promise<void>) => {
  // Spans that cannot be sent are lost; the service continues.
  const logFailure = (err: unknown): void => log.warn({ err }, 'traces could not be sent')
  setGlobalErrorHandler(logFailure)
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': packageJson.name, 'service.version': packageJson.version }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: createSampler(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: createExporter(settings),
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
      }),
    ],
  })
  const stop = recordSpans(provider.getTracer(packageJson.name, packageJson.version))
  log.info('traces are sent')
  return async () => {
    stop()
    await Promise.race([provider.shutdown().catch(logFailure), sleep(shutdownTimeout, undefined, { ref: false })])
  }
}

const createExporter = ({ OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL }: Tracing) =>
  (OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? OTEL_EXPORTER_OTLP_PROTOCOL) === 'http/json'
    ? new JsonExporter()
    : new ProtobufExporter()

const createSampler = ({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: Tracing): Sampler => {
  const roots: Record<string, Sampler> = {
    always_on: new AlwaysOnSampler(),
    always_off: new AlwaysOffSampler(),
    traceidratio: new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG),
  }
  const root = roots[OTEL_TRACES_SAMPLER.replace('parentbased_', '')] as Sampler // the schema allows only these three names
  return OTEL_TRACES_SAMPLER.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}
