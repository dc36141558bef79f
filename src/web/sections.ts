import type { Item } from '../model/curriculum.ts'
import { weeksOf } from '../model/duration-text.ts'
import { skillsOfPlan } from '../model/plan.ts'
import { sumDurations } from '../model/sum-durations.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { Markup } from '../text/html.ts'
import { formatDuration, formatSpan, formatTotal, formatWeekly } from './durations.ts'
import { exercises } from './exercise-section.ts'
import { html, inline } from './html.ts'
import { detailsEntry, list, paragraph, section, subsection, textList } from './page-elements.ts'
import { projectContent, projectTitle } from './project-section.ts'
import { mentionDetails, projectLink, resourceText, skillLink } from './skill-sections.ts'
import type { TrackView } from './track-view.ts'

/** The sections after the skills, in their order on the page; null for nouns that the page shows elsewhere. */
const sectionsByNoun: { readonly [N in Noun]: ((view: TrackView) => Markup | undefined) | null } = {
  track: null,
  category: null,
  skill: null,
  project: view => projects(view),
  exercise: view => exercises(view),
  plan: view => plans(view),
  checklist: view => checklists(view),
  principle: view => principles(view),
  resource: view => resources(view),
  source: view => sources(view),
}

export const sections = (view: TrackView): (Markup | undefined)[] =>
  Object.values(sectionsByNoun).map(section => section?.(view))

const projects = (view: TrackView): Markup | undefined =>
  section(
    'projects',
    view.messages.item.projects,
    view.document.projects.map(project =>
      detailsEntry(
        `project-${project.slug}`,
        projectTitle(project),
        [tierName(view, project.tier), project.duration && formatDuration(view.messages, project.duration)]
          .filter(Boolean)
          .join(' · '),
        projectContent(view, project, 3),
      ),
    ),
  )

const plans = (view: TrackView): Markup | undefined =>
  section(
    'plans',
    'Plans',
    view.document.plans.map(plan =>
      detailsEntry(
        `plan-${plan.slug}`,
        inline(plan.title),
        [tierName(view, plan.tier), hours(view, plan)].filter(Boolean).join(' · '),
        [
          plan.duration && html`<p>${formatSpan(view.messages, plan.duration)}</p>`,
          planTime(view, plan),
          list(
            plan.steps.map(step => planStep(view, step)),
            'lines',
          ),
          mentionDetails(view, plan.mentions),
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
  const weeks = plan.weeklyHours === null ? undefined : weeksOf(total, plan.weeklyHours)
  return html`<p>Time: ${time}${weeks && `; at ${hours(view, plan)}: ${formatDuration(view.messages, weeks)}`}</p>`
}

const checklists = (view: TrackView): Markup | undefined =>
  section(
    'checklists',
    'Checklists',
    view.document.checklists.map(checklist =>
      detailsEntry(`checklist-${checklist.slug}`, inline(checklist.title), tierName(view, checklist.tier), [
        [...Map.groupBy(checklist.items, ({ group }) => group)].map(([group, items]) => {
          const lines = list(items.map(itemLine), 'lines')
          return group === null ? lines : subsection(3, group, lines)
        }),
        mentionDetails(view, checklist.mentions),
      ]),
    ),
  )

const itemLine = ({ text, command, note }: Item<'checklist'>['items'][number]): Markup =>
  html`${inline(text)}${command && html`<br><code>${command}</code>`}${note && html`<br><small>${inline(note)}</small>`}`

const principles = (view: TrackView): Markup | undefined =>
  section(
    'principles',
    'Principles',
    view.document.principles.map(principle =>
      detailsEntry(`principle-${principle.slug}`, inline(principle.title), principle.kind, [
        textList(principle.statements),
        subsection(3, 'The risk', paragraph(principle.risk)),
        subsection(3, 'The remedy', paragraph(principle.remedy)),
        mentionDetails(view, principle.mentions),
      ]),
    ),
  )

const resources = (view: TrackView): Markup | undefined =>
  section(
    'resources',
    'Resources',
    [...Map.groupBy(view.document.resources, ({ kind }) => kind)].map(
      ([kind, some]) =>
        html`<details><summary><span class="title">${kindTitle[kind]}</span> <span class="aside">${some.length}</span></summary>${list(
          some.map(resource => resourceText(view, resource)),
          'lines',
        )}</details>`,
    ),
  )

const kindTitle: Record<Item<'resource'>['kind'], string> = {
  book: 'Books',
  documentation: 'Documentation',
  course: 'Courses',
  article: 'Articles',
  site: 'Sites',
  video: 'Videos',
  tool: 'Tools',
}

const sources = (view: TrackView): Markup | undefined =>
  section(
    'sources',
    'Drawn from',
    view.document.sources.map(
      ({ title, summary }) => html`<p dir="auto"><b>${inline(title)}</b>${summary && html`: ${inline(summary)}`}</p>`,
    ),
  )

const tierName = (view: TrackView, tier: Item<'project'>['tier']): string => (tier === null ? '' : view.tierTitle(tier))
