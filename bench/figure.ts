import type { Measured } from './rounds.ts'

/** One promise of the targets, and what came of it here. */
export interface Figure {
  target: number
  /** What was measured, such as `one skill`. */
  name: string
  value: number
  unit: string
  /** What is wanted of the value: at least or at most so much. */
  wanted: { least: number } | { most: number }
  /** What the value was told by, or how it came about, where that needs a word. */
  by?: string
}

/** NaN, which is what could not be measured, does not hold. */
export const holds = ({ value, wanted }: Figure): boolean =>
  'least' in wanted ? value >= wanted.least : value <= wanted.most

export const figureRows = (figures: readonly Figure[]): string[][] => [
  ['target', 'figure', 'wanted', 'told by', 'holds'],
  ...figures.map(figure => [
    `${figure.target} ${figure.name}`,
    `${shown(figure.value)} ${figure.unit}`,
    'least' in figure.wanted ? `≥ ${figure.wanted.least}` : `≤ ${figure.wanted.most}`,
    figure.by ?? '',
    holds(figure) ? 'yes' : 'NO',
  ]),
]

/** Three digits, as more would be noise. */
export const shown = (value: number): string => {
  if (Number.isNaN(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

/**
 * How one compares with another: by requests a second where the other kept a core busy, else by the CPU a request took, for
 * then something other than the server set the pace - the generator, or whoever else uses the machine.
 */
export const ratioOf = (one: Measured, other: Measured): { ratio: number; by: string } => {
  const byCpu = other.busy < 0.9
  return byCpu ? { ratio: other.cpu / one.cpu, by: 'CPU' } : { ratio: one.perSecond / other.perSecond, by: 'req/s' }
}

export const measuredRow = (name: string, one: Measured, other: Measured): string[] => [
  name,
  shown(one.perSecond),
  shown(one.cpu),
  one.busy.toFixed(2),
  shown(one.p50),
  shown(one.p99),
  (one.perSecond / other.perSecond).toFixed(2),
  (other.cpu / one.cpu).toFixed(2),
]

export const measuredHeading = ['', 'req/s', 'µs CPU', 'busy', 'p50 ms', 'p99 ms', 'ratio req/s', 'ratio CPU']
