import type { Tier } from '../../model/vocabulary.ts'
import { type Markup, plainText } from '../../text/html.ts'
import { replaceUnsupported } from '../../text/unicode.ts'
import { wrapText } from '../graph/text-lines.ts'
import { directionOf } from '../messages/messages.ts'
import { html } from '../page/html.ts'
import type { LogoPicture } from '../page/logo.ts'
import { defaultAccent, type Site } from '../page/site.ts'

/** The content of a picture for link previews. */
export interface Preview {
  language: string
  /** The line above the title, such as `Skill · Beginner`. */
  label: string
  tier?: Tier | null
  title: string
  /** The line below the title, such as `187 skills · 8 projects`. */
  facts: string
}

const [width, height, margin] = [1200, 630, 80]

/** The widths of the title and of the other lines, which leave room for the steps. */
const [titleWidth, lineWidth] = [870, 740]

/** The lowest baseline of a title. */
const lowest = 445

/** The sizes of a title, with the most lines of each: the first that fits is used. */
const titleSizes = [
  { size: 92, maxLines: 2 },
  { size: 72, maxLines: 3 },
  { size: 58, maxLines: 4 },
]

/** Draws a picture for link previews as SVG, in the fonts of the rasterizer: white on the accent, which can be read by its contrast. */
export const previewSvg = (site: Site, preview: Preview): string => {
  const { lines, size } = layOutTitle(plainText(preview.title))
  const isRightToLeft = directionOf(preview.language) === 'rtl'
  const lineHeight = size * 1.16
  const rest = (lines.length - 1) * lineHeight
  const first = Math.min(340 + rest / 2 + size * 0.3, lowest) - rest
  const { light } = site.accent ?? defaultAccent
  const picture = site.logo?.picture
  const content = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Noto Sans" fill="#fff">
<rect width="${width}" height="${height}" fill="${light}"/>
<g${isRightToLeft && html` transform="translate(${width}) scale(-1 1)"`}>
<path d="M1000 ${height}V400H1085V250H1155V90H${width}" fill="none" stroke="#fff" stroke-opacity="0.13" stroke-width="26" stroke-linejoin="round"/>
${milestones.map(({ tier, x, y }) => html`<circle cx="${x}" cy="${y}" r="${tier === preview.tier ? 32 : 22}" fill-opacity="${tier === preview.tier ? 1 : 0.3}"/>\n`)}</g>
<g${isRightToLeft && html` text-anchor="end" transform="translate(${width - 2 * margin})"`}>
${picture === undefined && preview.title !== site.name && html`<text x="${margin}" y="112" font-size="34" font-weight="700">${letters(shortened(site.name), isRightToLeft)}</text>`}
<text x="${margin}" y="${Math.round(first - size - 22)}" font-size="32" fill-opacity="0.9">${letters(shortened(preview.label), isRightToLeft)}</text>
${lines.map((line, index) => html`<text x="${margin}" y="${Math.round(first + index * lineHeight)}" font-size="${size}" font-weight="700">${letters(line, isRightToLeft)}</text>\n`)}<text x="${margin}" y="548" font-size="34">${letters(shortened(preview.facts), isRightToLeft)}</text>
</g>
${picture && logo(picture, isRightToLeft)}
</svg>`
  return replaceUnsupported(content.text)
}

/** Draws the logo, which stands for the name, on a white ground: its colors were not made for the accent. */
const logo = ({ url, width: logoWidth, height: logoHeight }: LogoPicture, isRightToLeft: boolean): Markup => {
  const padding = 12
  const x = isRightToLeft ? width - margin - logoWidth - padding : margin + padding
  const top = 36
  return html`<rect x="${x - padding}" y="${top}" width="${logoWidth + 2 * padding}" height="${logoHeight + 2 * padding}" rx="14"/>
<image x="${x}" y="${top + padding}" width="${logoWidth}" height="${logoHeight}" href="${url}"/>`
}

/** The corners of the steps in the background, one for each tier. */
const milestones: { tier: Tier; x: number; y: number }[] = [
  { tier: 'beginner', x: 1000, y: 530 },
  { tier: 'intermediate', x: 1085, y: 400 },
  { tier: 'senior', x: 1155, y: 250 },
]

/** Breaks a title into lines of the largest size in which it fits; a very long one is cut. */
const layOutTitle = (title: string): { lines: string[]; size: number } => {
  const layouts = titleSizes.map(({ size, maxLines }) => ({
    size,
    lines: wrapText(title, titleWidth, size, maxLines),
  }))
  return layouts.find(({ lines }) => !lines.at(-1)?.endsWith('…')) ?? (layouts.at(-1) as (typeof layouts)[number]) // not empty
}

/**
 * Renders a line of text, each script in the font that has it: a font that the rasterizer chooses itself would be the regular one.
 * In a line from right to left, what is written from left to right is embedded.
 */
const letters = (text: string, isRightToLeft: boolean): Markup[] =>
  (isRightToLeft ? `${rightToLeftEmbedding}${text}${popFormatting}` : text)
    .split(/([\p{Script=Arabic}\u202b\u202c]+|\p{Script=Hebrew}+)/u)
    .map((part, index) =>
      index % 2 === 0
        ? html`${part}`
        : html`<tspan font-family="Noto Sans ${/\p{Script=Hebrew}/u.test(part) ? 'Hebrew' : 'Arabic'}">${part}</tspan>`,
    )

/** Characters of the Unicode Bidirectional Algorithm (UAX #9). */
const [rightToLeftEmbedding, popFormatting] = ['\u202b', '\u202c']

const shortened = (text: string): string => String(wrapText(text, lineWidth, 34, 1)[0])
