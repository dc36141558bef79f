import { Option } from 'commander'
import type { ImportedFile, ImportedTrack } from '../content/importing/imported-track.ts'
import type { Document } from '../model/document.ts'
import { tiers } from '../model/tiers.ts'
import type { Tier } from '../model/vocabulary.ts'

/** A format that `import` reads. */
export interface ImportFormat {
  name: string
  summary: string
  description: string
  options: readonly Option[]
  /** Examples, after `import`. */
  examples: readonly string[]
  /** Parses a file. `existing` is the track that is imported into, with keys as references; undefined for a new one. */
  read(
    file: ImportedFile,
    options: { [name: string]: unknown },
    existing: Document | undefined,
  ): ImportedTrack | Promise<ImportedTrack>
}

/** The formats. Their parsers are loaded when they are used. */
export const importFormats: readonly ImportFormat[] = [
  {
    name: 'markdown',
    summary: 'a skill matrix or an outline in Markdown',
    description:
      'Reads a skill matrix (a table with a column for each tier), an outline (headings and lists), or both in one file.',
    options: [
      new Option('--tier <tier>', 'the tier of skills whose headings name none (default: beginner)').choices(tiers),
    ],
    examples: [
      'markdown README.md --track python --title Python --dry-run',
      'markdown https://github.com/owner/name/blob/main/README.md --track python',
    ],
    read: async (file, options, existing) =>
      (await import('../content/importing/markdown.ts')).readMarkdown(
        file,
        { tier: options.tier as Tier | undefined }, // one of its choices
        existing,
      ),
  },
]
