import type { TrackDocument } from '../../catalog.ts'
import type { Item } from '../../model/curriculum.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { escapeHtml, type Markup, plainText } from '../../text/html.ts'
import { replaceUnsupported } from '../../text/unicode.ts'
import type { PathToTargets } from '../content/path-targets.ts'
import { createTrackView, type TrackView } from '../content/track-view.ts'
import { drawGraph } from '../graph/draw-graph.ts'
import { layOutInLanes } from '../graph/lane-layout.ts'
import { layOutInLayers } from '../graph/layer-layout.ts'
import { graphOfPath } from '../graph/path-graph.ts'
import { directionOfText, textWidth, wrapText } from '../graph/text-lines.ts'
import { directionOf, format, formatPlural } from '../messages/messages.ts'
import { html } from '../page/html.ts'
import { linksInFile } from '../page/links.ts'
import { pathTitle } from './path-section.ts'

/**
 * Renders the roadmap of a track, or a path in it, as an image for READMEs in the reader's light or dark color scheme. It loads
 * nothing and has no links, so that it can be used in `<img>`.
 */
export const trackSvg = (
  document: TrackDocument,
  { tiers, path }: { tiers?: readonly Tier[] | undefined; path?: PathToTargets | undefined } = {},
): string => {
  const view = createTrackView(document, linksInFile)
  return path === undefined ? roadmapSvg(view, tiers) : pathSvg(view, path)
}

const width = 920
const margin = 36
/** The line on which the stages stand. */
const lineX = margin + 20
const left = 104
const right = width - margin
const nameWidth = 164
const pillsLeft = left + nameWidth + 20
const size = 13
const lineHeight = 18
const pillPadding = 13
const pillGap = 7
const indentWidth = 14

const roadmapSvg = (view: TrackView, tiers: readonly Tier[] | undefined): string => {
  const { document, messages } = view
  const columns = view.columns.filter(({ tier }) => tiers?.includes(tier) ?? true)
  const shown = columns.map(({ tier }) => tier)
  const skills = document.skills.filter(({ tier }) => shown.includes(tier))
  const projects = document.projects.filter(({ tier }) => tier !== null && shown.includes(tier))
  const facts = [
    formatPlural(messages, messages.counts.skill, skills.length),
    formatPlural(messages, messages.counts.category, new Set(skills.map(({ category }) => category)).size),
    projects.length > 0 && formatPlural(messages, messages.counts.project, projects.length),
  ]
    .filter(one => one !== false)
    .join(' · ')
  const drawing = createDrawing(directionOf(document.track.language))
  const title = plainText(document.track.title)
  drawing.heading(title, facts)
  const start = drawing.y + 14
  drawing.start(messages.graph.start)
  const described = columns.map(({ tier, title: stage }, index) => {
    const rows = rowsOf(view, tier)
    drawing.stage(
      tier,
      index + 1,
      plainText(stage),
      formatPlural(messages, messages.counts.skill, skills.filter(one => one.tier === tier).length),
    )
    for (const row of rows) drawing.row(tier, row.name, row.indent, row.titles)
    const own = projects.filter(one => one.tier === tier).map(projectTitle)
    if (own.length > 0) drawing.milestones(tier, messages.graph.milestones, own)
    return describeStage(plainText(stage), rows, own, messages.graph.milestones)
  })
  drawing.end(start)
  return svgOf(view, {
    title: format(messages.graph.image, { track: title }),
    description: [`${facts}.`, ...described].join(' '),
    width,
    height: drawing.y + margin,
    content: drawing.content(),
  })
}

const projectTitle = ({ code, title }: Item<'project'>): string => plainText(code === null ? title : `${code} ${title}`)

/** A category in a stage: the titles of its skills. */
interface Row {
  name: string
  /** The number of categories that it is a part of. */
  indent: number
  titles: string[]
}

/** Returns the categories with skills of a tier, after those that they are a part of. */
const rowsOf = (view: TrackView, tier: Tier): Row[] => {
  const shown = new Set(
    view.document.skills
      .filter(skill => skill.tier === tier)
      .flatMap(({ category }) => [category, ...view.ancestorsOf(category).map(({ key }) => key)]),
  )
  return view.document.categories
    .filter(({ key }) => shown.has(key))
    .map(({ key, title }) => ({
      name: plainText(title),
      indent: view.ancestorsOf(key).length,
      titles: view.cell(key, tier).map(skill => plainText(skill.title)),
    }))
}

/** Describes a stage for screen readers. */
const describeStage = (stage: string, rows: readonly Row[], projects: readonly string[], milestones: string): string =>
  [
    ...rows
      .filter(({ titles }) => titles.length > 0)
      .map(({ name, titles }) => `${stage}, ${name}: ${titles.join(', ')}.`),
    ...(projects.length > 0 ? [`${stage}, ${milestones}: ${projects.join(', ')}.`] : []),
  ].join(' ')

/** Creates a drawing that grows downwards. From right to left, it is mirrored. */
const createDrawing = (direction: 'ltr' | 'rtl') => {
  const lines: Markup[] = []
  const parts: Markup[] = []
  let y = margin
  let previous: { tier: Tier | undefined; y: number } | undefined

  const mirror = (x: number, itemWidth = 0): number =>
    Math.round((direction === 'rtl' ? width - x - itemWidth : x) * 10) / 10

  const text = (x: number, at: number, kind: string, content: string): Markup => {
    const own = directionOfText(content)
    return html`<text${kind !== '' && html` class="${kind}"`} x="${mirror(x)}" y="${at}"${own !== direction && html` direction="${own}" text-anchor="end"`}>${content}</text>`
  }

  /** Draws texts as pills in as many lines as they need, and returns the height. */
  const pills = (titles: readonly string[], tier: Tier, kind: string, icon: number): number => {
    let [x, top] = [pillsLeft, y]
    let bottom = y
    for (const title of titles) {
      const wrapped = wrapText(title, right - pillsLeft - 2 * pillPadding - icon, size)
      const pillWidth = Math.ceil(Math.max(...wrapped.map(line => textWidth(line, size)))) + 2 * pillPadding + icon
      const height = wrapped.length * lineHeight + 10
      if (x > pillsLeft && x + pillWidth > right) [x, top] = [pillsLeft, bottom + pillGap]
      parts.push(
        html`<rect class="${kind}" data-tier="${tier}" x="${mirror(x, pillWidth)}" y="${top}" width="${pillWidth}" height="${height}" rx="14"/>`,
        ...(icon > 0
          ? [html`<path class="flag" d="M${mirror(x + 13)} ${top + 7}v14m0-13.500h9l-2.500 3.500l2.500 3.500h-9"/>`]
          : []),
        ...wrapped.map(
          (line, index) =>
            html`<text${kind === 'milestone' && html` class="on-tier"`} x="${mirror(x + (pillWidth + icon) / 2)}" y="${top + 18.5 + index * lineHeight}" text-anchor="middle"${directionOfText(line) !== direction && html` direction="${directionOfText(line)}"`}>${line}</text>`,
        ),
      )
      bottom = Math.max(bottom, top + height)
      x += pillWidth + pillGap
    }
    return bottom - y
  }

  /** Draws the line from the last stage to here. */
  const connect = (tier: Tier | undefined): void => {
    if (previous !== undefined)
      lines.push(
        html`<path class="line" data-tier="${previous.tier ?? tier ?? ''}" d="M${mirror(lineX)} ${previous.y}V${y}"/>`,
      )
    previous = { tier, y }
  }

  const row = (
    tier: Tier,
    name: string,
    indent: number,
    titles: readonly string[],
    kind: string,
    icon: number,
  ): void => {
    const offset = indent * indentWidth
    const wrapped = wrapText(name, nameWidth - offset, size)
    parts.push(html`${wrapped.map((line, index) => text(left + offset, y + 18.5 + index * lineHeight, 'name', line))}`)
    y += Math.max(wrapped.length * lineHeight + 8, pills(titles, tier, kind, icon)) + 8
  }

  return {
    get y() {
      return y
    },
    content: (): Markup => html`${lines}\n${parts.map(part => html`${part}\n`)}`,
    heading: (title: string, facts: string): void => {
      const wrapped = wrapText(title, width - 2 * margin, 36)
      parts.push(html`${wrapped.map((line, index) => text(margin, y + 30 + index * 40, 'title', line))}`)
      y += wrapped.length * 40 + 18
      parts.push(text(margin, y, 'quiet', facts))
      y += 28
    },
    start: (label: string): void => {
      y += 14
      connect(undefined)
      parts.push(html`<circle class="start" cx="${mirror(lineX)}" cy="${y}" r="8"/>${text(left, y + 5, 'name', label)}`)
      y += 30
    },
    stage: (tier: Tier, number: number, title: string, facts: string): void => {
      y += 20
      connect(tier)
      parts.push(
        html`<circle class="stage" data-tier="${tier}" cx="${mirror(lineX)}" cy="${y}" r="20"/><text class="number" x="${mirror(lineX)}" y="${y + 6}" text-anchor="middle">${number}</text>`,
      )
      const wrapped = wrapText(title, right - left, 24)
      parts.push(html`${wrapped.map((line, index) => text(left, y + 4 + index * 26, 'stage-title', line))}`)
      y += wrapped.length * 26
      parts.push(text(left, y, 'quiet', facts))
      y += 20
    },
    row: (tier: Tier, name: string, indent: number, titles: readonly string[]): void =>
      row(tier, name, indent, titles, 'pill', 0),
    milestones: (tier: Tier, label: string, titles: readonly string[]): void =>
      row(tier, label, 0, titles, 'milestone', 18),
    end: (start: number): void => {
      y += 8
      connect(undefined)
      parts.push(html`<circle class="start" cx="${mirror(lineX)}" cy="${Math.max(y, start)}" r="8"/>`)
    },
  }
}

/** The width from which the cards of a graph would be too small in a README. */
const maxGraphWidth = 1_300

const pathSvg = (view: TrackView, path: PathToTargets): string => {
  const { document, messages } = view
  const direction = directionOf(document.track.language)
  const graph = graphOfPath(view, path)
  const layout = layOutInLayers(graph, { maxWidth: maxGraphWidth, cardsInRow: 4 }) ?? layOutInLanes(graph)
  const title = pathTitle(view, path)
  const facts = `${plainText(document.track.title)} · ${formatPlural(messages, messages.counts.skill, path.steps.length)}`
  const total = Math.max(480, layout.width + 2 * margin)
  const lines = wrapText(title, total - 2 * margin, 36)
  const top = margin + lines.length * 40 + 50
  const x = direction === 'rtl' ? total - margin : margin
  const heading = html`${lines.map((line, index) => html`<text class="title" x="${x}" y="${margin + 30 + index * 40}">${line}</text>\n`)}<text class="quiet" x="${x}" y="${top - 32}">${facts}</text>`
  return svgOf(view, {
    title,
    description: [`${facts}.`, ...graph.cards.map(({ label }) => `${label}.`)].join(' '),
    width: total,
    height: top + layout.height + margin,
    content: html`${heading}
<g transform="translate(${Math.round((total - layout.width) / 2)} ${top})">
${drawGraph({ ...layout, cards: layout.cards.map(({ card: { href, ...card }, ...placed }) => ({ ...placed, card })) }, direction)}</g>`,
  })
}

interface Image {
  title: string
  description: string
  width: number
  height: number
  content: Markup
}

const svgOf = ({ document: { track } }: TrackView, image: Image): string => {
  const height = Math.ceil(image.height)
  return replaceUnsupported(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${image.width} ${height}" width="${image.width}" height="${height}" role="img" aria-labelledby="title desc" lang="${escapeHtml(track.language)}" direction="${directionOf(track.language)}">
<title id="title">${escapeHtml(image.title)}</title>
<desc id="desc">${escapeHtml(image.description)}</desc>
<style>${svgStyle}</style>
<rect class="paper" width="${image.width}" height="${height}" rx="16"/>
${image.content.text}
</svg>
`)
}

/** Contains nothing from the document, so that the Content-Security-Policy can allow it by its hash. */
export const svgStyle = `
svg{--paper:#fbfaf7;--card:#fff;--ink:#1d2521;--quiet:#55615b;--line:#d5dad3;--edge:#868f89;--beginner:#2e7d54;--intermediate:#2f6a9f;--senior:#86489b}
@media(prefers-color-scheme:dark){svg{--paper:#141916;--card:#1b211e;--ink:#e6ebe7;--quiet:#a3b0a9;--line:#3a4540;--edge:#7c8982;--beginner:#7ccf9f;--intermediate:#86bff0;--senior:#d3a1e6}}
[data-tier=beginner]{--tier:var(--beginner)}[data-tier=intermediate]{--tier:var(--intermediate)}[data-tier=senior]{--tier:var(--senior)}
text{font:500 ${size}px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
.title{font-size:34px;font-weight:800;letter-spacing:-.02em}.stage-title{font-size:22px;font-weight:750;letter-spacing:-.01em}
.quiet{font-size:15px;fill:var(--quiet)}.name{font-weight:650;fill:var(--quiet)}
.paper{fill:var(--paper)}.pill{fill:var(--card);stroke:var(--line)}.milestone,.stage{fill:var(--tier)}
.number{font-size:18px;font-weight:800}.number,.on-tier{fill:var(--paper)}.on-tier{font-weight:650}
.line{fill:none;stroke:var(--tier,var(--line));stroke-width:4}.start{fill:var(--paper);stroke:var(--edge);stroke-width:4}
.flag{fill:none;stroke:var(--paper);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.edges path{fill:none;stroke:var(--edge);stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.card text{font-size:14px;font-weight:600}.card .ground{fill:var(--card);stroke:var(--line)}.side,.badge rect{fill:var(--tier)}
.badge path,.badge:not(.numbered){display:none}.card .badge text{font-size:12px;font-weight:700;fill:var(--paper)}
.goal .ground{fill:var(--tier)}.goal>g>text,.goal .side{fill:var(--paper)}.goal .badge rect{stroke:var(--paper);stroke-width:2}
`.trim()
