import { decodeHTML } from 'entities'
import { type Catalog, parseItems } from '../../catalog.ts'
import { nounNotFound } from '../../http/not-found.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { Item } from '../../model/curriculum.ts'
import type { Duration } from '../../model/duration.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { Markup, type MarkupContent, plainText } from '../../text/html.ts'
import type { ItemPageData } from '../browser/item-page.ts'
import { exerciseContent } from '../content/exercise-section.ts'
import { createItemView, type ShownItems } from '../content/item-view.ts'
import { markdownText } from '../content/markdown-text.ts'
import type { PathTarget } from '../content/path-targets.ts'
import { projectContent, projectTitle } from '../content/project-section.ts'
import { skillContent, skillRemarks, skillTitle } from '../content/skill-sections.ts'
import { type Breadcrumb, exerciseData, projectData, skillData } from '../content/structured-data.ts'
import type { TrackView } from '../content/track-view.ts'
import { itemTranslations } from '../content/translations.ts'
import { findNeighbourhood, type Neighbourhood, neighbourhoodGraph } from '../graph/neighbourhood-graph.ts'
import { formatDuration } from '../messages/durations.ts'
import { format } from '../messages/messages.ts'
import { html, inline } from '../page/html.ts'
import { anchorOf, createLinks, itemPages, itemPath, type NounWithPage } from '../page/links.ts'
import { factLine, heading } from '../page/page-elements.ts'
import { jsonInHtml, renderPage } from '../page/page-frame.ts'
import { editUrlOf, type Site } from '../page/site.ts'
import { findItemPlace, type ItemPlace } from './item-place.ts'

export interface ItemPageOptions {
  embedded: boolean
  /** The targets of the path whose steps the links to the previous and next skill follow. */
  targets: PathTarget[]
}

/** Renders the page of an item: everything there is of it, with links to what comes before and after it. */
export const itemPage = async <N extends NounWithPage>(
  catalog: Catalog,
  site: Site,
  noun: N,
  key: string,
  { embedded, targets }: ItemPageOptions,
): Promise<RenderedResponse> => {
  const [item] = parseItems(await catalog.byKeys(noun, [key]))
  if (item === undefined) throw await nounNotFound(catalog, noun, key)
  const kind: ItemKind<N> = kinds[noun]
  const path = itemPath(item.track, noun, item.slug)
  const place = await findItemPlace(catalog, noun, item, targets)
  const around = noun === 'skill' ? findNeighbourhood(await catalog.graph(item.track), key) : undefined
  const shown = withItems(kind.shows(item), itemPages[noun], [place.previous, place.next, ...(around?.keys ?? [])])
  const view = await createItemView(catalog, item, shown, createLinks(path, item.track, embedded))
  const { track } = view.document
  const tier = kind.tier(item)
  const description = item.summary ?? kind.description(view, item)
  const breadcrumbs = [
    { title: view.messages.frame.allTracks, path: '' },
    { title: track.title, path: `tracks/${track.slug}` },
    ...kind.above(view),
    { title: item.title, path },
  ]
  return renderPage(site, {
    title: item.title,
    description,
    language: track.language,
    path,
    kind: 'item-page',
    image: `${path}.png`,
    alternates: await itemTranslations(catalog, noun, item, track),
    structuredData: kind.structuredData(site, view, item, description, breadcrumbs),
    scripts: ['item-page.js'],
    embedded,
    body: html`${breadcrumbNav(view, breadcrumbs, embedded)}
<article class="item" id="${anchorOf(noun, item.slug)}"${tier && html` data-tier="${tier}"`}>
<header>
<p class="where">${factLine([tier && view.tierTitle(tier), ...kind.where(view, item)])}</p>
<h1 dir="auto">${kind.title(item)}</h1>
${stepLink(view, place.path)}${actions(view, noun, kind.path(view, item))}</header>
<div class="entry">
${kind.content(view, item, 2)}
</div>
${around && neighbourhood(view, key, around)}${suggestChange(editUrlOf(site, track.slug, noun, item.slug), view)}</article>
${previousAndNext(view, noun, place)}
<script type="application/json" id="data">${new Markup(jsonInHtml(pageData(view, noun, item)))}</script>`,
  })
}

/** The parts of a page that differ by noun. */
interface ItemKind<N extends NounWithPage> {
  shows(item: Item<N>): ShownItems
  title(item: Item<N>): MarkupContent
  /** Returns a description for an item without a summary. */
  description(view: TrackView, item: Item<N>): string | null
  tier(item: Item<N>): Tier | null
  /** Returns its area, kind and duration. */
  where(view: TrackView, item: Item<N>): string[]
  /** Returns the parts of the overview that it belongs to. */
  above(view: TrackView): Breadcrumb[]
  /** Returns the target of the path to it, as it is in a URL, with the words of the link; undefined if it has no path. */
  path(view: TrackView, item: Item<N>): { to: string; text: string } | undefined
  content(view: TrackView, item: Item<N>, level: number): MarkupContent
  structuredData(
    site: Site,
    view: TrackView,
    item: Item<N>,
    description: string | null,
    breadcrumbs: readonly Breadcrumb[],
  ): object
}

const kinds: { readonly [N in NounWithPage]: ItemKind<N> } = {
  skill: {
    shows: ({ prerequisites, dependents, related, sameAs, replacedBy, category, notes, ...keys }) => ({
      projects: keys.projects,
      exercises: keys.exercises,
      resources: keys.resources,
      skills: [...prerequisites, ...dependents, ...related, ...sameAs, ...(replacedBy === null ? [] : [replacedBy])],
      categories: [category],
      texts: [notes],
    }),
    title: skillTitle,
    description: (view, { outcomes, notes, slug }) =>
      firstWords(outcomes.join(' ')) ?? (notes === null ? null : firstWords(textOf(markdownText(view, notes, slug)))),
    tier: ({ tier }) => tier,
    where: (view, skill) => [
      ...view.document.categories.slice(-1).map(({ title }) => plainText(title)),
      ...skillRemarks(view, skill),
    ],
    above: ({ document: { track, categories } }) =>
      categories.map(({ slug, title }) => ({ title, path: `tracks/${track.slug}#${anchorOf('category', slug)}` })),
    path: ({ messages }, { slug }) => ({ to: slug, text: messages.item.showPath.skill }),
    content: skillContent,
    structuredData: skillData,
  },
  project: {
    shows: ({ skills, resources, brief }) => ({ skills, resources, texts: [brief] }),
    title: projectTitle,
    description: (_, { features }) => firstWords(features.join(' ')),
    tier: ({ tier }) => tier,
    where: (view, { duration }) => [view.messages.item.project, ...durations(view, duration)],
    above: ({ messages, document: { track } }) => [
      { title: messages.item.projects, path: `tracks/${track.slug}#projects` },
    ],
    path: ({ messages }, { slug, skills }) =>
      skills.length === 0 ? undefined : { to: `project:${slug}`, text: messages.item.showPath.project },
    content: projectContent,
    structuredData: projectData,
  },
  exercise: {
    shows: ({ skills, instructions, solution, questions }) => ({
      skills,
      texts: [instructions, solution, ...questions.flatMap(({ text, explanation }) => [text, explanation])],
    }),
    title: ({ title }) => inline(title),
    description: (_, { criteria }) => firstWords(criteria.join(' ')),
    tier: () => null,
    where: (view, { kind, duration }) => [view.messages.item.exerciseKinds[kind], ...durations(view, duration)],
    above: ({ messages, document: { track } }) => [
      { title: messages.item.exercises, path: `tracks/${track.slug}#exercises` },
    ],
    path: () => undefined,
    content: exerciseContent,
    structuredData: exerciseData,
  },
}

const durations = ({ messages }: TrackView, duration: Duration | null): string[] =>
  duration === null ? [] : [formatDuration(messages, duration)]

/** Adds items of a noun that has pages to those that a page shows. */
const withItems = (
  shown: ShownItems,
  plural: (typeof itemPages)[NounWithPage],
  keys: readonly (string | undefined)[],
): ShownItems => ({ ...shown, [plural]: [...(shown[plural] ?? []), ...keys.filter(key => key !== undefined)] })

/** Returns the beginning of a text, up to the length of a description in search results; null if there is no text. */
const firstWords = (text: string): string | null => {
  const words = plainText(text).trim().replace(/\s+/g, ' ')
  if (words.length <= 160) return words || null
  return `${words.slice(0, 159).replace(/\s\S*$/, '')}…`
}

/** Returns the text of rendered Markdown without its code blocks. */
const textOf = ({ text }: Markup): string => decodeHTML(text.replace(/<pre.*?<\/pre>/gs, '').replace(/<[^>]*>/g, ''))

/** Renders links to the pages above a page, which is the last. In a frame there is no home page. */
const breadcrumbNav = (
  { links, messages }: TrackView,
  breadcrumbs: readonly Breadcrumb[],
  embedded: boolean,
): Markup => {
  const items = breadcrumbs
    .slice(embedded ? 1 : 0)
    .map(({ title, path }, index, { length }) =>
      index === length - 1
        ? html`<span aria-current="page">${inline(title)}</span>`
        : html`<a href="${links.to(path)}">${inline(title)}</a>`,
    )
  return html`<nav class="breadcrumbs" aria-label="${messages.item.breadcrumbs}"><ol>${items.map(
    item => html`<li dir="auto">${item}</li>`,
  )}</ol></nav>`
}

/** Renders what a learner can do with an item: the checkbox becomes visible when the script runs. */
const actions = (
  { links, messages, document }: TrackView,
  noun: NounWithPage,
  path: ReturnType<ItemKind<NounWithPage>['path']>,
): MarkupContent =>
  path !== undefined &&
  html`<div class="item-actions">${
    noun === 'skill' && html`<label class="know"><input type="checkbox"> ${messages.item.know}</label> `
  }<a class="to-path" href="${links.to(`tracks/${document.track.slug}?to=${path.to}#path`)}">${path.text}</a></div>\n`

/** Renders the graph of the skills around a skill. */
const neighbourhood = (view: TrackView, key: string, around: Neighbourhood): MarkupContent => {
  const skill = view.skill(key)
  const graph = skill && neighbourhoodGraph(view, skill, around)
  return (
    graph &&
    html`<section class="neighbourhood">\n${heading(2, view.messages.item.neighbourhood)}\n${graph}</section>\n`
  )
}

const suggestChange = (url: string | undefined, { messages }: TrackView): MarkupContent =>
  url !== undefined && html`<footer><a class="suggest" href="${url}">${messages.item.suggestChange}</a></footer>\n`

/** Returns the query that keeps a path on the pages of its steps. */
const pathQuery = (path: ItemPlace['path']): string =>
  path === undefined ? '' : `?to=${path.targets.map(({ name }) => name).join(',')}`

const previousAndNext = (view: TrackView, noun: NounWithPage, { previous, next, path }: ItemPlace): MarkupContent => {
  const { item } = view.messages
  const link = (key: string | undefined, relation: 'prev' | 'next', label: string): MarkupContent => {
    const linked = key === undefined ? undefined : view[noun](key)
    if (linked === undefined) return undefined
    const href = view.links.to(`${itemPath(linked.track, noun, linked.slug)}${pathQuery(path)}`)
    return html`<a rel="${relation}" href="${href}"><span class="aside">${label}</span> <span class="title" dir="auto">${inline(linked.title)}</span></a>\n`
  }
  return html`<nav class="prev-next" aria-label="${item.previousAndNext}">
${link(previous, 'prev', item.previous)}${link(next, 'next', item.next)}</nav>`
}

/** Links to the path on which the item is a step. */
const stepLink = (view: TrackView, path: ItemPlace['path']): MarkupContent =>
  path &&
  html`<p class="on-path"><a href="${view.links.to(`tracks/${view.document.track.slug}${pathQuery(path)}#path`)}">${stepText(view, path)}</a></p>\n`

const stepText = (
  { document, messages }: TrackView,
  { targets, step, count }: NonNullable<ItemPlace['path']>,
): string =>
  format(messages.item.step, {
    step,
    count,
    target: new Intl.ListFormat(document.track.language).format(targets.map(({ title }) => title)),
  })

/** Returns the data for the script of the page, with the words that it shows. */
const pageData = (
  { document: { track, skills }, messages }: TrackView,
  noun: NounWithPage,
  { id, slug }: { id: string; slug: string },
): ItemPageData => {
  const { known, copy, copied } = messages.item
  const own = skills.filter(skill => skill.track === track.slug)
  return {
    track: track.id,
    [noun]: { id, slug },
    ids: Object.fromEntries(own.map(skill => [skill.slug, skill.id])),
    words: { known, copy, copied },
  }
}
