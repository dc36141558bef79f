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

/** In milliseconds: who collects traces and does not answer must not keep the service from ending. */
const patience = 2_000

/** Records spans and sends them in batches, until what it answers is called. */
export const sendSpans = (settings: Tracing, log: Logger): (() => Promise<void>) => {
  // What could not be sent is lost; the service goes on.
  const tell = (err: unknown): void => log.warn({ err }, 'traces could not be sent')
  setGlobalErrorHandler(tell)
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': packageJson.name, 'service.version': packageJson.version }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: exporterOf(settings),
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
      }),
    ],
  })
  const stop = recordSpans(provider.getTracer(packageJson.name, packageJson.version))
  log.info('traces are sent')
  return async () => {
    stop()
    await Promise.race([provider.shutdown().catch(tell), sleep(patience, undefined, { ref: false })])
  }
}

const exporterOf = ({ OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL }: Tracing) =>
  (OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? OTEL_EXPORTER_OTLP_PROTOCOL) === 'http/json'
    ? new JsonExporter()
    : new ProtobufExporter()

const samplerOf = ({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: Tracing): Sampler => {
  const roots: Record<string, Sampler> = {
    always_on: new AlwaysOnSampler(),
    always_off: new AlwaysOffSampler(),
    traceidratio: new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG),
  }
  const root = roots[OTEL_TRACES_SAMPLER.replace('parentbased_', '')] as Sampler // these are all there are
  return OTEL_TRACES_SAMPLER.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}
