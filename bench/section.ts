import type { Curve } from './curve.ts'
import type { Figure } from './figure.ts'
import type { Generator } from './load/generator.ts'
import type { Pace } from './rounds.ts'

/** The arguments of every measurement. */
export interface Bench {
  generator: Generator
  pace: Pace
  /** True to leave out what takes long. */
  quick: boolean
  /** Prints a line of progress. */
  log: (text: string) => void
}

/** The result of a measurement: a table of all values, and a figure for each target. */
export interface Section {
  title: string
  rows: string[][]
  figures: Figure[]
  curves?: Curve[]
}
