import { type Markup, type MarkupContent, plainText } from '../text/html.ts'
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

/** Renders the known skills, the path to a target and the skills to start next; hidden until the script runs. */
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
<section>
<h2><label for="target">The way to</label></h2>
<select id="target"><option value="">Choose a skill or project</option>${targets(view)}</select>
<p id="way-length" role="status"></p>
<ol id="way"></ol>
</section>
</aside>`

const targets = ({ document: { categories, projects, skills }, ancestorsOf }: TrackView): MarkupContent => {
  const withSkills = projects.filter(project => project.skills.length > 0)
  const inCategory = Map.groupBy(skills, ({ category }) => category)
  return [
    withSkills.length > 0 &&
      group(
        'Projects',
        withSkills.map(({ slug, title }) => option(`project:${slug}`, title)),
      ),
    categories.map(({ key, title }) => {
      const some = inCategory.get(key) ?? []
      return (
        some.length > 0 &&
        group(
          [...ancestorsOf(key).map(ancestor => ancestor.title), title].map(plainText).join(' › '),
          some.map(skill => option(skill.slug, skill.title)),
        )
      )
    }),
  ]
}

const group = (label: string, options: Markup[]): Markup => html`<optgroup label="${label}">${options}</optgroup>`

const option = (value: string, title: string): Markup => html`<option value="${value}">${plainText(title)}</option>`
