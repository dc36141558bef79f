import type { Item } from '../../model/curriculum.ts'
import type { Markup, MarkupContent } from '../../text/html.ts'
import { externalLink, html, inline } from '../page/html.ts'
import { entryParts, list, paragraph, subsection, textList } from '../page/page-elements.ts'
import { markdownText } from './markdown-text.ts'
import { mentionDetails, resourceList, skillList } from './skill-sections.ts'
import type { TrackView } from './track-view.ts'

type Project = Item<'project'>

/** Renders the title of a project after its code. */
export const projectTitle = ({ code, title }: Project): MarkupContent => [
  code && html`<b class="code">${code}</b> `,
  inline(title),
]

/** Renders everything that there is of a project, under headings of a level. */
export const projectContent = (view: TrackView, project: Project, level: number): Markup => {
  const { item } = view.messages
  const part = (title: string, content: Markup | undefined) => subsection(level, title, content)
  return entryParts(
    [
      paragraph(project.summary, 'lead'),
      part(
        item.task,
        project.brief === null
          ? undefined
          : markdownText(view, project.brief, `project-${project.slug}-brief`, level + 1),
      ),
      project.starter && html`<p class="starter">${externalLink(project.starter, item.starter)}</p>`,
      part(item.features, textList(project.features)),
      part(item.milestones, list(project.milestones.map(inline), 'to-do')),
      project.phases.map(({ tier, title, parts }) =>
        part(`${tier === null ? '' : `${view.tierTitle(tier)}: `}${title}`, textList(parts) ?? html``),
      ),
      part(item.criteria, textList(project.acceptance)),
    ],
    [
      part(item.stack, list(project.stack.map(inline), 'chips')),
      part(item.skillsPractised, skillList(view, project.skills)),
      part(item.resources, resourceList(view, project.resources)),
      mentionDetails(view, project.mentions),
    ],
  )
}
