import { type Html, html, inline } from './html.ts'
import type { Category, Outline, TierColumn } from './outline.ts'

/** Categories by tiers, every skill a link. */
export const matrix = (
  outline: Outline,
): Html => html`<div class="matrix" id="matrix" data-columns="${outline.columns.length}">
<div class="head" aria-hidden="true">
<span></span>
${outline.columns.map(columnHead)}
</div>
${outline.document.categories.map(category => row(outline, category))}
</div>
`

const columnHead = ({ tier, title }: TierColumn): Html =>
  html`<span class="column" data-tier="${tier}"><b dir="auto">${inline(title)}</b></span>
`

const row = (outline: Outline, category: Category): Html => html`<section class="row" data-category="${category.slug}">
<h3 dir="auto"><a href="#category-${category.slug}">${inline(category.title)}</a></h3>
${outline.columns.map(column => cell(outline, category, column))}
</section>
`

const cell = (outline: Outline, category: Category, { tier, title }: TierColumn): Html => {
  const skills = outline.cell(category.key, tier)
  if (skills.length === 0) return html`<div class="cell none" data-tier="${tier}"></div>\n`
  return html`<div class="cell" data-tier="${tier}">
<h4 dir="auto">${inline(title)}</h4>
<ul>${skills.map(
    skill => html`
<li data-skill="${skill.slug}" dir="auto"><a href="#skill-${skill.slug}">${inline(skill.title)}</a>${skill.optional && html` <small>optional</small>`}</li>`,
  )}
</ul>
</div>
`
}
