import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { type Catalog, parseItems } from '../../catalog.ts'
import type { Failure, Suggestion } from '../../errors.ts'
import { preferredType } from '../../http/media-types.ts'
import { sendProblem, toFailure } from '../../http/problem.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import { pathOf } from '../../http/request.ts'
import { allowFraming } from '../../http/response-headers.ts'
import type { Noun } from '../../model/vocabulary.ts'
import { plainText } from '../../text/html.ts'
import { languages, type Messages, messagesFor } from '../messages/messages.ts'
import { formatHtml, html } from './html.ts'
import { createLinks, urlOfItem } from './links.ts'
import { type TrackLink, trackLinks } from './page-elements.ts'
import { isEmbedded, renderPage } from './page-frame.ts'
import { searchForm } from './search-form.ts'
import type { Site } from './site.ts'

/**
 * Returns an error handler that sends an HTML page to browsers, and problem details (RFC 9457) to other clients. The page for what does
 * not exist lists the tracks of the catalog, if it gets one.
 */
export const errorPage =
  (site: Site, catalog: Catalog | undefined) =>
  async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reply.header('vary', 'Accept, Accept-Language')
    const failure = toFailure(error)
    if (failure.status >= 500 || !prefersHtml(request)) return sendProblem(error, request, reply)
    const path = pathOf(request).slice(1)
    const messages = messagesFor(preferredLanguage(request))
    const embedded = isEmbedded(request)
    const isMissing = failure.code === 'NOT_FOUND' || failure.code === 'GONE'
    const tracks = isMissing && catalog !== undefined ? await firstTracks(catalog) : []
    const page = renderPage(site, {
      title: titleOf(failure, messages),
      language: messages.language,
      path,
      indexed: false,
      kind: 'error',
      embedded,
      body: errorBody(failure, { path, messages, embedded, tracks }),
    })
    return sendErrorPage(reply.headers(failure.headers), failure.status, page)
  }

/** Sends a page as the response to a request that failed. */
export const sendErrorPage = (
  reply: FastifyReply,
  status: number,
  { body, type, headers, framable }: RenderedResponse,
): FastifyReply => {
  if (framable) allowFraming(reply)
  return reply
    .code(status)
    .headers({ ...headers, 'cache-control': 'no-store', 'content-type': type })
    .send(body)
}

const firstTracks = async (catalog: Catalog): Promise<TrackLink[]> =>
  parseItems((await catalog.list('track', {}, { limit: 12, sort: 'default' })).data)

const prefersHtml = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  preferredType(accept, ['application/problem+json', 'application/json', 'text/html']) === 'text/html'

/** Returns the language of the messages that the client prefers. */
export const preferredLanguage = (request: FastifyRequest): string =>
  new Negotiator(request.raw).language(Object.keys(languages)) ?? 'en'

const titleOf = ({ code }: Failure, { error }: Messages): string => {
  if (code === 'NOT_FOUND') return error.notFound
  if (code === 'GONE') return error.gone
  return code === 'BAD_USER_INPUT' ? error.invalid : error.other
}

interface ErrorContext {
  path: string
  messages: Messages
  embedded: boolean
  tracks: readonly TrackLink[]
}

const errorBody = (failure: Failure, { path, messages, embedded, tracks }: ErrorContext) => {
  const { error } = messages
  const links = createLinks(path, undefined, embedded)
  const { code, message, suggestion } = failure
  const isMissing = code === 'NOT_FOUND' || code === 'GONE'
  return html`<p class="status" aria-hidden="true">${failure.status}</p>
<h1>${titleOf(failure, messages)}</h1>
${
  isMissing
    ? html`<p class="lead">${code === 'GONE' ? error.goneLead : error.notFoundLead}</p>`
    : html`<p class="lead" lang="en">${message}</p>`
}
${suggestion && html`<p class="meant">${formatHtml(error.meant, { link: linkTo(suggestion, path, embedded) })}</p>`}
${isMissing && searchForm(messages, links, { label: error.search, query: wordsOf(path), embedded })}
${
  tracks.length > 0 &&
  html`<h2>${messages.home.roadmaps}</h2>
${trackLinks(tracks, path, embedded)}`
}
<p class="to-home"><a href="${links.to('')}">${messages.frame.home}</a></p>`
}

/** Returns the words of the last segment of a path, which name what a person looked for. */
const wordsOf = (path: string): string => {
  const last = path.split('/').findLast(segment => segment !== '') ?? ''
  return /^[\w.-]{1,80}$/.test(last)
    ? last
        .replace(/\.\w{2,4}$/, '')
        .replace(/[\W_]+/g, ' ')
        .trim()
    : ''
}

const linkTo = (suggestion: Suggestion, path: string, embedded: boolean) =>
  'path' in suggestion
    ? html`<a href="${createLinks(path, undefined, embedded).to(suggestion.path.slice(1))}">${suggestion.path}</a>`
    : html`<a href="${urlOfItem(path, suggestion.noun as Noun, suggestion.key, embedded)}">${plainText(suggestion.title)}</a>` // only items are suggested
