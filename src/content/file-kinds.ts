import { z } from 'zod'
import { writableFields } from '../model/document.ts'
import { Slug } from '../model/keys.ts'
import { listOf } from '../model/text.ts'
import { type Noun, nouns, plurals, tiers } from '../model/vocabulary.ts'
import { writtenInFiles } from './file-schema.ts'

/** The kind of file a noun is written in: its place in a track's folder, and the shape of one entry. */
export interface Kind {
  noun: Noun
  /** The name of its JSON Schema: `schema/<name>.schema.json`. */
  schema: string
  /** `skills/` for a folder of files whose names are the slugs, `roadmap.yaml` for a single file. */
  path: string
  required: boolean
  /** The file that lists the files of a folder in order; undefined for a single file. */
  listedIn?: 'track.yaml' | 'roadmap.yaml'
  /** One thing that the file holds: the whole file, or a member of its list. */
  entry: z.ZodObject
  /** Where in the file the list of entries is; undefined where the file is one entry. */
  list?: readonly string[]
  description: string
}

/** The fields of a noun as an author writes them: the noun's own, with slugs for references. */
const fields = (noun: Noun, without: string[] = []): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(writableFields(noun))
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
  schema: plurals[noun],
  path: `${plurals[noun]}.yaml`,
  required: false,
  entry: z.strictObject({ slug, ...fields(noun) }),
  list: [],
  description,
})

const folder = (
  noun: Noun,
  listedIn: NonNullable<Kind['listedIn']>,
  description: string,
  without?: string[],
): Kind => ({
  noun,
  schema: noun,
  listedIn,
  path: `${plurals[noun]}/`,
  required: false,
  entry: z.strictObject(fields(noun, without)),
  description,
})

/** The kind of file of every noun but the track. */
const kindsInTrack: { readonly [N in Exclude<Noun, 'track'>]: Kind } = {
  category: {
    noun: 'category',
    schema: 'roadmap',
    path: 'roadmap.yaml',
    required: true,
    entry: z.strictObject({ slug, ...fields('category'), skills: cells }),
    list: ['categories'],
    description: 'The matrix: the only place that says in which category, tier and order a skill stands.',
  },
  // The roadmap alone says where a skill stands.
  skill: folder(
    'skill',
    'roadmap.yaml',
    'A skill. The name of the file is its slug; roadmap.yaml says where it stands.',
    ['category', 'tier'],
  ),
  project: folder(
    'project',
    'track.yaml',
    'A project. The name of the file is its slug; track.yaml lists the projects in order.',
  ),
  source: folder(
    'source',
    'track.yaml',
    'A source document and its outline. The name of the file is its slug; track.yaml lists the sources in order.',
  ),
  principle: listFile('principle', 'The principles of a track, in order.'),
  resource: listFile('resource', 'The resources of a track, in order.'),
  plan: listFile('plan', 'The plans of a track, in order.'),
  checklist: listFile('checklist', 'The checklists of a track, in order.'),
}

/** Nouns with a file each, whose order track.yaml lists under their plural. */
export const listedInTrack = nouns.filter(noun => noun !== 'track' && kindsInTrack[noun].listedIn === 'track.yaml')

/** The kind of file of every noun. */
export const kinds: { readonly [N in Noun]: Kind } = {
  track: {
    noun: 'track',
    schema: 'track',
    path: 'track.yaml',
    required: true,
    entry: z.strictObject({
      ...fields('track'),
      ...Object.fromEntries(listedInTrack.map(noun => [plurals[noun], order(plurals[noun])])),
    }),
    description:
      'A track: what it teaches, its tiers, and the order of its sources and projects. The name of its folder is its slug.',
  },
  ...kindsInTrack,
}

export const kindList: readonly Kind[] = Object.values(kinds)

/** The JSON Schema of each kind of file, by name: editors complete, explain and check files with it. */
export const fileSchemas = (): Record<string, object> =>
  Object.fromEntries(kindList.map(kind => [kind.schema, jsonSchema(kind)]))

const jsonSchema = (kind: Kind): object =>
  z.toJSONSchema(
    fileSchema(kind).meta({ title: `${kind.schema}.schema.json`, description: kind.description }),
    // The draft that editors' YAML support knows best.
    { io: 'input', target: 'draft-7' },
  )

/** What the whole file holds, from what one entry holds. */
const fileSchema = ({ entry, list }: Kind): z.ZodType => {
  if (list === undefined) return entry
  const [field] = list
  return field === undefined ? z.array(entry) : z.strictObject({ [field]: z.array(entry) })
}
