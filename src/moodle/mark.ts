import { createHash } from 'node:crypto'
import type { Written } from './site.ts'

/** What a competency has instead of a state until all that belongs to it is written. */
export const begun = 'begun'

/** What stands for all of a thing, relations included: it is written again only where this differs, however Moodle cleans its texts. */
export const stateOf = (...all: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16)

/** The description with a last line that tells readers who keeps it, and the next run what it says. */
export const marked = (written: Written, state: string): Written => ({
  ...written,
  description: `${written.description}<p><small>Kept in step by curriculum: what is changed here is overwritten. (state ${state})</small></p>`,
})

/** The state that was written; undefined where somebody else wrote it. */
export const stateIn = (description: string): string | undefined =>
  /Kept in step by curriculum\b.*\(state (\w+)\)/s.exec(description)?.[1]
