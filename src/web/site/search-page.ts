import type { FastifyInstance } from 'fastify'
import { type Catalog, parseItems, type SearchQuery } from '../../catalog.ts'
import { canonicalCacheKey } from '../../http/cache-key.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { ResponseCache } from '../../http/response-cache.ts'
import type { Item } from '../../model/curriculum.ts'
import type { SearchHit } from '../../model/paging.ts'
import { type Noun, nouns } from '../../model/vocabulary.ts'
import { parseChoice, resolveTrack } from '../../query/filters.ts'
import { type ForgivingResults, search } from '../../query/search.ts'
import { escapeHtml, Markup, plainText, renderCodeSpans } from '../../text/html.ts'
import { format, formatPlural, type Messages, messagesFor } from '../messages/messages.ts'
import { errorPage } from '../page/error-page.ts'
import { formatHtml, html, inline } from '../page/html.ts'
import { createLinks, urlOfItem } from '../page/links.ts'
import { trackLinks } from '../page/page-elements.ts'
import { isEmbedded, renderPage } from '../page/page-frame.ts'
import { searchForm } from '../page/search-form.ts'
import type { Site } from '../page/site.ts'
import { listTracks, sharedLanguage } from './track-list.ts'

/** The parameters of the search page. */
interface SearchPageQuery {
  q: string
  /** The key of a track. */
  track: string | undefined
  noun: Noun | undefined
  after: string | undefined
  embedded: boolean
}

/** Adds the page `/search`. It ignores parameters that it does not know. */
export const addSearchPage = (app: FastifyInstance, catalog: Catalog, cache: ResponseCache, site: Site): void => {
  app.register(async scope => {
    scope.setErrorHandler(errorPage(site, catalog))
    scope.get('/search', async (request, reply) => {
      const query = await parseQuery(catalog, isEmbedded(request), request.query as Record<string, string | string[]>) // the framework's parser makes these
      return cache.send(request, reply, canonicalCacheKey('search page', query), tracking =>
        searchPage(tracking, site, query),
      )
    })
  })
}

/** Parses the parameters of the page; of a repeated one, the first value counts, and an empty one counts as absent. */
const parseQuery = async (
  catalog: Catalog,
  embedded: boolean,
  parameters: Record<string, string | string[]>,
): Promise<SearchPageQuery> => {
  const value = (name: string): string | undefined => [parameters[name]].flat()[0] || undefined
  const [track, noun] = [value('track'), value('noun')]
  const q = (value('q') ?? '').trim().slice(0, maxLength)
  return {
    q,
    track: track === undefined ? undefined : await resolveTrack(catalog, track),
    noun: noun === undefined ? undefined : parseChoice('noun', noun, nouns),
    after: q === '' ? undefined : value('after'),
    embedded,
  }
}

/** The maximum length of a query on the page. */
const maxLength = 200

const path = 'search'

/** The number of results on a page. */
const pageSize = 20

/** Renders the search over all tracks. */
const searchPage = async (catalog: Catalog, site: Site, query: SearchPageQuery): Promise<RenderedResponse> => {
  const tracks = await listTracks(catalog)
  const messages = messagesFor(sharedLanguage(tracks.filter(({ key }) => key === (query.track ?? key))))
  const { title, titleOf, lead } = messages.search
  const results = query.q === '' ? undefined : await search(catalog, toCatalogQuery(query))
  const summaries = await readSummaries(catalog, results?.data ?? [])
  return renderPage(site, {
    title: query.q === '' ? title : format(titleOf, { query: query.q }),
    language: messages.language,
    path,
    indexed: false,
    kind: 'search',
    embedded: query.embedded,
    body: html`<h1>${title}</h1>
${searchForm(messages, createLinks(path, undefined), { query: query.q, embedded: query.embedded, more: [trackChoice(tracks, query, messages), query.noun && html`<input type="hidden" name="noun" value="${query.noun}">`] })}
${results === undefined ? html`<p class="lead">${lead}</p>\n${trackLinks(tracks, path, query.embedded)}` : resultList(results, summaries, query, tracks, messages)}`,
  })
}

const toCatalogQuery = ({ q, track, noun, after }: SearchPageQuery): Omit<SearchQuery, 'terms'> => ({
  q,
  track: track === undefined ? undefined : [track],
  noun: noun === undefined ? undefined : [noun],
  limit: pageSize,
  after,
})

type Tracks = readonly Item<'track'>[]

const trackChoice = (tracks: Tracks, { track }: SearchPageQuery, { search }: Messages) =>
  tracks.length > 1 &&
  html`<select name="track" aria-label="${search.roadmap}">
<option value="">${search.allRoadmaps}</option>
${tracks.map(({ key, title }) => html`<option value="${key}"${key === track && html` selected`}>${plainText(title)}</option>\n`)}</select>`

/** The nouns to filter by, each with its message. */
const filters = [
  [undefined, 'everything'],
  ['skill', 'skills'],
  ['project', 'projects'],
  ['exercise', 'exercises'],
  ['resource', 'resources'],
] as const

const nounFilters = (query: SearchPageQuery, { search }: Messages) =>
  html`<nav class="filters" aria-label="${search.kinds}">
${filters.map(([noun, name]) => html`<a href="${searchUrl({ ...query, noun, after: undefined })}"${noun === query.noun && html` aria-current="true"`}>${search[name]}</a>\n`)}</nav>`

const searchUrl = ({ q, track, noun, after, embedded }: SearchPageQuery): string => {
  const parameters = Object.entries({ q, track, noun, after }).filter(([, value]) => value !== undefined)
  return createLinks(path, undefined, embedded).to(`${path}?${new URLSearchParams(parameters as [string, string][])}`) // none is undefined
}

const resultList = (
  results: ForgivingResults,
  summaries: ReadonlyMap<string, string>,
  query: SearchPageQuery,
  tracks: Tracks,
  messages: Messages,
) => {
  const { search } = messages
  if (results.total === 0) return noResults(query, tracks, messages)
  const trackOf = new Map(tracks.map(track => [track.key, track]))
  return html`${nounFilters(query, messages)}
<p class="status" role="status">${results.corrected !== undefined && html`${formatHtml(search.corrected, { meant: html`<strong>${results.corrected}</strong>`, query: html`<q>${query.q}</q>` })} `}${formatPlural(messages, search.results, results.total)}</p>
<ol class="hits">
${results.data.map(hit => hitEntry(hit, summaries.get(hit.id), trackOf.get(hit.track), tracks.length > 1, query, messages))}</ol>
${pageLinks(results, query, messages)}`
}

const pageLinks = ({ more, data, cursorAfter }: ForgivingResults, query: SearchPageQuery, { search }: Messages) =>
  (query.after !== undefined || more) &&
  html`<p class="pages">${query.after !== undefined && html`<a href="${searchUrl({ ...query, after: undefined })}">${search.first}</a> `}${more && html`<a class="button" href="${searchUrl({ ...query, after: cursorAfter(data.length - 1) })}">${search.more}</a>`}</p>`

/** Reads the summaries of hits whose snippet is their title, by id. */
const readSummaries = async (catalog: Catalog, hits: readonly SearchHit[]): Promise<Map<string, string>> => {
  const summaries = new Map<string, string>()
  for (const [noun, some] of Map.groupBy(hits.filter(isTitleSnippet), hit => hit.noun))
    for (const item of parseItems(
      await catalog.byKeys(
        noun,
        some.map(({ key }) => key),
        ['id', 'summary'],
      ),
    ))
      if ('summary' in item && item.summary !== null) summaries.set(item.id, item.summary)
  return summaries
}

const isTitleSnippet = ({ snippet, title }: SearchHit): boolean =>
  snippet.replace(/<\/?mark>/g, '') === escapeHtml(title)

const noResults = (query: SearchPageQuery, tracks: Tracks, messages: Messages) => {
  const { search } = messages
  const isFiltered = query.track !== undefined || query.noun !== undefined
  const everything = { ...query, track: undefined, noun: undefined, after: undefined }
  return html`<p class="status" role="status">${formatHtml(search.nothing, { query: html`<q>${query.q}</q>` })}</p>
${isFiltered && html`<p><a href="${searchUrl(everything)}">${search.withoutFilters}</a></p>`}
<p>${search.nothingHint}</p>
${trackLinks(tracks, path, query.embedded)}`
}

const hitEntry = (
  hit: SearchHit,
  summary: string | undefined,
  track: Item<'track'> | undefined,
  severalTracks: boolean,
  { embedded }: SearchPageQuery,
  { search }: Messages,
) => {
  const tier = track?.tiers.find(one => one.tier === hit.tier)?.title
  const where = [search.nouns[hit.noun], severalTracks && track?.title, tier].filter(part => typeof part === 'string')
  const [title, text] = isTitleSnippet(hit)
    ? [markedText(hit.snippet), summary && inline(summary)]
    : [inline(hit.title), markedText(hit.snippet)]
  return html`<li${hit.tier && html` data-tier="${hit.tier}"`}>
<p class="where">${where.map((part, index) => html`${index > 0 && ' · '}<span>${plainText(part)}</span>`)}</p>
<h2 lang="${track?.language}" dir="auto"><a href="${urlOfItem(path, hit.noun, hit.key, embedded)}">${title}</a></h2>
${text && html`<p class="snippet" lang="${track?.language}" dir="auto">${text}</p>`}
</li>
`
}

/** Renders a snippet: escaped HTML with marks, and perhaps code between backticks of which one may be cut off. */
const markedText = (snippet: string): Markup => new Markup(renderCodeSpans(snippet).replaceAll('`', ''))
