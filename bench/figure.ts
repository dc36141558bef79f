import type { Measured } from './rounds.ts'

/** One target, and the value that was measured for it. */
export interface Figure {
  target: number
  /** The measured thing, such as `one skill`. */
  name: string
  value: number
  unit: string
  /** The limit of the value: at least or at most this much. */
  wanted: { least: number } | { most: number }
  /** The base of the value, such as `CPU`, where it needs one. */
  by?: string
}

/** Returns true if a value keeps its limit; NaN, a value that could not be measured, does not. */
export const isReached = ({ value, wanted }: Figure): boolean =>
  'least' in wanted ? value >= wanted.least : value <= wanted.most

export const figureRows = (figures: readonly Figure[]): string[][] => [
  ['target', 'figure', 'wanted', 'measured by', 'reached'],
  ...figures.map(figure => [
    `${figure.target} ${figure.name}`,
    `${formatted(figure.value)} ${figure.unit}`,
    'least' in figure.wanted ? `≥ ${figure.wanted.least}` : `≤ ${figure.wanted.most}`,
    figure.by ?? '',
    isReached(figure) ? 'yes' : 'NO',
  ]),
]

/** Formats a value with three digits: more would be noise. */
export const formatted = (value: number): string => {
  if (Number.isNaN(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

/**
 * Compares two contenders: by requests a second if the other kept a core busy, otherwise by CPU time per request. In the second
 * case the generator or other work of the machine was the bottleneck.
 */
export const ratioOf = (one: Measured, other: Measured): { ratio: number; by: string } => {
  const byCpu = other.busy < 0.9
  return byCpu ? { ratio: other.cpu / one.cpu, by: 'CPU' } : { ratio: one.perSecond / other.perSecond, by: 'req/s' }
}

export const measuredRow = (name: string, one: Measured, other: Measured): string[] => [
  name,
  formatted(one.perSecond),
  formatted(one.cpu),
  one.busy.toFixed(2),
  formatted(one.p50),
  formatted(one.p99),
  (one.perSecond / other.perSecond).toFixed(2),
  (other.cpu / one.cpu).toFixed(2),
]

export const measuredHeading = ['', 'req/s', 'µs CPU', 'busy', 'p50 ms', 'p99 ms', 'ratio req/s', 'ratio CPU']
