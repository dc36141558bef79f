import { type GraphSkill, nextSkills } from '../../model/path.ts'
import type { Markup, MarkupContent } from '../../text/html.ts'
import { skillTitle } from '../content/skill-sections.ts'
import type { Category, Skill, TrackView } from '../content/track-view.ts'
import { formatSpan, formatTotal } from '../messages/durations.ts'
import { format, formatPlural } from '../messages/messages.ts'
import { html, inline } from '../page/html.ts'
import { paragraph } from '../page/page-elements.ts'
import { stageId } from './stage-section.ts'

/** The number of skills that the page suggests to learn next. */
const suggestions = 4

/** Renders the beginning of the page: what the track is about, what to do next, and how far the learner is. */
export const hero = (view: TrackView): Markup => {
  const { document, messages } = view
  const { title, summary, introduction } = document.track
  const next = firstSkills(view)
  return html`<header class="hero">
<div class="hero-text">
<p class="eyebrow">${messages.roadmap.kind}</p>
<h1 dir="auto">${inline(title)}</h1>
${paragraph(summary, 'lead')}
${facts(view)}
${next[0] !== undefined && actions(view, next[0])}
${introduction && html`<details class="introduction"><summary>${messages.roadmap.introduction}</summary>${paragraph(introduction)}</details>`}
</div>
${next.length > 0 && nextSteps(view, next)}
${view.columns.length > 1 && road(view)}
</header>`
}

/** Renders the stages at a glance, from the start to the goal. */
const road = ({ document, columns, durations, messages }: TrackView): Markup => html`<ol class="road">${columns.map(
  ({ tier, title }) => {
    const about = document.track.tiers.find(one => one.tier === tier)
    const time = about?.duration ? formatSpan(messages, about.duration) : formatTotal(messages, durations.tiers[tier])
    return html`
<li data-tier="${tier}"><a href="#${stageId(tier)}" dir="auto">${inline(title)}</a>${about?.theme && html`<span dir="auto">${inline(about.theme)}</span>`}${time && html`<small dir="auto">${time}</small>`}</li>`
  },
)}
</ol>`

const facts = ({ document, messages, durations }: TrackView): Markup => {
  const { counts } = messages
  const { skills, categories, projects, exercises, track } = document
  const time = formatTotal(messages, durations.track)
  const lines = [
    formatPlural(messages, counts.skill, skills.length),
    formatPlural(messages, counts.category, categories.length),
    projects.length > 0 && formatPlural(messages, counts.project, projects.length),
    exercises.length > 0 && formatPlural(messages, counts.exercise, exercises.length),
    time,
    track.version && format(messages.roadmap.version, { version: track.version }),
  ]
  return html`<ul class="facts">${lines.map(line => line && html`<li><bdi>${inline(line)}</bdi></li>`)}</ul>`
}

const actions = ({ links, messages: { roadmap } }: TrackView, first: Skill): Markup => {
  const [before, after] = roadmap.startWith.split('{title}')
  return html`<p class="actions"><a class="button" id="start" href="${links.toItem('skill', first.slug)}">${before}${inline(first.title)}${after}</a> <a class="secondary scripted" href="#path">${roadmap.findPath}</a></p>`
}

const nextSteps = (view: TrackView, next: readonly Skill[]): MarkupContent => {
  const { roadmap } = view.messages
  return html`<section class="next" aria-labelledby="next-title">
<div class="total scripted">
<p><bdi id="known">&nbsp;</bdi></p>
<progress id="progress" max="${view.document.skills.length}" value="0" aria-label="${roadmap.progress}"></progress>
</div>
<h2 id="next-title">${roadmap.next}</h2>
<ol id="next">${next.map(
    skill => html`
<li dir="auto"><a href="${view.links.toItem('skill', skill.slug)}" data-tier="${skill.tier}">${skillTitle(skill)}</a> <small>${placeOf(view, skill)}</small></li>`,
  )}
</ol>
<p class="privacy scripted">${roadmap.privacy} <button type="button" id="forget" class="link" hidden>${roadmap.script.reset}</button></p>
</section>`
}

/** Returns the tier and area of a skill. */
const placeOf = (view: TrackView, { tier, category }: Skill): MarkupContent => [
  inline(view.tierTitle(tier)),
  ' · ',
  inline((view.category(category) as Category).title), // a skill of the document has a category of it
]

/** Returns the skills with which a learner can begin. */
const firstSkills = ({ document: { skills }, skill }: TrackView): Skill[] => {
  const graph = new Map(
    skills.map(({ key, tier, category, prerequisites }, order): [string, GraphSkill] => [
      key,
      { key, tier, category, order, prerequisites: prerequisites.filter(one => skill(one) !== undefined) },
    ]),
  )
  return nextSkills(graph, new Set(), () => true)
    .slice(0, suggestions)
    .map(({ key }) => skill(key) as Skill) // the graph has the skills of the document
}
