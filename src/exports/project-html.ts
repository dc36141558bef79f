import type { Answer } from '../model/curriculum.ts'
import { formatSpan } from '../model/duration.ts'
import { inline, type Markup, markup } from './markup.ts'
import { paragraph, part, texts } from './skill-html.ts'

/** Introduces a track: its aim, its tiers and its license. */
export const trackHtml = ({ summary, introduction, tiers, license }: Answer<'track'>): Markup =>
  markup`${[
    paragraph(summary),
    paragraph(introduction),
    part(
      'Levels',
      tiers.map(({ title, goal }) => markup`${inline(title)}${goal !== null && markup`: ${inline(goal)}`}`),
    ),
    license !== null && markup`<p>License: ${license}</p>`,
  ]}`

/** What a project asks for. */
export const projectHtml = (project: Answer<'project'>): Markup =>
  markup`${[
    paragraph(project.summary),
    part('Built with', texts(project.stack)),
    part('It does', texts(project.features)),
    part('Steps', texts(project.milestones)),
    project.phases.map(({ title, parts }) => part(title, texts(parts))),
    part('Done when', texts(project.acceptance)),
  ]}`

/** What is done when. */
export const planHtml = ({ weeklyHours, steps }: Answer<'plan'>): Markup =>
  markup`${[
    weeklyHours !== null && markup`<p>${weeklyHours.from}–${weeklyHours.to} hours a week</p>`,
    part(
      'Steps',
      steps.map(step => markup`${formatSpan(step)}: ${inline(step.text)}`),
    ),
  ]}`
