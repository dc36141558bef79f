import type { Answer } from '../model/curriculum.ts'
import { introductionId, planId, projectId, projectPageId, resourceId } from './cartridge-modules.ts'
import { addressText, pageHtml, titleText, topicHtml } from './cartridge-text.ts'
import { type Version, versionIn, versions } from './cartridge-version.ts'
import type { Export } from './format.ts'
import { type Markup, markup, nameOf } from './markup.ts'
import { planHtml, projectHtml, trackHtml } from './project-html.ts'
import { skillHtml } from './skill-html.ts'
import { skillId } from './tree.ts'

/** A file of a cartridge. */
export interface Resource {
  id: string
  type: string
  path: string
  /** The resource that platforms show in its place where they support the type. */
  preferred?: string
  content(): string
}

/** The resources of the cartridge: an item or a variant refers to each. */
export const resourcesOf = ({ whole, chosen, asked, publicUrl }: Export): Resource[] => {
  const [version, html, { language }] = [versionIn(asked), skillHtml(whole), whole.track]
  const needed = new Set(chosen.skills.flatMap(({ resources }) => resources))
  const plans = asked.by === 'plan' ? chosen.plans : []
  return [
    page(introductionId, 'introduction.html', whole.track, language, () => trackHtml(whole.track)),
    ...plans.map(plan => page(planId(plan), `plans/${plan.slug}.html`, plan, language, () => planHtml(plan))),
    ...chosen.skills.map(skill =>
      page(skillId(skill), `pages/${skill.slug}.html`, skill, language, () => html.page(skill, publicUrl)),
    ),
    ...whole.resources.flatMap(resource => (needed.has(resource.key) ? webLink(resource, version) : [])),
    ...chosen.projects.flatMap(project => (version === '1.3' ? assignment(project, language) : topic(project))),
  ]
}

type Titled = { title: string }

const page = (id: string, path: string, { title }: Titled, language: string, body: () => Markup): Resource => ({
  id,
  type: 'webcontent',
  path,
  content: () =>
    markup`<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"/><title>${nameOf(title)}</title></head>
<body>${filled(pageHtml(body()), title)}</body></html>
`.text,
})

/** Moodle fails to restore a course with an empty page. */
const filled = (html: Markup, title: string): Markup => (html.text === '' ? markup`<p>${titleText(title)}</p>` : html)

const webLink = ({ key, slug, title, url }: Answer<'resource'>, version: Version): Resource[] => {
  if (url === null) return []
  const { namespace, number } = versions[version]
  return [
    {
      id: resourceId({ key }),
      type: `imswl_xml${number}`,
      path: `weblinks/${slug}.xml`,
      content: () =>
        markup`${declaration}<webLink xmlns="${namespace}/imswl_${number}"><title>${titleText(title)}</title><url href="${addressText(url)}" target="_blank"/></webLink>\n`
          .text,
    },
  ]
}

/** The one version that Moodle reads has nothing closer to a project. */
const topic = (project: Answer<'project'>): Resource => {
  const { namespace, number } = versions['1.1']
  return {
    id: projectId(project),
    type: `imsdt_xml${number}`,
    path: `topics/${project.slug}.xml`,
    content: () =>
      markup`${declaration}<topic xmlns="${namespace}/imsdt_${number}"><title>${titleText(project.title)}</title><text texttype="text/html">${topicHtml(projectHtml(project))}</text></topic>\n`
        .text,
  }
}

/** An assignment, below a page that refers to it as the preferred variant. */
const assignment = (project: Answer<'project'>, language: string): Resource[] => [
  {
    ...page(projectPageId(project), `projects/${project.slug}.html`, project, language, () => projectHtml(project)),
    preferred: projectId(project),
  },
  {
    id: projectId(project),
    type: 'assignment_xmlv1p0',
    path: `assignments/${project.slug}.xml`,
    content: () =>
      markup`${declaration}<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment" identifier="${projectId(project)}"><title>${titleText(project.title)}</title><text texttype="text/html">${pageHtml(projectHtml(project)).text}</text><gradable points_possible="100">true</gradable><submission_formats><format type="url"/><format type="text"/><format type="file"/></submission_formats></assignment>\n`
        .text,
  },
]

const declaration = markup`<?xml version="1.0" encoding="UTF-8"?>\n`
