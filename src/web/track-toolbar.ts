import { type Markup, plainText } from '../text/html.ts'
import { html, inline } from './html.ts'
import type { TrackView } from './track-view.ts'

/** Renders search and filters, hidden until the script runs. */
export const toolbar = ({
  document: { categories },
  columns,
  ancestorsOf,
}: TrackView): Markup => html`<form class="toolbar script-only" role="search" hidden>
<input type="search" id="search" placeholder="Search skills" aria-label="Search skills" autocomplete="off" spellcheck="false" enterkeyhint="search" aria-keyshortcuts="/">
<div class="tiers" role="group" aria-label="Tiers">${columns.map(
  ({ tier, title }) => html`<button type="button" data-tier="${tier}" aria-pressed="false">${inline(title)}</button>`,
)}</div>
<select id="category" aria-label="Area"><option value="">All areas</option>${categories.map(
  ({ key, slug, title }) =>
    html`<option value="${slug}">${'\u00a0\u00a0'.repeat(ancestorsOf(key).length)}${plainText(title)}</option>`,
)}</select>
<p id="shown" role="status"></p>
</form>`

/** Renders the known skills and the skills to start next; hidden until the script runs. */
export const learning = (
  view: TrackView,
): Markup => html`<aside class="learning script-only" aria-label="Your way" hidden>
<section>
<h2>What you know</h2>
<p id="known"></p>
<progress id="progress" max="${view.document.skills.length}" value="0" aria-labelledby="known"></progress>
<button type="button" id="forget" hidden>Untick all</button>
</section>
<section>
<h2>What you can start now</h2>
<ul id="next"></ul>
</section>
</aside>`
