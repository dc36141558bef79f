import type { Item } from '../model/curriculum.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { Markup } from '../text/html.ts'
import {
  type CartridgeVersion,
  cartridgeVersions,
  introductionId,
  planId,
  projectId,
  projectPageId,
  resourceId,
  versionOf,
} from './cartridge-modules.ts'
import { addressText, pageHtml, titleText, topicHtml } from './cartridge-text.ts'
import type { ExportInput } from './format.ts'
import { markup, plainTitle } from './markup.ts'
import { createSkillHtml, planHtml, projectHtml, trackHtml } from './noun-html.ts'
import { skillId } from './tree.ts'

/** A file of a cartridge. */
export interface CartridgeResource {
  id: string
  type: string
  path: string
  /** The resource that platforms show instead of this one if they support its type. */
  preferred?: string
  content(): string
}

/** Builds the resources of the cartridge. An item of the course or a variant refers to each. */
export const buildResources = (input: ExportInput): CartridgeResource[] =>
  Object.values(resourcesByNoun).flatMap(build => build?.(input) ?? [])

/** The resources of each noun, in the order of the manifest; null for nouns without resources. */
const resourcesByNoun: { readonly [N in Noun]: ((input: ExportInput) => CartridgeResource[]) | null } = {
  track: ({ document: { track } }) => [
    page(introductionId, 'introduction.html', track, track.language, () => trackHtml(track)),
  ],
  plan: ({ document: { track }, selection, options }) =>
    options.by === 'plan'
      ? selection.plans.map(plan =>
          page(planId(plan), `plans/${plan.slug}.html`, plan, track.language, () => planHtml(plan)),
        )
      : [],
  skill: ({ document, selection, publicUrl }) => {
    const html = createSkillHtml(document)
    return selection.skills.map(skill =>
      page(skillId(skill), `pages/${skill.slug}.html`, skill, document.track.language, () =>
        html.page(skill, publicUrl),
      ),
    )
  },
  resource: ({ document, selection, options }) => {
    const referenced = new Set(selection.skills.flatMap(({ resources }) => resources))
    return document.resources.flatMap(resource =>
      referenced.has(resource.key) ? webLink(resource, versionOf(options)) : [],
    )
  },
  project: ({ document: { track }, selection, options }) =>
    selection.projects.flatMap(project =>
      versionOf(options) === '1.3' ? assignment(project, track.language) : topic(project),
    ),
  exercise: null,
  source: null,
  category: null,
  principle: null,
  checklist: null,
}

type Titled = { title: string }

const page = (
  id: string,
  path: string,
  { title }: Titled,
  language: string,
  body: () => Markup,
): CartridgeResource => ({
  id,
  type: 'webcontent',
  path,
  content: () =>
    markup`<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"/><title>${plainTitle(title)}</title></head>
<body>${nonEmpty(pageHtml(body()), title)}</body></html>
`.text,
})

/** Moodle fails to restore a course with an empty page. */
const nonEmpty = (html: Markup, title: string): Markup => (html.text === '' ? markup`<p>${titleText(title)}</p>` : html)

const webLink = ({ key, slug, title, url }: Item<'resource'>, version: CartridgeVersion): CartridgeResource[] => {
  if (url === null) return []
  const { namespace, number } = cartridgeVersions[version]
  return [
    {
      id: resourceId({ key }),
      type: `imswl_xml${number}`,
      path: `weblinks/${slug}.xml`,
      content: () =>
        markup`${xmlDeclaration}<webLink xmlns="${namespace}/imswl_${number}"><title>${titleText(title)}</title><url href="${addressText(url)}" target="_blank"/></webLink>\n`
          .text,
    },
  ]
}

/** A discussion topic, the closest to a project in version 1.1. */
const topic = (project: Item<'project'>): CartridgeResource => {
  const { namespace, number } = cartridgeVersions['1.1']
  return {
    id: projectId(project),
    type: `imsdt_xml${number}`,
    path: `topics/${project.slug}.xml`,
    content: () =>
      markup`${xmlDeclaration}<topic xmlns="${namespace}/imsdt_${number}"><title>${titleText(project.title)}</title><text texttype="text/html">${topicHtml(projectHtml(project))}</text></topic>\n`
        .text,
  }
}

/** An assignment, and a page that refers to it as its preferred variant. */
const assignment = (project: Item<'project'>, language: string): CartridgeResource[] => [
  {
    ...page(projectPageId(project), `projects/${project.slug}.html`, project, language, () => projectHtml(project)),
    preferred: projectId(project),
  },
  {
    id: projectId(project),
    type: 'assignment_xmlv1p0',
    path: `assignments/${project.slug}.xml`,
    content: () =>
      markup`${xmlDeclaration}<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment" identifier="${projectId(project)}"><title>${titleText(project.title)}</title><text texttype="text/html">${pageHtml(projectHtml(project)).text}</text><gradable points_possible="100">true</gradable><submission_formats><format type="url"/><format type="text"/><format type="file"/></submission_formats></assignment>\n`
        .text,
  },
]

const xmlDeclaration = markup`<?xml version="1.0" encoding="UTF-8"?>\n`
