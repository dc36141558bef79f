import type { Item } from '../../model/curriculum.ts'
import type { Markup, MarkupContent } from '../../text/html.ts'
import { html, inline } from './html.ts'
import { urlOfItem } from './links.ts'

/** Content under a heading; nothing when there is no content. */
export const subsection = (level: number, title: string, content: MarkupContent | undefined): Markup | undefined =>
  content === undefined ? undefined : html`${heading(level, title)}\n${content}\n`

export const heading = (level: number, title: string): Markup => html`<h${level}>${title}</h${level}>`

export const list = (items: readonly MarkupContent[], kind = 'plain'): Markup | undefined =>
  items.length === 0
    ? undefined
    : html`<ul class="${kind}">${items.map(item => html`<li dir="auto">${item}</li>`)}</ul>`

export const textList = (items: readonly string[]): Markup | undefined => list(items.map(inline), 'texts')

export const paragraph = (text: string | null, kind = 'text'): Markup | undefined =>
  text === null ? undefined : html`<p class="${kind}" dir="auto">${inline(text)}</p>`

/** Facts on a line, such as `Beginner · 3 hours`. Each is read in its own direction, whatever that of the page is. */
export const factLine = (facts: readonly MarkupContent[]): Markup =>
  html`${facts.filter(Boolean).map((fact, index) => html`${index > 0 && ' · '}<bdi>${fact}</bdi>`)}`

/** A collapsed entry: its summary line, with facts beside the title, and its content with an id to link to. */
export const detailsEntry = (
  id: string,
  title: MarkupContent,
  facts: readonly MarkupContent[],
  content: MarkupContent,
): Markup =>
  html`<details>
<summary><span class="title" dir="auto">${title}</span> <span class="aside">${factLine(facts)}</span></summary>
<div class="entry" id="${id}">
${content}
</div>
</details>
`

/** The content of an entry: its text, and what else belongs to it, which a wide page shows beside the text. */
export const entryParts = (text: readonly MarkupContent[], side: readonly (Markup | undefined)[]): Markup =>
  html`<div class="entry-text">
${text}
</div>
${
  side.some(part => part !== undefined) &&
  html`<div class="entry-side">
${side}
</div>
`
}`

/** A section of the page with a heading; empty when it has no parts. */
export const section = (id: string, title: string, parts: Markup[]): Markup =>
  parts.length === 0
    ? html``
    : html`<section class="part" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${parts}
</section>
`

export type TrackLink = Pick<Item<'track'>, 'key' | 'title' | 'language'>

/** Links to the pages of tracks from the page at a path. */
export const trackLinks = (tracks: readonly TrackLink[], path: string, embedded: boolean): Markup =>
  html`<ul class="track-links">${tracks.map(({ key, title, language }) => html`<li><a href="${urlOfItem(path, 'track', key, embedded)}" lang="${language}" dir="auto">${inline(title)}</a></li>\n`)}</ul>`
