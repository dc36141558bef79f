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
 * A span for every request, below that of whoever sent it (W3C Trace Context), and below it one for all that the database does
 * meanwhile; attributes are named by OpenTelemetry's semantic conventions. Until what it answers is called.
 */
export const recordSpans = (tracer: Tracer): (() => void) => {
  const spans = new WeakMap<IncomingMessage, Span>()
  const current = new AsyncLocalStorage<Context>()
  const propagator = new W3CTraceContextPropagator()
  // Node tells of every request before anything of ours sees it: also of those that are answered ahead of the framework.
  const begin = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage } // as Node documents it
    const above = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter)
    const span = tracer.startSpan(
      methodOf(request),
      { kind: SpanKind.SERVER, attributes: attributesOf(request) },
      above,
    )
    spans.set(request, span)
    current.enterWith(trace.setSpan(above, span))
  }
  const end = ({ request, route, status }: AnsweredRequest): void => {
    const span = spans.get(request)
    if (span === undefined) return
    span.setAttribute('http.response.status_code', status)
    if (route !== undefined) span.updateName(`${methodOf(request)} ${route}`).setAttribute('http.route', route)
    if (status >= 500) span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }
  const add = ({ kind, text, start, end }: DatabaseWork): void => {
    const context = current.getStore()
    if (context === undefined) return
    const { name, attributes } = kind === 'read' ? readIn(text) : { name: text, attributes: {} }
    const span = { kind: SpanKind.CLIENT, startTime: timeOf(start), attributes: { ...sqlite, ...attributes } }
    tracer.startSpan(name, span, context).end(timeOf(end))
  }
  const name = ({ request, type, name }: GraphqlOperation): void => {
    spans.get(request)?.setAttribute('graphql.operation.type', type)
    if (name !== undefined) spans.get(request)?.setAttribute('graphql.operation.name', name)
  }
  subscribe('http.server.request.start', begin)
  const stops = [answeredRequest.hear(end), databaseWork.hear(add), graphqlOperation.hear(name)]
  return () => {
    unsubscribe('http.server.request.start', begin)
    for (const stop of stops) stop()
  }
}

const methodOf = ({ method }: IncomingMessage): string => method as string // a request has one

/** Never the query: it may hold what nobody else should read. */
const attributesOf = (request: IncomingMessage) => ({
  'http.request.method': methodOf(request),
  'url.path': (request.url as string).split('?', 1)[0] as string, // a request has an address, and split yields at least one part
  'url.scheme': 'http',
})

const sqlite = { 'db.system.name': 'sqlite' }

/** A statement that reads: its values are not in it. */
const readIn = (sql: string) => {
  const name = sql.slice(0, sql.indexOf(' ')).toUpperCase()
  return { name, attributes: { 'db.operation.name': name, 'db.query.text': sql } }
}

const timeOf = (moment: number): number => performance.timeOrigin + moment
