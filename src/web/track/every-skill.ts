import type { Markup } from '../../text/html.ts'
import { skillEntry } from '../content/skill-sections.ts'
import type { Category, TrackView } from '../content/track-view.ts'
import { html, inline } from '../page/html.ts'
import { section } from '../page/page-elements.ts'

/** Renders every skill in full, by category and tier, for the exported file: the overview links to them. */
export const everySkill = (view: TrackView): Markup =>
  section(
    'skills',
    view.messages.reference.everySkill,
    view.document.categories.map(category => categorySkills(view, category)),
  )

const categorySkills = (view: TrackView, category: Category): Markup => html`<section class="category">
<h3 class="title" dir="auto">${inline(category.title)}</h3>
${view.columns.map(({ tier, title }) => {
  const skills = view.cell(category.key, tier)
  return (
    skills.length > 0 &&
    html`<h4 data-tier="${tier}" dir="auto">${inline(title)}</h4>\n${skills.map(skill => skillEntry(view, skill))}`
  )
})}</section>
`
