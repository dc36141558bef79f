import { type Content, type Html, html, inline } from './html.ts'

/** A heading and what stands below it; nothing where there is nothing. */
export const part = (level: number, title: string, content: Content | undefined): Html | undefined =>
  content === undefined ? undefined : html`${heading(level, title)}\n${content}\n`

export const heading = (level: number, title: string): Html => {
  if (level === 3) return html`<h3>${title}</h3>`
  return level === 4 ? html`<h4>${title}</h4>` : html`<h5>${title}</h5>`
}

export const list = (items: readonly Content[], kind = 'plain'): Html | undefined =>
  items.length === 0
    ? undefined
    : html`<ul class="${kind}">${items.map(item => html`<li dir="auto">${item}</li>`)}</ul>`

export const texts = (items: readonly string[]): Html | undefined => list(items.map(inline), 'texts')

export const paragraph = (text: string | null, kind = 'text'): Html | undefined =>
  text === null ? undefined : html`<p class="${kind}" dir="auto">${inline(text)}</p>`

/** Something folded: its line, and below it the entry that has an address of its own. */
export const folded = (id: string, title: Content, aside: Content, content: Content): Html =>
  html`<details>
<summary><span class="title" dir="auto">${title}</span> <span class="aside">${aside}</span></summary>
<div class="entry" id="${id}">
${content}
</div>
</details>
`

/** A part of the page under a heading of its own. */
export const section = (id: string, title: string, parts: Html[]): Html =>
  parts.length === 0
    ? html``
    : html`<section class="part" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${parts}
</section>
`
