import { required } from '../model/graph.ts'
import type { Markup } from '../text/html.ts'
import { formatTotal } from './durations.ts'
import { html, inline } from './html.ts'
import { list, paragraph, section, subsection } from './page-elements.ts'
import { mentionDetails, skillEntry } from './skill-sections.ts'
import type { Category, TrackView } from './track-view.ts'

/** Renders every skill in full, by category and tier; the matrix links to them. */
export const everySkill = (view: TrackView): Markup =>
  section(
    'skills',
    'Every skill',
    view.document.categories.map(category => categorySection(view, category)),
  )

const categorySection = (view: TrackView, category: Category): Markup => html`<section class="category">
<h3 class="title" dir="auto">${inline(category.title)}</h3>
${categoryEntry(view, category)}
${view.columns.map(({ tier, title }) => {
  const skills = view.cell(category.key, tier)
  return (
    skills.length > 0 &&
    html`<h4 data-tier="${tier}">${inline(title)}</h4>\n${skills.map(skill => skillEntry(view, skill))}`
  )
})}</section>
`

const categoryEntry = (view: TrackView, category: Category): Markup => {
  const principles = view.document.principles.filter(principle => principle.category === category.key)
  const above = view.ancestorsOf(category.key)
  const time = formatTotal(view.messages, required(view.durations.categories, category.key))
  return html`<div class="entry" id="category-${category.slug}">
${
  above.length > 0 &&
  html`<p class="above" dir="auto">Part of ${above.map(
    ({ slug, title }, index) =>
      html`${index > 0 && ' › '}<a href="${view.links.toItem('category', slug)}">${inline(title)}</a>`,
  )}</p>\n`
}${paragraph(category.summary, 'lead')}
${time && html`<p>Time: ${time}</p>`}
${subsection(
  4,
  'To hold to',
  list(
    principles.map(({ slug, title }) => html`<a href="${view.links.toItem('principle', slug)}">${inline(title)}</a>`),
    'links',
  ),
)}
${mentionDetails(view, category.mentions)}
</div>`
}
