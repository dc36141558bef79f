import { clampChroma, converter, formatHex, parse, wcagContrast } from 'culori'

/** The color of links and buttons by color scheme, as CSS colors. */
export interface Accent {
  light: string
  dark: string
}

/** The surfaces on which links stand, as `css/base.css` defines them. */
export const surfaces = {
  light: ['#fbfaf7', '#ffffff', '#f2f1ec'],
  dark: ['#141916', '#1b211e', '#232b27'],
} as const

/** The contrast of text at level AA (WCAG 2.2, success criterion 1.4.3). */
const leastContrast = 4.5

/** The contrast of the derived color. Saturated colors on a dark ground need more than the least. */
const darkContrast = 6

/**
 * Parses a CSS color and derives the color of the dark scheme from it: the same hue, as light as it must be. Returns what is
 * wrong with a color that cannot be read on the light surfaces, as a predicate such as `must be a CSS color`.
 */
export const parseAccent = (text: string): { accent: Accent; problem?: undefined } | { problem: string } => {
  const color = toOklch(parse(text))
  if (color === undefined || (color.alpha ?? 1) < 1)
    return { problem: 'must be an opaque CSS color, such as #1f6544, rebeccapurple or oklch(45% 0.12 250)' }
  const at = (lightness: number): string => formatHex(clampChroma({ ...color, l: lightness }, 'oklch'))
  const light = at(color.l)
  const contrast = contrastOn(surfaces.light, light)
  if (contrast < leastContrast) {
    const readable = at(nearestLightness(color.l, 0, l => contrastOn(surfaces.light, at(l)) >= leastContrast))
    return {
      // Rounded down: 4.49 is not 4.5.
      problem: `cannot be read: it has a contrast of ${Math.floor(contrast * 10) / 10} on the light ground of the pages, and needs ${leastContrast}. The nearest readable color is ${readable}`,
    }
  }
  return {
    accent: { light, dark: at(nearestLightness(color.l, 1, l => contrastOn(surfaces.dark, at(l)) >= darkContrast)) },
  }
}

const toOklch = converter('oklch')

/** Returns the lowest contrast of a color on several grounds. */
export const contrastOn = (grounds: readonly string[], color: string): number =>
  Math.min(...grounds.map(ground => wcagContrast(color, ground)))

/** Returns the lightness nearest to `from`, which is not readable, in the direction of `to`, which is. */
const nearestLightness = (from: number, to: number, isReadable: (lightness: number) => boolean): number => {
  let [unreadable, readable] = [from, to]
  for (let step = 0; step < 16; step++) {
    const middle = (unreadable + readable) / 2
    if (isReadable(middle)) readable = middle
    else unreadable = middle
  }
  return readable
}
