import type { CopyWords } from './copy.ts'

/** The data that the server gives to the script of the page of a skill, project or exercise. */
export interface ItemPageData {
  /** The id of the track, under which progress is stored. */
  track: string
  skill?: { id: string; slug: string }
  project?: { id: string; slug: string }
  exercise?: { id: string; slug: string }
  /** The ids of the skills of the track on the page, by slug. */
  ids: Record<string, string>
  words: CopyWords & { known: string }
}
