import type { Item } from '../model/curriculum.ts'
import { encodePath } from '../model/picture.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { Markup } from '../text/html.ts'
import {
  type CartridgeVersion,
  cartridgeVersions,
  exerciseId,
  introductionId,
  planId,
  projectId,
  resourceId,
  variantPageId,
  versionOf,
} from './cartridge-modules.ts'
import { quizXml } from './cartridge-quiz.ts'
import { addressText, pageHtml, titleText, topicHtml } from './cartridge-text.ts'
import type { ExportInput } from './format.ts'
import { markup, plainTitle } from './markup.ts'
import { cartridgeAddresses, cartridgePath, createPlanHtml, createSkillHtml, trackHtml } from './noun-html.ts'
import { createTaskHtml, type TaskHtml } from './task-html.ts'
import { skillId } from './tree.ts'

/** A file of a cartridge. */
export interface CartridgeResource {
  id: string
  type: string
  path: string
  /** The resource that platforms show instead of this one if they support its type. */
  preferred?: string
  content(): string | Uint8Array
}

/** Builds the resources of the cartridge. An item of the course or a variant refers to each, except to pictures, which texts show. */
export const buildResources = (input: ExportInput): CartridgeResource[] => [
  ...Object.values(resourcesByNoun).flatMap(build => build?.(input) ?? []),
  ...shownPictures(input),
]

/** Returns the pictures that texts of the selection name, each content once. */
const shownPictures = ({ selection, pictures }: ExportInput): CartridgeResource[] => {
  const { track: _, ...lists } = selection
  const texts = pictures.length === 0 ? '' : JSON.stringify(lists)
  const shown = pictures.filter(({ path }) => texts.includes(path) || texts.includes(encodePath(path)))
  const byHash = new Map(shown.map(picture => [picture.hash, picture]))
  return [...byHash.values()].map(picture => ({
    id: `picture.${picture.hash}`,
    type: 'webcontent',
    path: cartridgePath(picture),
    content: () => picture.bytes,
  }))
}

/** The resources of each noun, in the order of the manifest; null for nouns without resources. */
const resourcesByNoun: { readonly [N in Noun]: ((input: ExportInput) => CartridgeResource[]) | null } = {
  track: ({ document: { track } }) => [
    page(introductionId, 'introduction.html', track, track.language, () => trackHtml(track)),
  ],
  plan: ({ document, selection, options }) => {
    if (options.by !== 'plan') return []
    const html = createPlanHtml(document)
    return selection.plans.map(plan =>
      page(planId(plan), `plans/${plan.slug}.html`, plan, document.track.language, () => html(plan)),
    )
  },
  skill: ({ document, selection, publicUrl }) => {
    const [html, addresses] = [createSkillHtml(document), cartridgeAddresses(document, publicUrl)]
    return selection.skills.map(skill =>
      page(skillId(skill), `pages/${skill.slug}.html`, skill, document.track.language, () =>
        html.page(skill, addresses),
      ),
    )
  },
  resource: ({ document, selection, options }) => {
    const referenced = new Set(selection.skills.flatMap(({ resources }) => resources))
    return document.resources.flatMap(resource =>
      referenced.has(resource.key) ? webLink(resource, versionOf(options)) : [],
    )
  },
  project: ({ document, selection, options, publicUrl }) => {
    const html = createTaskHtml(document, cartridgeAddresses(document, publicUrl))
    return selection.projects.flatMap(project => {
      const body = () => html.project(project)
      return versionOf(options) === '1.3'
        ? assignment(
            { id: projectId(project), page: `projects/${project.slug}.html`, file: `assignments/${project.slug}.xml` },
            project,
            document.track.language,
            body,
          )
        : topic(project, body)
    })
  },
  exercise: ({ document, selection, options, publicUrl }) => {
    const html = createTaskHtml(document, cartridgeAddresses(document, publicUrl))
    const { language } = document.track
    return selection.exercises.flatMap(exercise => {
      const [id, { slug }] = [exerciseId(exercise), exercise]
      const body = () => html.exercise(exercise)
      if (exercise.kind === 'quiz') return quiz(exercise, versionOf(options), html)
      return versionOf(options) === '1.3'
        ? assignment(
            { id, page: `exercises/${slug}.html`, file: `assignments/exercise-${slug}.xml` },
            exercise,
            language,
            body,
          )
        : page(id, `exercises/${slug}.html`, exercise, language, body)
    })
  },
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
const topic = (project: Item<'project'>, body: () => Markup): CartridgeResource => {
  const { namespace, number } = cartridgeVersions['1.1']
  return {
    id: projectId(project),
    type: `imsdt_xml${number}`,
    path: `topics/${project.slug}.xml`,
    content: () =>
      markup`${xmlDeclaration}<topic xmlns="${namespace}/imsdt_${number}"><title>${titleText(project.title)}</title><text texttype="text/html">${topicHtml(body())}</text></topic>\n`
        .text,
  }
}

/** An assignment, and a page that refers to it as its preferred variant. */
const assignment = (
  { id, page: path, file }: { id: string; page: string; file: string },
  titled: Titled,
  language: string,
  body: () => Markup,
): CartridgeResource[] => [
  { ...page(variantPageId(id), path, titled, language, body), preferred: id },
  {
    id,
    type: 'assignment_xmlv1p0',
    path: file,
    content: () =>
      markup`${xmlDeclaration}<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment" identifier="${id}"><title>${titleText(titled.title)}</title><text texttype="text/html">${pageHtml(body()).text}</text><gradable points_possible="100">true</gradable><submission_formats><format type="url"/><format type="text"/><format type="file"/></submission_formats></assignment>\n`
        .text,
  },
]

const quiz = (exercise: Item<'exercise'>, version: CartridgeVersion, html: TaskHtml): CartridgeResource => ({
  id: exerciseId(exercise),
  type: `imsqti_xmlv1p2/imscc_xml${cartridgeVersions[version].number}/assessment`,
  path: `quizzes/${exercise.slug}.xml`,
  content: () => markup`${xmlDeclaration}${quizXml(exercise, exerciseId(exercise), html)}`.text,
})

const xmlDeclaration = markup`<?xml version="1.0" encoding="UTF-8"?>\n`
