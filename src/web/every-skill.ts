import { list, paragraph, part, section } from './entry.ts'
import { type Html, html, inline } from './html.ts'
import type { Category, Outline } from './outline.ts'
import { mentioned, skillEntry } from './skill-entry.ts'

/** Every skill in full, by category and tier: what the matrix points to. */
export const everySkill = (outline: Outline): Html =>
  section(
    'skills',
    'Every skill',
    outline.document.categories.map(category => categorySection(outline, category)),
  )

const categorySection = (outline: Outline, category: Category): Html => html`<section class="category">
<h3 class="title" dir="auto">${inline(category.title)}</h3>
${categoryEntry(outline, category)}
${outline.columns.map(({ tier, title }) => {
  const skills = outline.cell(category.key, tier)
  return (
    skills.length > 0 &&
    html`<h4 data-tier="${tier}">${inline(title)}</h4>\n${skills.map(skill => skillEntry(outline, skill))}`
  )
})}</section>
`

const categoryEntry = (outline: Outline, category: Category): Html => {
  const principles = outline.document.principles.filter(principle => principle.category === category.key)
  return html`<div class="entry" id="category-${category.slug}">
${paragraph(category.summary, 'lead')}
${part(
  4,
  'To hold to',
  list(
    principles.map(({ slug, title }) => html`<a href="#principle-${slug}">${inline(title)}</a>`),
    'links',
  ),
)}
${mentioned(outline, category.mentions)}
</div>`
}
