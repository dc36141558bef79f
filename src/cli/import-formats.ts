import { Option } from 'commander'
import { packageAddress } from '../content/importing/case-address.ts'
import type { ImportedFile, ImportedTrack } from '../content/importing/imported-track.ts'
import type { SkillTableOptions } from '../content/importing/skill-table.ts'
import type { Document } from '../model/document.ts'
import { tiers } from '../model/tiers.ts'
import type { Tier } from '../model/vocabulary.ts'
import { readSource } from './read-source.ts'

/** A format that `import` reads. */
export interface ImportFormat {
  name: string
  summary: string
  description: string
  options: readonly Option[]
  /** A document to begin with. */
  template?: string
  /** Examples, after `import`. */
  examples: readonly string[]
  /** Returns the address to request for the one that was given; without it, the same. */
  address?(source: string): string
  /** Parses a file. `existing` is the track that is imported into, with keys as references; undefined for a new one. */
  read(
    file: ImportedFile,
    options: { [name: string]: unknown },
    existing: Document | undefined,
  ): ImportedTrack | Promise<ImportedTrack>
}

const tierOption = new Option('--tier <tier>', 'the tier of new skills for which the file names none')
  .choices(tiers)
  .default('beginner')

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
  {
    name: 'csv',
    summary: 'a table of skills in CSV or .xlsx, also one that `export csv` wrote',
    description:
      'Reads a table of skills, one a row, from CSV or .xlsx. The heads of the columns say what is in them; it says which column is taken for what. A file of `export csv` comes back unchanged, or with the cells that were edited.',
    options: [
      new Option(
        '--columns <heads>',
        'the heads of columns by field, such as title=Name,category=Module (without it, they are guessed)',
      ),
      new Option('--sheet <name>', 'the name or number of the sheet of an .xlsx file (without it, the first)'),
      new Option('--tier <tier>', 'the tier of new skills whose row names none (default: beginner)').choices(tiers),
    ],
    template: `title,category,tier,code,duration,summary,outcomes,prerequisites,resources,urls\r
Variables,Language,beginner,PY-101,2 hours,Names for values.,"Assign a value to a name.\nChoose names that explain.",,Python tutorial,https://docs.python.org/3/tutorial/\r
`,
    examples: [
      'csv skills.xlsx --track python --columns title=Name,category=Module --dry-run',
      'csv python-skills.csv --track python',
      'csv --template --output skills.csv',
    ],
    read: async (file, { columns, sheet, tier }, existing) => {
      const [{ readSkillTable }, { skillCells }] = await Promise.all([
        import('../content/importing/skill-table.ts'),
        import('../exports/csv.ts'),
      ])
      const options = { columns, sheet, tier } as SkillTableOptions // texts, and a tier of its choices
      return readSkillTable(file, options, existing, skillCells)
    },
  },
  {
    name: 'moodle',
    summary: 'a competency framework of Moodle, as CSV',
    description:
      'Reads the file that Moodle exports (Site administration, Competencies, Export competency framework), or the export moodle.csv.',
    options: [tierOption],
    examples: ['moodle framework.csv --track python --title Python --dry-run'],
    read: async (file, { track, tier }, existing) =>
      (await import('../content/importing/moodle.ts')).readMoodle(
        file,
        { track: track as string, tier: tier as Tier }, // required, and one of its choices
        existing,
      ),
  },
  {
    name: 'canvas',
    summary: 'outcomes of Canvas, as CSV',
    description: 'Reads the file that Canvas exports (Outcomes, Export), or the export canvas.csv.',
    options: [tierOption],
    examples: ['canvas outcomes.csv --track python --title Python --dry-run'],
    read: async (file, { track, tier }, existing) =>
      (await import('../content/importing/canvas.ts')).readCanvas(
        file,
        { track: track as string, tier: tier as Tier }, // required, and one of its choices
        existing,
      ),
  },
  {
    name: 'case',
    summary: 'a competency framework of CASE',
    description:
      'Reads a package of CASE 1.0 or 1.1 (JSON): a file, the address of a CFPackage or CFDocument, or that of a provider (…/ims/case/v1p1).',
    options: [tierOption],
    examples: [
      'case framework.json --track python --title Python --dry-run',
      'case https://case.example.org/ims/case/v1p1 --track python',
    ],
    address: packageAddress,
    read: async (file, { track, tier, prune, allowPrivate }, existing) => {
      const { onlyPackageIn, readCase } = await import('../content/importing/case.ts')
      const address = onlyPackageIn(file)
      return readCase(
        address === undefined ? file : await readSource(address, { allowPrivate: allowPrivate as boolean | undefined }),
        { track: track as string, tier: tier as Tier, prune: prune === true }, // required, and one of its choices
        existing,
      )
    },
  },
]
