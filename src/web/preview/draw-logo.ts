import { Resvg } from '@resvg/resvg-js'
import type { CachedResponse } from '../../http/rendered-response.ts'
import type { LogoPicture } from '../page/logo.ts'
import { fontFiles } from './fonts.ts'

/** The largest size of a logo in pictures for link previews, in pixels. */
const [maxWidth, maxHeight] = [420, 48]

/**
 * Draws the logo once, in the size that it has in pictures for link previews. Returns undefined for one that the rasterizer cannot draw,
 * such as a WebP: the pictures then have the name of the site.
 */
export const drawLogo = ({ type, body }: Pick<CachedResponse, 'type' | 'body'>): LogoPicture | undefined => {
  const source = type === 'image/svg+xml' ? body.toString() : svgOfPicture(type, body)
  const original = parse(source)
  if (original === undefined) return undefined
  const scale = Math.min(maxWidth / original.width, maxHeight / original.height)
  const drawn = new Resvg(source, { font, fitTo: { mode: 'zoom', value: scale } }).render()
  const url = `data:image/png;base64,${drawn.asPng().toString('base64')}`
  return { url, width: drawn.width, height: drawn.height }
}

/** Returns undefined for a document without a size, and for one that is not SVG. */
const parse = (source: string): Resvg | undefined => {
  try {
    return new Resvg(source, { font })
  } catch {
    return undefined
  }
}

/** The text of an SVG may name any font of the system. */
const font = { fontFiles, loadSystemFonts: true, defaultFontFamily: 'Noto Sans', sansSerifFamily: 'Noto Sans' }

/** Returns an SVG of the size of a picture that shows it; without a size if the rasterizer cannot read the picture. */
const svgOfPicture = (type: string, body: Buffer): string => {
  const svg = (width = 0, height = 0): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image href="data:${type};base64,${body.toString('base64')}"/></svg>`
  const size = new Resvg(svg(1, 1)).getBBox()
  return svg(size?.width, size?.height)
}
