import type { TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { type ExerciseFile, fileRoles } from '../model/exercise.ts'
import type { Markup, MarkupContent } from '../text/html.ts'
import { encodeUrl, inlineMarkup, markdown, markup } from './markup.ts'
import { type Addresses, durationHtml, inlineTexts, listSection, paragraph, resourceHtml } from './noun-html.ts'

/** The HTML of projects and exercises for platforms, without hints, solutions and right answers. */
export interface TaskHtml {
  project(project: Item<'project'>): Markup
  exercise(exercise: Item<'exercise'>): Markup
  /** Renders a Markdown text of an exercise. */
  text(text: string, idPrefix: string): Markup
}

export const createTaskHtml = (document: TrackDocument, addresses: Addresses): TaskHtml => {
  const text = (text: string, idPrefix: string) => markdown(text, { ...addresses, headingLevel: 4, idPrefix })
  const resources = new Map(document.resources.map(resource => [resource.key, resourceHtml(resource)]))
  return {
    text,
    project: project =>
      markup`${[
        paragraph(project.summary),
        durationHtml(project.duration),
        project.brief !== null && markup`<h3>The task</h3>${text(project.brief, project.slug)}`,
        project.starter !== null && markup`<p><a href="${encodeUrl(project.starter)}">Code to begin with</a></p>`,
        listSection('Built with', inlineTexts(project.stack)),
        listSection('It does', inlineTexts(project.features)),
        listSection('Steps', inlineTexts(project.milestones)),
        project.phases.map(({ title, parts }) => listSection(title, inlineTexts(parts))),
        listSection('Done when', inlineTexts(project.acceptance)),
        listSection(
          'Where to look things up',
          project.resources.map(key => resources.get(key) ?? key),
        ),
      ]}`,
    exercise: ({ slug, summary, duration, instructions, criteria, files }) =>
      markup`${[
        paragraph(summary),
        durationHtml(duration),
        instructions !== null && markup`<h3>What to do</h3>${text(instructions, slug)}`,
        listSection('Done when', inlineTexts(criteria)),
        fileRoles.map(role => filesOf(role, files)),
      ]}`,
  }
}

/** The headings of the files by role; null for those of the solution, which learners do not see. */
const roleTitles: { readonly [R in ExerciseFile['role']]: string | null } = {
  starter: 'To begin with',
  test: 'Tests',
  data: 'Data',
  solution: null,
}

const filesOf = (role: ExerciseFile['role'], files: readonly ExerciseFile[]): MarkupContent => {
  const own = files.filter(file => file.role === role)
  return (
    own.length > 0 &&
    roleTitles[role] !== null &&
    markup`<h3>${roleTitles[role]}</h3>${own.map(({ path, text }) => markup`<p><code>${path}</code></p><pre><code>${text}</code></pre>`)}`
  )
}

/** Renders a choice or its feedback: never empty, and never the number 0, which Moodle takes for nothing. */
export const choiceHtml = (text: string): Markup => markup`<p>${inlineMarkup(text)}</p>`
