import { decodeHTML } from 'entities'
import { type Catalog, parseItems } from '../catalog.ts'
import { nounNotFound } from '../http/not-found.ts'
import type { RenderedResponse } from '../http/rendered-response.ts'
import type { Item } from '../model/curriculum.ts'
import type { Duration } from '../model/duration.ts'
import type { Tier } from '../model/vocabulary.ts'
import { Markup, type MarkupContent, plainText } from '../text/html.ts'
import type { ItemPageData } from './browser/item-page.ts'
import { formatDuration } from './durations.ts'
import { exerciseContent } from './exercise-section.ts'
import { html, inline } from './html.ts'
import { findItemPlace, type ItemPlace } from './item-place.ts'
import { createItemView, type ShownItems } from './item-view.ts'
import { anchorOf, createLinks, itemPages, itemPath, type NounWithPage } from './links.ts'
import { markdownText } from './markdown-text.ts'
import { format } from './messages/messages.ts'
import { jsonInHtml, renderPage } from './page-frame.ts'
import { projectContent, projectTitle } from './project-section.ts'
import type { Site } from './site.ts'
import { skillContent, skillRemarks, skillTitle } from './skill-sections.ts'
import type { TrackView } from './track-view.ts'

export interface ItemPageOptions {
  embedded: boolean
  /** The target of the path whose steps the links to the previous and next item follow. */
  target: string | undefined
}

/** Renders the page of an item: everything there is of it, with links to what comes before and after it. */
export const itemPage = async <N extends NounWithPage>(
  catalog: Catalog,
  site: Site,
  noun: N,
  key: string,
  { embedded, target }: ItemPageOptions,
): Promise<RenderedResponse> => {
  const [item] = parseItems(await catalog.byKeys(noun, [key]))
  if (item === undefined) throw await nounNotFound(catalog, noun, key)
  const kind: ItemKind<N> = kinds[noun]
  const path = itemPath(item.track, noun, item.slug)
  const place = await findItemPlace(catalog, noun, item, target)
  const shown = withItems(kind.shows(item), itemPages[noun], [place.previous, place.next])
  const view = await createItemView(catalog, item, shown, createLinks(path, item.track, embedded))
  const { track } = view.document
  const tier = kind.tier(item)
  return renderPage(site, {
    title: item.title,
    description: item.summary ?? kind.description(view, item),
    language: track.language,
    path,
    kind: 'item-page',
    scripts: ['item-page.js'],
    embedded,
    body: html`${breadcrumbs(view, kind.above(view, item), item.title, embedded)}
<article class="item" id="${anchorOf(noun, item.slug)}"${tier && html` data-tier="${tier}"`}>
<header>
<p class="where">${[tier && view.tierTitle(tier), ...kind.where(view, item)].filter(Boolean).join(' · ')}</p>
<h1 dir="auto">${kind.title(item)}</h1>
<div class="item-actions">${pathLink(view, kind.target(item))}</div>
</header>
<div class="entry">
${kind.content(view, item, 2)}
</div>
${suggestChange(site, view, noun, item.slug)}</article>
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
  /** Returns links to the parts of the overview that it belongs to. */
  above(view: TrackView, item: Item<N>): Markup[]
  /** Returns the target of the path to it, as it is in a URL; undefined if it has no path. */
  target(item: Item<N>): string | undefined
  content(view: TrackView, item: Item<N>, level: number): MarkupContent
}

const kinds: { readonly [N in NounWithPage]: ItemKind<N> } = {
  skill: {
    shows: ({ prerequisites, dependents, related, sameAs, replacedBy, category, notes, ...keys }) => ({
      projects: keys.projects,
      exercises: keys.exercises,
      resources: keys.resources,
      skills: [...prerequisites, ...dependents, ...related, ...sameAs, ...(replacedBy === null ? [] : [replacedBy])],
      category,
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
    above: view =>
      view.document.categories.map(
        ({ slug, title }) => html`<a href="${view.links.toItem('category', slug)}" dir="auto">${inline(title)}</a>`,
      ),
    target: ({ slug }) => slug,
    content: skillContent,
  },
  project: {
    shows: ({ skills, resources, brief }) => ({ skills, resources, texts: [brief] }),
    title: projectTitle,
    description: (_, { features }) => firstWords(features.join(' ')),
    tier: ({ tier }) => tier,
    where: (view, { duration }) => [view.messages.item.project, ...durations(view, duration)],
    above: ({ links, messages, document }) => [
      html`<a href="${links.to(`tracks/${document.track.slug}#projects`)}">${messages.item.projects}</a>`,
    ],
    target: ({ slug, skills }) => (skills.length === 0 ? undefined : `project:${slug}`),
    content: projectContent,
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
    above: ({ links, messages, document }) => [
      html`<a href="${links.to(`tracks/${document.track.slug}#exercises`)}">${messages.item.exercises}</a>`,
    ],
    target: () => undefined,
    content: exerciseContent,
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

const breadcrumbs = (view: TrackView, above: readonly Markup[], title: string, embedded: boolean): Markup => {
  const { links, messages, document } = view
  const parts = [
    ...(embedded ? [] : [html`<a href="${links.to('')}">${messages.frame.allTracks}</a>`]),
    html`<a href="${links.to(`tracks/${document.track.slug}`)}" dir="auto">${inline(document.track.title)}</a>`,
    ...above,
    html`<span aria-current="page" dir="auto">${inline(title)}</span>`,
  ]
  return html`<nav class="breadcrumbs" aria-label="${messages.item.breadcrumbs}"><ol>${parts.map(
    link => html`<li>${link}</li>`,
  )}</ol></nav>`
}

const pathLink = (view: TrackView, target: string | undefined): MarkupContent =>
  target !== undefined &&
  html`<a class="to-path" href="${view.links.to(`tracks/${view.document.track.slug}?to=${target}`)}">${view.messages.item.showPath}</a>`

/** Links to the file of the item where a change can be suggested. */
const suggestChange = (site: Site, view: TrackView, noun: NounWithPage, slug: string): MarkupContent => {
  if (site.editUrl === undefined) return undefined
  const url = format(site.editUrl, {
    track: view.document.track.slug,
    noun,
    slug,
    path: `${itemPages[noun]}/${slug}.yaml`,
  })
  return html`<footer><a class="suggest" href="${url}">${view.messages.item.suggestChange}</a></footer>\n`
}

const previousAndNext = (view: TrackView, noun: NounWithPage, { previous, next, path }: ItemPlace): MarkupContent => {
  const { item } = view.messages
  const link = (key: string | undefined, relation: 'prev' | 'next', label: string): MarkupContent => {
    const linked = key === undefined ? undefined : view[noun](key)
    if (linked === undefined) return undefined
    const query = path === undefined ? '' : `?to=${encodeURIComponent(path.to)}`
    const href = view.links.to(`${itemPath(linked.track, noun, linked.slug)}${query}`)
    return html`<a class="${relation}" rel="${relation}" href="${href}"><span class="aside">${label}</span> <span class="title" dir="auto">${inline(linked.title)}</span></a>\n`
  }
  return html`<nav class="prev-next" aria-label="${item.previousAndNext}">
${path && html`<p>${format(item.step, { step: path.step, count: path.count, target: plainText(path.title) })}</p>\n`}${link(previous, 'prev', item.previous)}${link(next, 'next', item.next)}</nav>`
}

/** Returns the data for the script of the page, with the words that it shows. */
const pageData = (
  { document: { track }, messages }: TrackView,
  noun: NounWithPage,
  { id, slug }: { id: string; slug: string },
): ItemPageData => {
  const { know, known, copy, copied } = messages.item
  return { track: track.id, [noun]: { id, slug }, words: { know, known, copy, copied } }
}
