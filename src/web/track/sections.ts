import type { Item } from '../../model/curriculum.ts'
import { weeksOf } from '../../model/duration-text.ts'
import { required } from '../../model/graph.ts'
import { skillsOfPlan } from '../../model/plan.ts'
import { sumDurations } from '../../model/sum-durations.ts'
import type { Noun } from '../../model/vocabulary.ts'
import type { Markup, MarkupContent } from '../../text/html.ts'
import { exercises } from '../content/exercise-section.ts'
import { projectContent, projectTitle } from '../content/project-section.ts'
import { mentionDetails, projectLink, resourceText, skillLink } from '../content/skill-sections.ts'
import type { Category, TrackView } from '../content/track-view.ts'
import { formatDuration, formatSpan, formatTotal, formatWeekly } from '../messages/durations.ts'
import { format } from '../messages/messages.ts'
import { externalLink, html, inline } from '../page/html.ts'
import { anchorOf, hasPage } from '../page/links.ts'
import { detailsEntry, list, paragraph, section, subsection, textList } from '../page/page-elements.ts'

/** The sections after the stages, in their order on the page; null for nouns that the page shows elsewhere. */
const sectionsByNoun: { readonly [N in Noun]: ((view: TrackView) => Markup | undefined) | null } = {
  track: null,
  category: view => areas(view),
  skill: null,
  project: view => projects(view),
  exercise: view => exercises(view),
  plan: view => plans(view),
  checklist: view => checklists(view),
  principle: view => principles(view),
  resource: view => resources(view),
  source: view => sources(view),
}

const order = Object.keys(sectionsByNoun) as Noun[] // the keys of the table

/** Renders the items that have no page of their own, and in the exported file all. */
export const sections = (view: TrackView): Markup =>
  html`<div class="reference">
${order.map(noun => (view.inFile || !hasPage(noun)) && sectionsByNoun[noun]?.(view))}
</div>`

/** A collapsed section of the page; empty when it has no parts. */
const reference = (id: string, title: string, parts: Markup[]): Markup | undefined =>
  parts.length === 0
    ? undefined
    : html`<details class="part" id="${id}">
<summary><h2>${title}</h2> <span class="aside">${parts.length}</span></summary>
${parts}
</details>
`

const areas = (view: TrackView): Markup | undefined =>
  reference(
    'areas',
    view.messages.reference.areas,
    view.document.categories.map(category =>
      detailsEntry(
        anchorOf('category', category.slug),
        inline(category.title),
        [formatTotal(view.messages, required(view.durations.categories, category.key))],
        areaContent(view, category),
      ),
    ),
  )

const areaContent = (view: TrackView, category: Category): MarkupContent => {
  const words = view.messages.reference
  const above = view.ancestorsOf(category.key)
  const principles = view.document.principles.filter(principle => principle.category === category.key)
  return [
    above.length > 0 &&
      html`<p class="above" dir="auto">${words.partOf} ${above.map(
        ({ slug, title }, index) =>
          html`${index > 0 && ' › '}<a href="${view.links.toItem('category', slug)}">${inline(title)}</a>`,
      )}</p>\n`,
    paragraph(category.summary, 'lead'),
    subsection(
      3,
      words.principlesOfArea,
      list(
        principles.map(
          ({ slug, title }) => html`<a href="${view.links.toItem('principle', slug)}">${inline(title)}</a>`,
        ),
        'links',
      ),
    ),
    view.inFile && mentionDetails(view, category.mentions),
  ]
}

const projects = (view: TrackView): Markup | undefined =>
  section(
    'projects',
    view.messages.item.projects,
    view.document.projects.map(project =>
      detailsEntry(
        `project-${project.slug}`,
        projectTitle(project),
        [tierName(view, project.tier), project.duration && formatDuration(view.messages, project.duration)],
        projectContent(view, project, 3),
      ),
    ),
  )

const plans = (view: TrackView): Markup | undefined =>
  reference(
    'plans',
    view.messages.reference.plans,
    view.document.plans.map(plan =>
      detailsEntry(
        `plan-${plan.slug}`,
        inline(plan.title),
        [tierName(view, plan.tier), hours(view, plan)],
        [
          plan.duration && html`<p>${formatSpan(view.messages, plan.duration)}</p>`,
          planTime(view, plan),
          list(
            plan.steps.map(step => planStep(view, step)),
            'lines',
          ),
          view.inFile && mentionDetails(view, plan.mentions),
        ],
      ),
    ),
  )

const hours = ({ messages }: TrackView, { weeklyHours }: Item<'plan'>): string | null =>
  weeklyHours && formatWeekly(messages, weeklyHours)

/** Renders a step: its text, then links to the plan that it builds on and to its skills and projects, in order. */
const planStep = (view: TrackView, step: Item<'plan'>['steps'][number]): Markup => {
  const plan = view.plan(step.plan ?? '')
  const links = list(
    [
      ...(plan === undefined
        ? []
        : [html`<a href="${view.links.toItem('plan', plan.slug)}">${inline(plan.title)}</a>`]),
      ...step.skills.map(key => skillLink(view, key)),
      ...step.projects.map(key => projectLink(view, key)),
    ],
    'links',
  )
  return html`<b>${formatSpan(view.messages, step)}</b>: ${inline(step.text)}${links}`
}

/** Renders the time that the skills of a plan take, in weeks if all of them have a duration. */
const planTime = (view: TrackView, plan: Item<'plan'>): Markup | undefined => {
  const skills = skillsOfPlan(plan.key, view.plan)
  const total = sumDurations(skills.map(key => view.skill(key)?.duration))
  const time = formatTotal(view.messages, total)
  if (time === undefined) return undefined
  const { weeklyHours } = plan
  const words = view.messages.reference
  const weeks = weeklyHours && weeksOf(total, weeklyHours)
  if (!weeklyHours || !weeks) return html`<p>${format(words.time, { time })}</p>`
  const values = {
    time,
    weekly: formatWeekly(view.messages, weeklyHours),
    weeks: formatDuration(view.messages, weeks),
  }
  return html`<p>${format(words.timePerWeek, values)}</p>`
}

const checklists = (view: TrackView): Markup | undefined =>
  reference(
    'checklists',
    view.messages.reference.checklists,
    view.document.checklists.map(checklist =>
      detailsEntry(
        `checklist-${checklist.slug}`,
        inline(checklist.title),
        [tierName(view, checklist.tier)],
        [
          [...Map.groupBy(checklist.items, ({ group }) => group)].map(([group, items]) => {
            const lines = list(items.map(itemLine), 'lines')
            return group === null ? lines : subsection(3, group, lines)
          }),
          view.inFile && mentionDetails(view, checklist.mentions),
        ],
      ),
    ),
  )

const itemLine = ({ text, command, note }: Item<'checklist'>['items'][number]): Markup =>
  html`${inline(text)}${command && html`<br><code>${command}</code>`}${note && html`<br><small>${inline(note)}</small>`}`

const principles = (view: TrackView): Markup | undefined =>
  reference(
    'principles',
    view.messages.reference.principles,
    view.document.principles.map(principle =>
      detailsEntry(
        `principle-${principle.slug}`,
        inline(principle.title),
        [view.messages.reference.principleKinds[principle.kind]],
        [
          textList(principle.statements),
          subsection(3, view.messages.reference.risk, paragraph(principle.risk)),
          subsection(3, view.messages.reference.remedy, paragraph(principle.remedy)),
          view.inFile && mentionDetails(view, principle.mentions),
        ],
      ),
    ),
  )

const resources = (view: TrackView): Markup | undefined =>
  reference(
    'resources',
    view.messages.reference.resources,
    [...Map.groupBy(view.document.resources, ({ kind }) => kind)].map(
      ([kind, some]) =>
        html`<details><summary><span class="title">${view.messages.reference.resourceKinds[kind]}</span> <span class="aside">${some.length}</span></summary>${list(
          some.map(resource =>
            view.inFile ? resourceText(view, resource) : externalLink(resource.url, inline(resource.title)),
          ),
          'lines',
        )}</details>`,
    ),
  )

const sources = (view: TrackView): Markup | undefined =>
  reference(
    'sources',
    view.messages.reference.sources,
    view.document.sources.map(
      ({ title, summary }) => html`<p dir="auto"><b>${inline(title)}</b>${summary && html`: ${inline(summary)}`}</p>`,
    ),
  )

const tierName = (view: TrackView, tier: Item<'project'>['tier']): string => (tier === null ? '' : view.tierTitle(tier))
