import { escapeHtml, Markup } from '../text/html.ts'
import { isOutward, markdownRenderer } from '../text/markdown.ts'

/**
 * Renders notes. A link leads to the web, to an e-mail address or to the skill it names. An image comes from the web or is a
 * data URL; any other image becomes its description, because a page is one file.
 */
export const markdown = (text: string, skillAt: (address: string) => { slug: string } | undefined): Markup => {
  const link = (address: string) => {
    if (httpUrl.test(address)) return { href: address, target: '_blank', rel: 'noopener' }
    if (isOutward(address)) return { href: address }
    const skill = skillAt(address)
    return skill && { href: `#skill-${skill.slug}` }
  }
  return new Markup(render(text, { link, picture: imageAttributes }).trim())
}

const httpUrl = /^https?:\/\//i

const imageAttributes = (address: string) =>
  httpUrl.test(address) || /^data:image\/(png|jpeg|gif|webp);/i.test(address) ? { loading: 'lazy' } : undefined

/** Wide code scrolls, also with the keyboard. */
const highlight = (code: string) => `<pre tabindex="0"><code>${escapeHtml(code)}</code></pre>`

const render = markdownRenderer({ highlight }, renderer => {
  renderer.core.ruler.push('beside-a-skill', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type === 'code_block') token.attrSet('tabindex', '0')
      // Headings of a note are below those of the skill.
      if (token.type.startsWith('heading_')) token.tag = 'h6'
    }
  })
})
