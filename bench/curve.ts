/** Requests a second at each size. */
export interface Curve {
  name: string
  kind: string
  points: { tracks: number; perSecond: number }[]
}

const frame = { width: 760, height: 420, left: 70, right: 210, top: 30, bottom: 50 }
const colours = ['#0b6e99', '#c2410c', '#15803d', '#7c3aed', '#b91c1c', '#a16207', '#334155', '#be185d']

/** Returns the curves as SVG with two logarithmic scales; a flat line is the goal. */
export const curveSvg = (title: string, curves: readonly Curve[]): string => {
  const points = curves.flatMap(curve => curve.points)
  const x = scale(range(points.map(({ tracks }) => tracks)), frame.left, frame.width - frame.right)
  const y = scale(range(points.map(({ perSecond }) => perSecond)), frame.height - frame.bottom, frame.top)
  const lines = curves.map((curve, index) => line(curve, colours[index % colours.length] as string, x, y)) // the remainder is below the length
  const ends = spread(curves.map(curve => y(Number(curve.points.at(-1)?.perSecond))))
  const names = curves.map(
    ({ name }, index) =>
      `<text x="${frame.width - frame.right + 12}" y="${tenth(Number(ends[index]) + 4)}" fill="${colours[index % colours.length]}">${name}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${frame.width}" height="${frame.height}" fill="#ffffff"/>`,
    `<text x="${frame.left}" y="18" font-weight="bold" fill="#111827">${title}</text>`,
    ...powers(range(points.map(({ perSecond }) => perSecond))).map(value => rule(value, y(value))),
    ...[...new Set(points.map(({ tracks }) => tracks))].map(tracks => mark(tracks, x(tracks))),
    ...lines,
    ...names,
    '</svg>',
    '',
  ].join('\n')
}

type Scale = (value: number) => number

/** Returns the powers of ten around the values. */
const range = (values: number[]): [number, number] => {
  const [least, most] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))]
  return [least, Math.max(most, least + 1)]
}

const scale =
  ([least, most]: [number, number], from: number, to: number): Scale =>
  value =>
    tenth(from + ((Math.log10(value) - least) / (most - least)) * (to - from))

const powers = ([least, most]: [number, number]): number[] =>
  Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index))

const rule = (value: number, y: number): string =>
  `<path d="M${frame.left} ${y}H${frame.width - frame.right}" stroke="#e5e7eb"/><text x="${frame.left - 8}" y="${y + 4}" text-anchor="end" fill="#374151">${value.toLocaleString('en')}/s</text>`

const mark = (tracks: number, x: number): string =>
  `<text x="${x}" y="${frame.height - frame.bottom + 20}" text-anchor="middle" fill="#374151">${(tracks * 100).toLocaleString('en')} skills</text>`

const line = ({ points }: Curve, colour: string, x: Scale, y: Scale): string => {
  const places = points.map(({ tracks, perSecond }) => ({ x: x(tracks), y: y(perSecond) }))
  const dots = places.map(place => `<circle cx="${place.x}" cy="${place.y}" r="3" fill="${colour}"/>`)
  return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map(place => `${place.x},${place.y}`).join(' ')}"/>${dots.join('')}`
}

/** Moves the names of lines apart that end close together. */
const spread = (ends: number[]): number[] => {
  const moved = [...ends]
  let last = Number.NEGATIVE_INFINITY
  for (const { end, index } of ends.map((end, index) => ({ end, index })).sort((a, b) => a.end - b.end)) {
    last = Math.max(end, last + 15)
    moved[index] = last
  }
  return moved
}

const tenth = (value: number): number => Math.round(value * 10) / 10
