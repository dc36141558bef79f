import { type Catalog, parseItems } from '../catalog.ts'
import type { RenderedResponse } from '../http/rendered-response.ts'
import type { Item } from '../model/curriculum.ts'
import { nouns, otherNounsPhrase, plurals } from '../model/vocabulary.ts'
import { escapeAttribute, Markup } from '../text/html.ts'
import { renderPage } from './page-frame.ts'
import type { Site } from './site.ts'

/** Renders the home page: links to the APIs, the tracks and example requests. */
export const homePage = async (catalog: Catalog, site: Site, graphiql: boolean): Promise<RenderedResponse> => {
  const { data } = await catalog.list('track', {}, { limit: 200, sort: 'default' })
  const tracks = parseItems(data)
  const cards = await Promise.all(tracks.map(track => trackCard(catalog, track)))
  return renderPage(site, {
    title: site.name,
    language: 'en',
    path: '',
    kind: 'home',
    body: new Markup(`<header>
<h1>${escapeAttribute(site.name)}</h1>
<p>What developers learn, step by step: skills by category and tier, with ${otherNounsPhrase()}, to build upon by REST and GraphQL.</p>
</header>
<section aria-labelledby="start">
<h2 id="start">Start here</h2>
<ul class="start">
${linkCards(graphiql).join('\n')}
</ul>
</section>
<section aria-labelledby="tracks">
<h2 id="tracks">Tracks</h2>
${cards.length === 0 ? '<p>No track is loaded yet.</p>' : cards.join('\n')}
</section>
<section aria-labelledby="requests">
<h2 id="requests">Try a request</h2>
<ul class="requests">
${exampleRequests(tracks[0]).join('\n')}
</ul>
</section>`),
  })
}

const linkCards = (graphiql: boolean): string[] => [
  linkCard('v1', 'REST', 'The URLs of all lists, as JSON.'),
  linkCard('docs', 'Reference', 'Every request and response, to read and to try.'),
  ...(graphiql
    ? [linkCard('graphiql', 'GraphiQL', 'An editor for GraphQL queries; every field has a description.')]
    : []),
  linkCard(
    'ims/case/v1p1/CFDocuments',
    'CASE',
    'Every track as a competency framework, for standards hubs and badge platforms.',
  ),
  linkCard(
    'openapi.json',
    'OpenAPI',
    'The same reference for code generators; also as <a href="openapi.yaml">YAML</a>.',
  ),
]

const linkCard = (href: string, title: string, text: string): string =>
  `<li><a href="${href}">${title}</a> <span>${text}</span></li>`

const trackCard = async (catalog: Catalog, { key, title, summary, tiers }: Item<'track'>): Promise<string> => {
  const counts = await Promise.all(
    nouns
      .filter(noun => noun !== 'track')
      .map(async noun => ({ plural: plurals[noun], noun, count: await catalog.count(noun, { track: [key] }) })),
  )
  const links = counts
    .filter(({ count }) => count > 0)
    .map(
      ({ plural, noun, count }) =>
        `<li><a href="v1/${plural}?track=${key}"><strong>${count}</strong> ${count === 1 ? noun : plural}</a></li>`,
    )
  return `<article>
<h3>${escapeAttribute(title)}</h3>
${summary === null ? '' : `<p>${escapeAttribute(summary)}</p>`}
${tiers.length === 0 ? '' : `<p class="tiers">${tiers.map(tier => escapeAttribute(tier.title)).join(' → ')}</p>`}
<ul class="counts">${links.join('')}</ul>
<p><a href="tracks/${key}">Page</a> · <a href="v1/tracks/${key}/roadmap">Roadmap</a> · <a href="v1/tracks/${key}/document">Whole track</a></p>
</article>`
}

/** Returns links to example requests, for the first track if there is one. */
const exampleRequests = (track: Item<'track'> | undefined): string[] => {
  const lastTier = track?.tiers.at(-1)?.tier
  const paths = [
    ...(track === undefined
      ? []
      : [`v1/skills?track=${track.key}${lastTier === undefined ? '' : `&tier=${lastTier}`}`]),
    'v1/skills?limit=5&include=category,prerequisites',
    'v1/search?q=testing',
    ...(track === undefined ? [] : [`v1/tracks/${track.key}/roadmap`]),
  ]
  return paths.map(path => `<li><a href="${escapeAttribute(path)}"><code>GET /${escapeAttribute(path)}</code></a></li>`)
}
