import type { Answer } from '../model/curriculum.ts'
import { createFragmentCache } from './json-fragments.ts'

/** A noun as JSON: each that is in memory is written once, in whatever answers it stands. */
export const nounFragment = createFragmentCache((answer: Answer) => answer)
