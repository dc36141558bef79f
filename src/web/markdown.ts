import { escapeHtml } from '../text/html.ts'
import { type Addresses, isOutward, markdownRenderer } from '../text/markdown.ts'
import { Html } from './html.ts'

/**
 * Renders notes. A link leads to the web, to an e-mail address or to the skill it names; a picture comes from the web or is
 * in the text itself, and is its description otherwise, since a page is one file.
 */
export const markdown = (text: string, skillAt: (address: string) => { slug: string } | undefined): Html => {
  const link = (address: string) => {
    if (web.test(address)) return { href: address, target: '_blank', rel: 'noopener' }
    if (isOutward(address)) return { href: address }
    const skill = skillAt(address)
    return skill && { href: `#skill-${skill.slug}` }
  }
  return new Html(renderer.render(text, { link, picture } satisfies Addresses).trim())
}

const web = /^https?:\/\//i

const picture = (address: string) =>
  web.test(address) || /^data:image\/(png|jpeg|gif|webp);/i.test(address) ? { loading: 'lazy' } : undefined

/** Wide code is scrolled, with the keyboard too. */
const renderer = markdownRenderer({ highlight: code => `<pre tabindex="0"><code>${escapeHtml(code)}</code></pre>` })

renderer.core.ruler.push('beside-a-skill', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type === 'code_block') token.attrSet('tabindex', '0')
    // The headings of a note stand below those of the skill.
    if (token.type.startsWith('heading_')) token.tag = 'h6'
  }
})
