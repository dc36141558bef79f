import { z } from 'zod'
import { writableFields } from '../model/document.ts'
import { Slug } from '../model/keys.ts'
import { listOf } from '../model/text.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { toFileSchema } from './file-schema.ts'

/** A kind of file: the noun it holds, its path in a track's folder and the schema of one entry. */
export interface FileKind {
  noun: Noun
  /** The name of its JSON Schema: `schema/<name>.schema.json`. */
  schema: string
  /** `skills/` for a folder of files whose names are the slugs, `roadmap.yaml` for a single file. */
  path: string
  required: boolean
  /** The file that lists the files of a folder in order; undefined for a single file. */
  listedIn?: 'track.yaml' | 'roadmap.yaml'
  /** The schema of an entry: the whole file, or one member of its list. */
  entry: z.ZodObject
  /** The path in the file to the list of entries; undefined if the file is one entry. */
  list?: readonly string[]
  description: string
}

/** Returns the fields of a noun as an author writes them, with slugs instead of keys. */
const fileFields = (noun: Noun, without: string[] = []): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(writableFields(noun))
      .filter(([name]) => !without.includes(name))
      .map(([name, schema]) => [name, toFileSchema(schema)]),
  )

const orderField = (folder: string) =>
  listOf(Slug).meta({ description: `The order of the files in ${folder}/, by their names without .yaml.` })

const cellsField = z
  .strictObject(
    Object.fromEntries(tiers.map(tier => [tier, listOf(Slug).meta({ description: `Its ${tier} skills, in order.` })])),
  )
  .default(Object.fromEntries(tiers.map(tier => [tier, []])))
  .meta({ description: 'Slugs of its skills by tier, in order: each is the name of a file in skills/.' })

const slug = Slug.meta({ description: 'Its name in references: lower-case words joined by hyphens.' })

const listKind = (noun: Noun, description: string): FileKind => ({
  noun,
  schema: plurals[noun],
  path: `${plurals[noun]}.yaml`,
  required: false,
  entry: z.strictObject({ slug, ...fileFields(noun) }),
  list: [],
  description,
})

const folderKind = (
  noun: Noun,
  listedIn: NonNullable<FileKind['listedIn']>,
  description: string,
  without?: string[],
): FileKind => ({
  noun,
  schema: noun,
  listedIn,
  path: `${plurals[noun]}/`,
  required: false,
  entry: z.strictObject(fileFields(noun, without)),
  description,
})

/** The kind of file of every noun but the track. */
const kindsInTrack: { readonly [N in Exclude<Noun, 'track'>]: FileKind } = {
  category: {
    noun: 'category',
    schema: 'roadmap',
    path: 'roadmap.yaml',
    required: true,
    entry: z.strictObject({ slug, ...fileFields('category'), skills: cellsField }),
    list: ['categories'],
    description: 'The matrix: the only file that gives a skill its category, tier and position.',
  },
  // Only the roadmap gives a skill its place.
  skill: folderKind(
    'skill',
    'roadmap.yaml',
    'A skill. The name of the file is its slug; roadmap.yaml gives it its category, tier and position.',
    ['category', 'tier'],
  ),
  project: folderKind(
    'project',
    'track.yaml',
    'A project. The name of the file is its slug; track.yaml lists the projects in order.',
  ),
  // The files of an exercise are in a folder beside it.
  exercise: folderKind(
    'exercise',
    'track.yaml',
    'An exercise. The name of the file is its slug; track.yaml lists the exercises in order.',
    ['files'],
  ),
  source: folderKind(
    'source',
    'track.yaml',
    'A source document and its outline. The name of the file is its slug; track.yaml lists the sources in order.',
  ),
  principle: listKind('principle', 'The principles of a track, in order.'),
  resource: listKind('resource', 'The resources of a track, in order.'),
  plan: listKind('plan', 'The plans of a track, in order.'),
  checklist: listKind('checklist', 'The checklists of a track, in order.'),
}

/** The nouns with one file per entry whose order track.yaml lists under their plural. */
export const nounsListedInTrack = nouns.filter(noun => noun !== 'track' && kindsInTrack[noun].listedIn === 'track.yaml')

/** The kind of file of every noun. */
export const fileKinds: { readonly [N in Noun]: FileKind } = {
  track: {
    noun: 'track',
    schema: 'track',
    path: 'track.yaml',
    required: true,
    entry: z.strictObject({
      ...fileFields('track'),
      ...Object.fromEntries(nounsListedInTrack.map(noun => [plurals[noun], orderField(plurals[noun])])),
    }),
    description:
      'A track: what it teaches, its tiers, and the order of its sources and projects. The name of its folder is its slug.',
  },
  ...kindsInTrack,
}

export const fileKindList: readonly FileKind[] = Object.values(fileKinds)

/** Returns the JSON Schema of each kind of file, by name. Editors use it to complete, explain and check files. */
export const fileSchemas = (): Record<string, object> =>
  Object.fromEntries(fileKindList.map(kind => [kind.schema, jsonSchema(kind)]))

const jsonSchema = (kind: FileKind): object =>
  z.toJSONSchema(
    fileSchema(kind).meta({ title: `${kind.schema}.schema.json`, description: kind.description }),
    // The draft that editors' YAML support knows best.
    { io: 'input', target: 'draft-7' },
  )

/** Returns the schema of the whole file. */
const fileSchema = ({ entry, list }: FileKind): z.ZodType => {
  if (list === undefined) return entry
  const [field] = list
  return field === undefined ? z.array(entry) : z.strictObject({ [field]: z.array(entry) })
}
