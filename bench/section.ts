import type { Curve } from './curve.ts'
import type { Figure } from './figure.ts'
import type { Generator } from './load/generator.ts'
import type { Pace } from './rounds.ts'

/** What every measurement is given. */
export interface Bench {
  generator: Generator
  pace: Pace
  /** Whether to leave out what takes long. */
  quick: boolean
  /** Tells whoever waits what is being done. */
  say: (text: string) => void
}

/** What a measurement comes to: a table of all that was measured, and a figure for each target. */
export interface Section {
  title: string
  rows: string[][]
  figures: Figure[]
  curves?: Curve[]
}
