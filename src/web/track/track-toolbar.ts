import { type Markup, type MarkupContent, plainText } from '../../text/html.ts'
import type { TrackView } from '../content/track-view.ts'
import { html, inline } from '../page/html.ts'
import { stageId } from './stage-section.ts'

/** Renders the bar above the stages: links to them with the progress of each, the search and the filter by area. */
export const toolbar = (view: TrackView): Markup => html`<div class="bar">
${view.columns.length > 1 && journey(view)}
${tools(view)}
</div>`

const journey = ({
  document,
  columns,
  messages,
}: TrackView): Markup => html`<nav class="journey" aria-label="${messages.roadmap.stages}">
<ol>${columns.map(({ tier, title }, index) => {
  const count = document.skills.filter(skill => skill.tier === tier).length
  return html`
<li data-tier="${tier}"><a href="#${stageId(tier)}"><span class="journey-number" aria-hidden="true">${index + 1}</span> <span class="journey-title" dir="auto">${inline(title)}</span> <span class="journey-count">${count}</span></a><progress max="${count}" value="0" aria-label="${plainText(title)}"></progress></li>`
})}
</ol>
</nav>`

const tools = ({ document: { categories }, ancestorsOf, messages: { roadmap } }: TrackView): MarkupContent =>
  html`<form class="tools scripted" role="search" aria-label="${roadmap.filter}">
<select id="category" aria-label="${roadmap.area}"><option value="">${roadmap.allAreas}</option>${categories.map(
    ({ key, slug, title }) =>
      html`<option value="${slug}">${'\u00a0\u00a0'.repeat(ancestorsOf(key).length)}${plainText(title)}</option>`,
  )}</select>
<div class="finder">
<input type="search" id="search" placeholder="${roadmap.search}" aria-label="${roadmap.search}" autocomplete="off" spellcheck="false" enterkeyhint="search" aria-keyshortcuts="/">
<ul id="results" role="listbox" aria-label="${roadmap.search}" hidden></ul>
<p id="found" class="unseen" role="status"></p>
</div>
</form>`
