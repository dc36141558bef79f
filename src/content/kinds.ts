import { z } from 'zod'
import { writtenShape } from '../model/draft.ts'
import { Slug } from '../model/names.ts'
import { listOf } from '../model/text.ts'
import { type Noun, plurals, tiers } from '../model/vocabulary.ts'
import { writtenInFiles } from './references.ts'

/** A kind of file: where it lies in a track's folder, and what one thing in it looks like. */
export interface Kind {
  noun: Noun
  /** `skills/` for a folder of files whose names are the slugs, `roadmap.yaml` for a single file. */
  path: string
  required: boolean
  /** One thing that the file holds: the whole file, or a member of its list. */
  entry: z.ZodObject
  /** Where in the file the list of entries is; undefined where the file is one entry. */
  list?: readonly string[]
  description: string
}

/** The fields of a noun as an author writes them: the noun's own, with slugs for references. */
const fields = (noun: Noun, without: string[] = []): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(writtenShape(noun))
      .filter(([name]) => !without.includes(name))
      .map(([name, schema]) => [name, writtenInFiles(schema)]),
  )

const order = (folder: string) =>
  listOf(Slug).meta({ description: `The order of the files in ${folder}/, by their names without .yaml.` })

const cells = z
  .strictObject(
    Object.fromEntries(tiers.map(tier => [tier, listOf(Slug).meta({ description: `Its ${tier} skills, in order.` })])),
  )
  .default(Object.fromEntries(tiers.map(tier => [tier, []])))
  .meta({ description: 'Slugs of its skills by tier, in order: each is the name of a file in skills/.' })

const slug = Slug.meta({ description: 'Its name in references: lower-case words joined by hyphens.' })

const listFile = (noun: Noun, description: string): Kind => ({
  noun,
  path: `${plurals[noun]}.yaml`,
  required: false,
  entry: z.strictObject({ slug, ...fields(noun) }),
  list: [],
  description,
})

const folder = (noun: Noun, description: string, without?: string[]): Kind => ({
  noun,
  path: `${plurals[noun]}/`,
  required: false,
  entry: z.strictObject(fields(noun, without)),
  description,
})

/** Every kind of file there is, by the name of its JSON Schema. */
export const kinds = {
  track: {
    noun: 'track',
    path: 'track.yaml',
    required: true,
    entry: z.strictObject({ ...fields('track'), sources: order('sources'), projects: order('projects') }),
    description:
      'A track: what it teaches, its tiers, and the order of its sources and projects. The name of its folder is its slug.',
  },
  roadmap: {
    noun: 'category',
    path: 'roadmap.yaml',
    required: true,
    entry: z.strictObject({ slug, ...fields('category'), skills: cells }),
    list: ['categories'],
    description: 'The matrix: the only place that says in which category, tier and order a skill stands.',
  },
  // The roadmap alone says where a skill stands.
  skill: folder('skill', 'A skill. The name of the file is its slug; roadmap.yaml says where it stands.', [
    'category',
    'tier',
  ]),
  project: folder('project', 'A project. The name of the file is its slug; track.yaml lists the projects in order.'),
  source: folder(
    'source',
    'A source document and its outline. The name of the file is its slug; track.yaml lists the sources in order.',
  ),
  principles: listFile('principle', 'The principles of a track, in order.'),
  resources: listFile('resource', 'The resources of a track, in order.'),
  plans: listFile('plan', 'The plans of a track, in order.'),
  checklists: listFile('checklist', 'The checklists of a track, in order.'),
} as const satisfies Record<string, Kind>
export type KindName = keyof typeof kinds

export const kindList: Kind[] = Object.values<Kind>(kinds)
