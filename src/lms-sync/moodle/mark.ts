import { createHash } from 'node:crypto'
import type { Written } from './site.ts'

/** The state of a competency whose relations are not written yet. */
export const begun = 'begun'

/** Hashes everything a sync writes of a competency or framework: it is written again only when the hash differs. */
export const hashState = (...all: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16)

/** Adds a last line to the description, which says who maintains it and holds the state for the next run. */
export const withMark = (written: Written, state: string): Written => ({
  ...written,
  description: `${written.description}<p><small>Kept in step by curriculum: what is changed here is overwritten. (state ${state})</small></p>`,
})

/** Reads the state from a description; undefined when no sync wrote it. */
export const readState = (description: string): string | undefined =>
  /Kept in step by curriculum\b.*\(state (\w+)\)/s.exec(description)?.[1]
