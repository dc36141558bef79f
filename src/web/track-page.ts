import type { TrackDocument } from '../catalog.ts'
import { plainText } from '../text/html.ts'
import { paragraph } from './entry.ts'
import { everySkill } from './every-skill.ts'
import { type Content, Html, html, inline } from './html.ts'
import { matrix } from './matrix.ts'
import { counted, lasting } from './numbers.ts'
import { type Outline, outlineOf } from './outline.ts'
import { pageData } from './page-data.ts'
import { page } from './page-frame.ts'
import { sections } from './sections.ts'
import { learning, toolbar } from './track-toolbar.ts'

/** A whole track as one HTML file that needs nothing else; readable without its script. The same document gives the same bytes. */
export const trackPage = (document: TrackDocument, options: { watch?: boolean } = {}): string => {
  const outline = outlineOf(document)
  const { track } = document
  return page({
    title: plainText(track.title),
    description: track.summary === null ? undefined : plainText(track.summary),
    language: track.language,
    watch: options.watch ?? false,
    script: true,
    body: html`<a class="skip" href="#roadmap">To the roadmap</a>
${header(outline)}
<main>
${toolbar(outline)}
<div class="desk">
${learning(outline)}
<section class="part" id="roadmap" aria-labelledby="roadmap-title" tabindex="-1">
<h2 id="roadmap-title">Roadmap</h2>
${matrix(outline)}
<p id="nothing" hidden>No skill is like that. <button type="button" id="clear">Show all</button></p>
</section>
</div>
${everySkill(outline)}
${sections(outline)}
</main>
${footer(outline)}
<dialog id="panel" aria-labelledby="panel-title"></dialog>
<script type="application/json" id="data">${new Html(pageData(outline))}</script>`,
  })
}

/** The page as a file to keep or send: the same bytes as a server gives that does not watch its files. */
export const exportHtml = (document: TrackDocument): string => trackPage(document)

const header = (outline: Outline): Content => {
  const { track, skills, projects } = outline.document
  return html`<header>
<h1 dir="auto">${inline(track.title)}</h1>
${paragraph(track.summary, 'lead')}
<p class="facts">${counted(skills.length, 'skill')} in ${counted(outline.document.categories.length, 'area')}${projects.length > 0 && `, ${counted(projects.length, 'project')}`}${track.version && html` · version <span dir="auto">${inline(track.version)}</span>`}</p>
${track.introduction && html`<details class="introduction"><summary>How to use it</summary>${paragraph(track.introduction)}</details>`}
${goals(outline)}
</header>`
}

const goals = ({ document: { track } }: Outline): Content =>
  track.tiers.length > 0 &&
  html`<ol class="goals">${track.tiers.map(
    ({ tier, title, theme, goal, duration }) => html`
<li data-tier="${tier}"><b dir="auto">${inline(title)}</b>${duration && html` <span class="aside">${lasting(duration)}</span>`}${theme && html`<br><span dir="auto">${inline(theme)}</span>`}${paragraph(goal)}</li>`,
  )}
</ol>`

const footer = ({ document: { track } }: Outline): Content => html`<footer>
<p>${track.license && html`License of the content: <span dir="auto">${inline(track.license)}</span>. `}<span class="script-only" hidden>What you tick is kept in this browser alone; nothing is sent.</span></p>
</footer>`
