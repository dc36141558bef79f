import type { Catalog, TrackSize } from '../../catalog.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { Item } from '../../model/curriculum.ts'
import { addTotals } from '../../model/sum-durations.ts'
import { Markup, plainText } from '../../text/html.ts'
import type { HomeMessages } from '../browser/home.ts'
import { formatTotal } from '../messages/durations.ts'
import { format, formatPlural, type Messages, messagesFor } from '../messages/messages.ts'
import { formatHtml, html, inline } from '../page/html.ts'
import { createLinks, type Links } from '../page/links.ts'
import { jsonInHtml, renderPage } from '../page/page-frame.ts'
import { searchForm } from '../page/search-form.ts'
import type { Site } from '../page/site.ts'
import { listTracks, sharedLanguage } from './track-list.ts'

/** Renders the home page: the tracks for learners, then links for developers, integrators and authors. */
export const homePage = async (
  catalog: Catalog,
  site: Site,
  graphiql: boolean,
  embedded: boolean,
): Promise<RenderedResponse> => {
  const links = createLinks('', undefined, embedded)
  const tracks = await listTracks(catalog)
  const sizes = await catalog.trackSizes()
  const messages = messagesFor(sharedLanguage(tracks))
  const [first, ...others] = tracks.flatMap(track => {
    const size = sizes.get(track.key)
    return size === undefined ? [] : [{ track, size }]
  })
  const { title, body } =
    first === undefined
      ? emptyHome(messages)
      : others.length === 0
        ? homeOfOne(first, messages, links, embedded)
        : homeOfMany([first, ...others], messages, links, embedded)
  return renderPage(site, {
    title,
    description: others.length === 0 ? first?.track.summary : messages.home.lead,
    language: messages.language,
    path: '',
    kind: 'home',
    image: 'site.png',
    embedded,
    body: html`${body}
${!embedded && moreSection(others.length === 0 ? first?.track : undefined, graphiql, messages, links)}
<script type="application/json" id="data">${new Markup(jsonInHtml(scriptMessages(messages)))}</script>`,
    scripts: ['home.js'],
  })
}

const scriptMessages = ({ home }: Messages): HomeMessages => ({
  continue: home.continue,
  continueShort: home.continueShort,
  progress: home.progress,
})

interface Entry {
  track: Item<'track'>
  size: TrackSize
}

interface Content {
  title: string
  body: Markup
}

const homeOfOne = (entry: Entry, messages: Messages, links: Links, embedded: boolean): Content => {
  const { track } = entry
  const title = format(messages.home.titleOfOne, { title: plainText(track.title) })
  return {
    title,
    body: html`<section class="welcome" ${progressData(entry)}>
${way}
<h1>${title}</h1>
<p class="lead">${inline(track.summary ?? messages.home.lead)}</p>
<p><a class="button start" href="${links.to(`tracks/${track.key}`)}">${startLabel(track, messages)}</a></p>
${facts(entry, messages)}
${searchForm(messages, links, { label: messages.home.search, embedded })}
</section>
${track.tiers.length > 0 && stages(entry, messages)}`,
  }
}

/** A picture of a way in three stages, which says nothing that the page does not say. */
const way = html`<svg class="way" viewBox="0 0 420 310" aria-hidden="true">
<path d="M110 288v-52h-44M230 190v-52h-40M300 98h48v44"/>
<g data-tier="beginner"><path d="M24 288h120v-50"/><circle cx="24" cy="288" r="11"/><circle cx="84" cy="288" r="7"/><circle cx="66" cy="236" r="6"/><circle cx="144" cy="288" r="7"/></g>
<g data-tier="intermediate"><path d="M144 238v-48h120v-46"/><circle cx="144" cy="190" r="11"/><circle cx="204" cy="190" r="7"/><circle cx="190" cy="138" r="6"/><circle cx="264" cy="190" r="7"/></g>
<g data-tier="senior"><path d="M264 144v-46h108v-62"/><circle cx="264" cy="98" r="11"/><circle cx="318" cy="98" r="7"/><circle cx="348" cy="142" r="6"/><circle cx="372" cy="98" r="7"/><path class="flag" d="M372 36v-28l34 14-34 14"/></g>
</svg>`

/** The tiers of the only track as steps, each with its theme and goal. */
const stages = ({ track, size }: Entry, messages: Messages): Markup => html`<section aria-labelledby="stages">
<h2 id="stages">${messages.home.stages}</h2>
<ol class="tier-cards">
${track.tiers.map(
  ({ tier, title, theme, goal }) => html`<li data-tier="${tier}">
<h3>${inline(title)}</h3>
${theme !== null && html`<p class="theme">${inline(theme)}</p>`}
${goal !== null && html`<p>${inline(goal)}</p>`}
<p class="numbers">${tierFacts(size.durations[tier], messages)}</p>
</li>
`,
)}</ol>
</section>`

const homeOfMany = (entries: readonly Entry[], messages: Messages, links: Links, embedded: boolean): Content => ({
  title: messages.home.title,
  body: html`<section class="welcome">
${way}
<h1>${messages.home.title}</h1>
<p class="lead">${messages.home.lead}</p>
${searchForm(messages, links, { label: messages.home.search, embedded })}
</section>
<section aria-labelledby="roadmaps">
<h2 id="roadmaps">${messages.home.roadmaps}</h2>
<ul class="tracks">
${entries.map(entry => html`${trackCard(entry, messages, links)}\n`)}</ul>
</section>`,
})

const trackCard = (entry: Entry, messages: Messages, links: Links): Markup => {
  const { track, size } = entry
  const href = links.to(`tracks/${track.key}`)
  const language = languageNote(track.language, messages)
  return html`<li class="track" ${progressData(entry)}>
<h3 lang="${track.language}"><a href="${href}" dir="auto">${inline(track.title)}</a></h3>
${language && html`<p class="language">${language}</p>`}
${track.summary !== null && html`<p class="summary" lang="${track.language}" dir="auto">${inline(track.summary)}</p>`}
${
  track.tiers.length > 0 &&
  html`<ol class="tiers" lang="${track.language}">${track.tiers.map(({ tier, title }) => html`<li data-tier="${tier}"><span>${inline(title)}</span> <small>${countSkills(size.durations[tier])}</small></li>`)}</ol>`
}
${facts(entry, messages)}
<p><a class="button start" href="${href}" aria-label="${startLabel(track, messages)}">${messages.home.startShort}</a></p>
</li>`
}

const countSkills = ({ known, unknown }: TrackSize['durations']['beginner']): number => known + unknown

const startLabel = (track: Item<'track'>, { home }: Messages): string =>
  format(home.start, { title: plainText(track.title) })

/** Returns the name of the language of a track if it differs from that of the page. */
const languageNote = (language: string, messages: Messages): string | undefined =>
  new Intl.Locale(language).language === messages.language
    ? undefined
    : new Intl.DisplayNames([messages.language], { type: 'language' }).of(language)

/** The numbers of a track, and the hours that its skills take, if they are known. */
const facts = ({ size }: Entry, messages: Messages): Markup => {
  const counts = (['skill', 'project', 'exercise'] as const).flatMap(noun =>
    size.counts[noun] === 0 ? [] : [formatPlural(messages, messages.counts[noun], size.counts[noun])],
  )
  const hours = formatTotal(messages, addTotals(Object.values(size.durations)))
  return html`<p class="numbers">${[...counts, ...(hours === undefined ? [] : [hours])].map(fact => html`<span>${fact}</span> `)}</p>
<p class="progress" hidden><progress max="${size.counts.skill}" value="0"></progress> <span></span></p>`
}

const tierFacts = (total: TrackSize['durations']['beginner'], messages: Messages) => {
  const hours = formatTotal(messages, total)
  return html`<span>${formatPlural(messages, messages.counts.skill, countSkills(total))}</span>${hours && html` <span>${hours}</span>`}`
}

/** The attributes from which the script shows the learner's progress. */
const progressData = ({ track, size }: Entry): Markup =>
  html`data-track="${track.id}" data-title="${plainText(track.title)}" data-skills="${size.counts.skill}"`

/** The home page of a service without tracks, for the person who has just started it. */
const emptyHome = (messages: Messages): Content => {
  const { home } = messages
  return {
    title: home.emptyTitle,
    body: html`<section class="welcome">
<h1>${home.emptyTitle}</h1>
<p class="lead">${home.emptyLead}</p>
<pre><code>npm run -s curriculum -- new track my-roadmap
npm run -s curriculum -- load</code></pre>
<p>${formatHtml(home.emptyMore, { folder: html`<code>seed</code>` })}</p>
</section>`,
  }
}

/** One line each for developers, integrators and authors. */
const moreSection = (only: Item<'track'> | undefined, graphiql: boolean, { home }: Messages, links: Links): Markup => {
  const link = (path: string, text: string) => html`<a href="${links.to(path)}">${text}</a> `
  return html`<section class="more" aria-labelledby="more">
<h2 id="more">${home.more}</h2>
<dl>
<div><dt>${home.developers}</dt><dd>${home.developersText} <span class="links">${link('docs', home.reference)}${graphiql && link('graphiql', 'GraphiQL')}${link('openapi.json', 'OpenAPI')}${link('v1', home.index)}</span></dd></div>
<div><dt>${home.integrators}</dt><dd>${home.integratorsText} <span class="links">${link('docs#/export', home.exports)}${link('ims/case/v1p1/CFDocuments', 'CASE')}</span></dd></div>
<div><dt>${home.authors}</dt><dd>${home.authorsText} <span class="links">${only && link(`v1/tracks/${only.key}/document`, format(home.document, { title: plainText(only.title) }))}</span></dd></div>
</dl>
</section>`
}
