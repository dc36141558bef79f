import type { Item } from '../../model/curriculum.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { type Markup, type MarkupContent, plainText } from '../../text/html.ts'
import { skillTitle } from '../content/skill-sections.ts'
import type { Category, TierColumn, TrackView } from '../content/track-view.ts'
import { formatDuration, formatSpan, formatTotal } from '../messages/durations.ts'
import { format, formatPlural } from '../messages/messages.ts'
import { html, inline } from '../page/html.ts'
import { anchorOf } from '../page/links.ts'
import { factLine, paragraph } from '../page/page-elements.ts'
import { type Milestones, milestonesByTier, type StageProject } from './stages.ts'

/** Renders the tiers as the stages of the way, and after them what belongs to none. */
export const stages = (view: TrackView): Markup => {
  const milestones = milestonesByTier(view)
  const rest = milestones.get(null)
  return html`<div class="stages" id="stages">
${view.columns.map((column, index) => stage(view, column, index, milestones.get(column.tier)))}
${view.columns.length > 0 && html`<p class="finish">${view.messages.roadmap.finish}</p>`}
${
  rest !== undefined &&
  hasItems(rest) &&
  html`<section class="stage rest" aria-labelledby="rest-title">
<h2 id="rest-title">${view.messages.roadmap.moreToPractise}</h2>
<div class="stage-end">${practice(view, rest)}</div>
</section>`
}
</div>`
}

/** Returns the id of the element of a stage. */
export const stageId = (tier: Tier): string => `stage-${tier}`

const stage = (
  view: TrackView,
  { tier, title }: TierColumn,
  index: number,
  milestones: Milestones | undefined,
): Markup => {
  const { document, messages, columns } = view
  const about = document.track.tiers.find(one => one.tier === tier)
  const count = document.skills.filter(skill => skill.tier === tier).length
  const facts = [
    formatPlural(messages, messages.counts.skill, count),
    about?.duration && formatSpan(messages, about.duration),
    formatTotal(messages, view.durations.tiers[tier]),
  ]
  const end = stageEnd(view, tier, about?.goal ?? null, milestones)
  return html`<section class="stage" id="${stageId(tier)}" data-tier="${tier}" aria-labelledby="${stageId(tier)}-title">
<header class="stage-header">
<span class="stage-number" aria-hidden="true">${index + 1}</span>
<div>
${columns.length > 1 && html`<p class="stage-place"><bdi>${format(messages.roadmap.stage, { number: index + 1, count: columns.length })}</bdi></p>`}
<h2 id="${stageId(tier)}-title" dir="auto">${inline(title)}</h2>
${about && paragraph(about.theme, 'theme')}
<p class="stage-facts">${factLine(facts)}</p>
</div>
</header>
<div class="stage-body">
<div class="areas">
${rootsOf(view).map(category => area(view, category, tier))}
</div>
${end && html`<div class="stage-end">${end}</div>`}
</div>
</section>
`
}

const rootsOf = ({ document: { categories } }: TrackView): Category[] =>
  categories.filter(({ parent }) => parent === null)

/** The number of skills of a track above which its areas are closed at first. */
const maxOpenSkills = 250

/** Renders the skills of a category and tier, and those of the categories below it, to open and close; nothing if there are none. */
const area = (view: TrackView, category: Category, tier: Tier): Markup | undefined => {
  const { document, links, messages } = view
  const content = areaContent(view, category, tier, 4)
  if (content === undefined) return undefined
  const about = format(messages.roadmap.about, { title: plainText(category.title) })
  return html`<details class="area" data-category="${category.slug}"${document.skills.length <= maxOpenSkills && html` open`}>
<summary><h3 dir="auto">${inline(category.title)}</h3> <small class="area-count">${countSkills(view, category, tier)}</small></summary>
<a class="about" href="${links.toItem('category', category.slug)}" title="${about}" aria-label="${about}">i</a>${content}</details>
`
}

const areaContent = (view: TrackView, category: Category, tier: Tier, level: number): MarkupContent | undefined => {
  const skills = view.cell(category.key, tier)
  const below = view.childrenOf(category.key).flatMap(child => areaBelow(view, child, tier, level) ?? [])
  if (skills.length + below.length === 0) return undefined
  return html`
${
  skills.length > 0 &&
  html`<ul>${skills.map(
    skill => html`
<li data-skill="${skill.slug}"${anchor(view, 'skill', skill.slug)} dir="auto"><a href="${view.links.toItem('skill', skill.slug)}">${skillTitle(skill)}</a>${skill.optional && html` <small>${view.messages.roadmap.optional}</small>`}</li>`,
  )}
</ul>`
}${below}`
}

const areaBelow = (view: TrackView, category: Category, tier: Tier, level: number): Markup | undefined => {
  const content = areaContent(view, category, tier, level + 1)
  return content === undefined
    ? undefined
    : html`<div class="area" data-category="${category.slug}">
<h${level} dir="auto"><a href="${view.links.toItem('category', category.slug)}">${inline(category.title)}</a></h${level}>${content}</div>
`
}

const countSkills = (view: TrackView, category: Category, tier: Tier): number =>
  view
    .childrenOf(category.key)
    .reduce((count, child) => count + countSkills(view, child, tier), view.cell(category.key, tier).length)

/** Returns the id to which a deep link refers; in the exported file, that of the entry. */
const anchor = ({ inFile }: TrackView, noun: 'skill' | 'project' | 'exercise', slug: string): MarkupContent =>
  !inFile && html` id="${anchorOf(noun, slug)}"`

/** Renders the goal of a stage and what shows that it is reached; undefined if nothing is known of it. */
const stageEnd = (
  view: TrackView,
  tier: Tier,
  goal: string | null,
  milestones: Milestones | undefined,
): MarkupContent | undefined => {
  const { messages, document, links } = view
  const checklists = document.checklists.filter(one => one.tier === tier)
  const parts = [
    goal !== null && html`<h3>${messages.roadmap.goal}</h3>${paragraph(goal, 'goal')}`,
    milestones && hasItems(milestones) && practice(view, milestones),
    checklists.length > 0 &&
      html`<h3>${messages.roadmap.checklists}</h3>
<ul class="milestone-list">${checklists.map(({ slug, title }) => html`<li dir="auto"><a href="${links.toItem('checklist', slug)}">${inline(title)}</a></li>`)}</ul>`,
  ].filter(Boolean)
  return parts.length === 0 ? undefined : parts
}

const hasItems = ({ projects, exercises }: Milestones): boolean => projects.length + exercises.length > 0

const practice = (view: TrackView, { projects, exercises }: Milestones): MarkupContent => [
  projects.length > 0 &&
    html`<h3>${view.messages.roadmap.projects}</h3>
<ul class="milestone-list">${projects.map(project => projectItem(view, project))}</ul>`,
  exercises.length > 0 &&
    html`<h3>${view.messages.roadmap.exercises}</h3>
<ul class="milestone-list">${exercises.map(exercise => exerciseItem(view, exercise))}</ul>`,
]

const projectItem = (view: TrackView, { project, phase, isFirst }: StageProject): Markup => {
  const { slug, code, title, duration } = project
  const remarks = [phase && inline(phase), duration && formatDuration(view.messages, duration)]
  return html`<li data-project="${slug}"${isFirst && anchor(view, 'project', slug)} dir="auto"><a href="${view.links.toItem('project', slug)}">${code && html`<b class="code">${code}</b> `}${inline(title)}</a>${remarks.some(Boolean) && html` <small>${factLine(remarks)}</small>`}</li>`
}

const exerciseItem = (view: TrackView, { slug, title, duration }: Item<'exercise'>): Markup =>
  html`<li data-exercise="${slug}"${anchor(view, 'exercise', slug)} dir="auto"><a href="${view.links.toItem('exercise', slug)}">${inline(title)}</a>${duration && html` <small><bdi>${formatDuration(view.messages, duration)}</bdi></small>`}</li>`
