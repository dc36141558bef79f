import type { TrackDocument } from '../../catalog.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { PictureFile } from '../../model/picture.ts'
import { Markup, type MarkupContent, plainText } from '../../text/html.ts'
import type { PageData } from '../browser/track.ts'
import type { PathToTargets } from '../content/path-targets.ts'
import { trackData } from '../content/structured-data.ts'
import { createTrackView, type TrackView } from '../content/track-view.ts'
import type { Translation } from '../content/translations.ts'
import { formatPlural } from '../messages/messages.ts'
import { html, inline } from '../page/html.ts'
import { createLinks, linksInFile } from '../page/links.ts'
import { jsonInHtml, readBundle, renderFile, renderPage } from '../page/page-frame.ts'
import type { Site } from '../page/site.ts'
import { everySkill } from './every-skill.ts'
import { pathSection, pathTitle } from './path-section.ts'
import { sections } from './sections.ts'
import { stages } from './stage-section.ts'
import { hero } from './track-hero.ts'
import { toolbar } from './track-toolbar.ts'

/** Renders the page of a track: the overview, from which links lead to the page of each item. */
export const overviewPage = (
  site: Site,
  document: TrackDocument,
  {
    embedded,
    watch,
    translations,
    shown,
  }: { embedded: boolean; watch: boolean; translations: readonly Translation[]; shown?: PathToTargets | undefined },
): RenderedResponse => {
  const { slug, title, summary, language } = document.track
  const path = `tracks/${slug}`
  const view = createTrackView(document, createLinks(path, slug, embedded))
  const { messages } = view
  const description = summary ?? `${title}: ${formatPlural(messages, messages.counts.skill, document.skills.length)}`
  const breadcrumbs = [
    { title: messages.frame.allTracks, path: '' },
    { title, path },
  ]
  return renderPage(site, {
    title: shown === undefined ? title : `${pathTitle(view, shown)} · ${title}`,
    description,
    language,
    path,
    alternates: translations,
    image: `${path}.png`,
    structuredData: trackData(site, view, description, breadcrumbs),
    kind: 'track',
    scripts: [...(hasSkills(view) ? (['track-page.js'] as const) : []), ...(watch ? (['watch.js'] as const) : [])],
    embedded,
    body: overview(view, shown, embedded),
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
    script: hasSkills(view) ? readBundle('track-page.js') : '',
    body: overview(view),
  })
}

/** A track without skills has nothing to tick, to search or to learn next. */
const hasSkills = ({ document: { skills } }: TrackView): boolean => skills.length > 0

const overview = (view: TrackView, shown?: PathToTargets, embedded = false): Markup => html`${hero(view)}
${hasSkills(view) ? [pathSection(view, shown, embedded), toolbar(view)] : html`<p class="empty">${view.messages.roadmap.noSkills}</p>`}
${stages(view)}
${view.inFile && everySkill(view)}
${sections(view)}
${license(view)}
${
  hasSkills(view) &&
  html`<dialog id="panel" aria-labelledby="panel-title"></dialog>
<script type="application/json" id="data">${new Markup(jsonInHtml(pageData(view)))}</script>`
}`

const license = ({ document: { track }, messages: { roadmap } }: TrackView): MarkupContent => {
  const [before, after] = roadmap.license.split('{license}')
  return track.license && html`<p class="license">${before}<span dir="auto">${inline(track.license)}</span>${after}</p>`
}

/** Returns the data for the page's script. Keys of the track become slugs. */
const pageData = ({ document: { track, skills, projects }, columns, messages }: TrackView): PageData => {
  const places = new Map(skills.map(({ key }, index) => [key, index]))
  return {
    track: track.id,
    messages: {
      language: messages.language,
      durations: messages.durations,
      roadmap: messages.roadmap.script,
      path: messages.path.script,
    },
    tiers: columns.map(({ tier, title }) => ({ tier, title })),
    skills: skills.map(({ id, slug, prerequisites, duration, examples }) => ({
      id,
      slug,
      prerequisites: prerequisites.flatMap(key => places.get(key) ?? []),
      ...(duration && { duration }),
      ...(examples.length > 0 && { words: examples.map(plainText).join(' ') }),
    })),
    projects: projects.map(({ slug, skills }) => ({
      slug,
      skills: skills.filter(key => places.has(key)).map(slugOfKey),
    })),
  }
}

const slugOfKey = (key: string): string => key.slice(key.indexOf('.') + 1)
