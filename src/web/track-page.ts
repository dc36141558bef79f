import type { TrackDocument } from '../catalog.ts'
import type { RenderedResponse } from '../http/rendered-response.ts'
import { required } from '../model/graph.ts'
import type { PictureFile } from '../model/picture.ts'
import { Markup, type MarkupContent } from '../text/html.ts'
import type { PageData } from './browser/track.ts'
import { formatSpan, formatTotal } from './durations.ts'
import { everySkill } from './every-skill.ts'
import { html, inline } from './html.ts'
import { createLinks, linksInFile } from './links.ts'
import { formatCount, paragraph } from './page-elements.ts'
import { jsonInHtml, readBundle, renderFile, renderPage } from './page-frame.ts'
import { pathSection } from './path-section.ts'
import { sections } from './sections.ts'
import type { Site } from './site.ts'
import { skillTitle } from './skill-sections.ts'
import { learning, toolbar } from './track-toolbar.ts'
import { type Category, createTrackView, type TierColumn, type TrackView } from './track-view.ts'

/** Renders the page of a track: the overview, from which links lead to the page of each item. */
export const overviewPage = (
  site: Site,
  document: TrackDocument,
  { embedded, watch }: { embedded: boolean; watch: boolean },
): RenderedResponse => {
  const { slug, title, summary, language } = document.track
  const path = `tracks/${slug}`
  const view = createTrackView(document, createLinks(path, slug, embedded))
  return renderPage(site, {
    title,
    description: summary,
    language,
    path,
    kind: 'track',
    scripts: ['track-page.js', ...(watch ? (['watch.js'] as const) : [])],
    embedded,
    body: html`${overview(view)}
${sections(view)}
${closing(view)}`,
  })
}

/** Renders a track as one self-contained HTML file, readable without its script. The same document gives the same bytes. */
export const exportHtml = (document: TrackDocument, pictures: readonly PictureFile[] = []): string => {
  const bytes = new Map(pictures.map(picture => [picture.path, picture.bytes]))
  const view = createTrackView(
    document,
    linksInFile,
    ({ path, mediaType }) => `data:${mediaType};base64,${bytes.get(path)?.toString('base64')}`,
  )
  return renderFile({
    ...document.track,
    description: document.track.summary,
    kind: 'track',
    script: readBundle('track-page.js'),
    body: html`${overview(view)}
${everySkill(view)}
${sections(view)}
${closing(view)}`,
  })
}

const overview = (view: TrackView): Markup => html`${header(view)}
${toolbar(view)}
${pathSection(view)}
<div class="desk">
${learning(view)}
<section class="part" id="roadmap" aria-labelledby="roadmap-title">
<h2 id="roadmap-title">Roadmap</h2>
${matrix(view)}
<p id="nothing" hidden>No skill is like that. <button type="button" id="clear">Show all</button></p>
</section>
</div>`

const closing = (view: TrackView): Markup => html`${footer(view)}
<dialog id="panel" aria-labelledby="panel-title"></dialog>
<script type="application/json" id="data">${new Markup(jsonInHtml(pageData(view)))}</script>`

const header = (view: TrackView): MarkupContent => {
  const { track, skills, projects, exercises } = view.document
  const time = formatTotal(view.messages, view.durations.track)
  return html`<header class="track-header">
<h1 dir="auto">${inline(track.title)}</h1>
${paragraph(track.summary, 'lead')}
<p class="facts">${formatCount(skills.length, 'skill')} in ${formatCount(view.document.categories.length, 'area')}${projects.length > 0 && `, ${formatCount(projects.length, 'project')}`}${exercises.length > 0 && `, ${formatCount(exercises.length, 'exercise')}`}${time && ` · ${time}`}${track.version && html` · version <span dir="auto">${inline(track.version)}</span>`}</p>
${track.introduction && html`<details class="introduction"><summary>How to use it</summary>${paragraph(track.introduction)}</details>`}
${goals(view)}
</header>`
}

const goals = ({ document: { track }, durations, messages }: TrackView): MarkupContent =>
  track.tiers.length > 0 &&
  html`<ol class="goals">${track.tiers.map(({ tier, title, theme, goal, duration }) => {
    const times = [duration && formatSpan(messages, duration), formatTotal(messages, durations.tiers[tier])]
      .filter(Boolean)
      .join(' · ')
    return html`
<li data-tier="${tier}"><b dir="auto">${inline(title)}</b>${times !== '' && html` <span class="aside">${times}</span>`}${theme && html`<br><span dir="auto">${inline(theme)}</span>`}${paragraph(goal)}</li>`
  })}
</ol>`

const footer = ({ document: { track } }: TrackView): MarkupContent => html`<footer>
<p>${track.license && html`License of the content: <span dir="auto">${inline(track.license)}</span>. `}<span class="script-only" hidden>What you tick is kept in this browser alone; nothing is sent.</span></p>
</footer>`

/** Returns the data for the page's script. Keys of the track become slugs. */
const pageData = ({ document: { track, skills, projects }, columns, messages }: TrackView): PageData => {
  const trackKeys = new Set(skills.map(({ key }) => key))
  const inTrack = (keys: readonly string[]) => keys.filter(key => trackKeys.has(key)).map(slugOfKey)
  return {
    track: track.id,
    messages,
    tiers: columns.map(({ tier, title }) => ({ tier, title })),
    skills: skills.map(({ id, slug, tier, category, prerequisites, duration }) => ({
      id,
      slug,
      tier,
      category: slugOfKey(category),
      prerequisites: inTrack(prerequisites),
      ...(duration && { duration }),
    })),
    projects: projects.map(({ slug, skills }) => ({ slug, skills: inTrack(skills) })),
  }
}

const slugOfKey = (key: string): string => key.slice(key.indexOf('.') + 1)

/** Renders the matrix of categories and tiers; every skill is a link. */
const matrix = (view: TrackView): Markup => html`<div class="matrix" id="matrix" data-columns="${view.columns.length}">
<div class="head" aria-hidden="true">
<span></span>
${view.columns.map(columnHead)}
</div>
${view.document.categories.map(category => row(view, category))}
</div>
`

const columnHead = ({ tier, title }: TierColumn): Markup =>
  html`<span class="column" data-tier="${tier}"><b dir="auto">${inline(title)}</b></span>
`

/** Renders the skills of a category itself. The rows of the categories below it follow, with headings one level lower. */
const row = (view: TrackView, category: Category): Markup => {
  const above = view.ancestorsOf(category.key)
  const time = formatTotal(view.messages, required(view.durations.categories, category.key))
  const level = 3 + above.length
  return html`<section class="row" data-category="${category.slug}"${
    above.length > 0 && html` data-above="${above.map(({ slug }) => slug).join(' ')}"`
  }>
<h${level} dir="auto"><a href="#category-${category.slug}">${inline(category.title)}</a>${time && html` <small>${time}</small>`}</h${level}>
${view.columns.map(column => cell(view, category, column, level + 1))}
</section>
`
}

const cell = (view: TrackView, category: Category, { tier, title }: TierColumn, level: number): Markup => {
  const skills = view.cell(category.key, tier)
  if (skills.length === 0) return html`<div class="cell none" data-tier="${tier}"></div>\n`
  return html`<div class="cell" data-tier="${tier}">
<h${level} dir="auto">${inline(title)}</h${level}>
<ul>${skills.map(
    skill => html`
<li data-skill="${skill.slug}" dir="auto"><a href="${view.links.toItem('skill', skill.slug)}">${skillTitle(skill)}</a>${skill.optional && html` <small>optional</small>`}</li>`,
  )}
</ul>
</div>
`
}
