import { escapeHtml, Markup } from '../../text/html.ts'
import { isOutward, type MarkdownPlace, markdownRenderer } from '../../text/markdown.ts'
import { highlightCode } from './highlight.ts'

/** Describes the place of a Markdown text on a page of its track. */
interface PagePlace extends Pick<MarkdownPlace, 'headingLevel' | 'idPrefix'> {
  /** Returns the URL of the skill that a link refers to. */
  skillUrl(address: string): string | undefined
  /** Returns the URL of a picture of the track, undefined for other addresses. */
  pictureAt(address: string): string | undefined
}

/**
 * Renders Markdown. A link leads to the web, to an e-mail address or to the skill it names. An image is one of the track, comes from
 * the web or is a data URL; any other image becomes its description.
 */
export const markdown = (text: string, { skillUrl, pictureAt, ...place }: PagePlace): Markup => {
  const link = (address: string) => {
    if (httpUrl.test(address)) return { href: address, target: '_blank', rel: 'noopener' }
    if (isOutward(address)) return { href: address }
    const href = skillUrl(address)
    return href === undefined ? undefined : { href }
  }
  const picture = (address: string) => {
    const src = pictureAt(address) ?? (isShownAsItIs(address) ? address : undefined)
    return src === undefined ? undefined : { src, loading: 'lazy' }
  }
  return new Markup(render(text, { ...place, link, picture }).trim())
}

const httpUrl = /^https?:\/\//i

const isShownAsItIs = (address: string): boolean =>
  httpUrl.test(address) || /^data:image\/(png|jpeg|gif|webp);/i.test(address)

/** Renders code with the colors of its language. Wide code scrolls, also with the keyboard. */
export const codeBlock = (code: string, language: string): string => {
  const highlighted = highlightCode(code, language)
  return highlighted === undefined
    ? `<pre tabindex="0"><code>${escapeHtml(code)}</code></pre>`
    : `<pre tabindex="0"><code class="language-${escapeHtml(language)}">${highlighted}</code></pre>`
}

const render = markdownRenderer({ highlight: codeBlock }, renderer => {
  renderer.core.ruler.push('scrolling', ({ tokens }) => {
    for (const token of tokens) if (token.type === 'code_block') token.attrSet('tabindex', '0')
  })
})
