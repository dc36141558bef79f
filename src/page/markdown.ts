import markdownIt from 'markdown-it'
import { escaped, Html } from './html.ts'

/**
 * Notes as markup. Raw HTML stays text; a link leads to a web address or to a place on this page; a picture is on the
 * web or in the text itself, and is its description otherwise, since one file has no others beside it.
 */
export const markdown = (text: string): Html => new Html(renderer.render(text).trim())

/** Wide code is scrolled, with the keyboard too. */
const renderer = markdownIt({ html: false, highlight: code => `<pre tabindex="0"><code>${escaped(code)}</code></pre>` })

const web = /^https?:\/\//i
const picture = /^data:image\/(png|jpeg|gif|webp);/i
const here = /^#[\w:-]+$/

/** Addresses without a scheme are let through here, since a picture may have one; what becomes of them is decided below. */
renderer.validateLink = url => !/^[a-z][a-z0-9+.-]*:/i.test(url) || web.test(url) || picture.test(url)

renderer.core.ruler.push('settled', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type === 'code_block') token.attrSet('tabindex', '0')
    // The headings of a note stand below those of the skill.
    if (token.type.startsWith('heading_')) token.tag = 'h6'
    for (const part of token.children ?? []) {
      if (part.type === 'link_open') settleLink(part)
      if (part.type === 'image') settlePicture(part)
    }
  }
})

type Token = ReturnType<typeof renderer.parse>[number]

const settleLink = (token: Token): void => {
  const address = String(token.attrGet('href'))
  if (web.test(address)) token.attrs = [...Object.entries({ href: address, target: '_blank', rel: 'noopener' })]
  else if (!here.test(address)) token.attrs = []
}

const settlePicture = (token: Token): void => {
  const address = String(token.attrGet('src'))
  if (web.test(address) || picture.test(address)) token.attrSet('loading', 'lazy')
  else token.type = 'text'
}
