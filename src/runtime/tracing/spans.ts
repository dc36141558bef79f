import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  type AnsweredRequest,
  answeredRequest,
  type DatabaseWork,
  databaseWork,
  type GraphqlOperation,
  graphqlOperation,
} from '../diagnostics.ts'

/**
 * Records a span for every request, as a child of the client's span (W3C Trace Context), with a child span for each database
 * read and write, until the returned function is called. Attributes follow OpenTelemetry's semantic conventions.
 */
export const recordSpans = (tracer: Tracer): (() => void) => {
  const spans = new WeakMap<IncomingMessage, Span>()
  const current = new AsyncLocalStorage<Context>()
  const propagator = new W3CTraceContextPropagator()
  // Node publishes every request before Fastify sees it, also those that are answered without Fastify.
  const startSpan = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage } // as Node documents it
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter)
    const span = tracer.startSpan(
      methodOf(request),
      { kind: SpanKind.SERVER, attributes: attributesOf(request) },
      parent,
    )
    spans.set(request, span)
    current.enterWith(trace.setSpan(parent, span))
  }
  const endSpan = ({ request, route, status }: AnsweredRequest): void => {
    const span = spans.get(request)
    if (span === undefined) return
    span.setAttribute('http.response.status_code', status)
    if (route !== undefined) span.updateName(`${methodOf(request)} ${route}`).setAttribute('http.route', route)
    if (status >= 500) span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }
  const addDatabaseSpan = ({ kind, text, start, end }: DatabaseWork): void => {
    const context = current.getStore()
    if (context === undefined) return
    const { name, attributes } = kind === 'read' ? describeQuery(text) : { name: text, attributes: {} }
    const span = {
      kind: SpanKind.CLIENT,
      startTime: epochMilliseconds(start),
      attributes: { ...sqlite, ...attributes },
    }
    tracer.startSpan(name, span, context).end(epochMilliseconds(end))
  }
  const addOperation = ({ request, type, name }: GraphqlOperation): void => {
    spans.get(request)?.setAttribute('graphql.operation.type', type)
    if (name !== undefined) spans.get(request)?.setAttribute('graphql.operation.name', name)
  }
  subscribe('http.server.request.start', startSpan)
  const unsubscribers = [
    answeredRequest.subscribe(endSpan),
    databaseWork.subscribe(addDatabaseSpan),
    graphqlOperation.subscribe(addOperation),
  ]
  return () => {
    unsubscribe('http.server.request.start', startSpan)
    for (const stop of unsubscribers) stop()
  }
}

const methodOf = ({ method }: IncomingMessage): string => method as string // a request has one

/** Returns the attributes of a request, without the query string: it may hold private values. */
const attributesOf = (request: IncomingMessage) => ({
  'http.request.method': methodOf(request),
  'url.path': (request.url as string).split('?', 1)[0] as string, // a request has an address, and split yields at least one part
  'url.scheme': 'http',
})

const sqlite = { 'db.system.name': 'sqlite' }

/** Names a SELECT statement; its text has placeholders, not values. */
const describeQuery = (sql: string) => {
  const name = sql.slice(0, sql.indexOf(' ')).toUpperCase()
  return { name, attributes: { 'db.operation.name': name, 'db.query.text': sql } }
}

const epochMilliseconds = (monotonic: number): number => performance.timeOrigin + monotonic
