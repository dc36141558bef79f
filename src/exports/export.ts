import type { Catalog, TrackDocument } from '../catalog.ts'
import { createAncestorsOf } from '../model/category-tree.ts'
import type { Tier } from '../model/vocabulary.ts'
import { loadChanges } from './changed-rows.ts'
import { type Chunk, checkOptions, type Format, type OptionValues, parseScope, type Scope } from './format.ts'

/** Exports a track in chunks of at least 64 KiB. Rejects with the name of an invalid option. */
export const exportTrack = async (
  catalog: Catalog,
  document: TrackDocument,
  format: Format,
  options: OptionValues,
  publicUrl: string,
): Promise<Iterable<Buffer>> => {
  const selectScope = await createScopeFilter(catalog, document.track.key, format, options)
  const { since } = options
  const changes = since === undefined ? undefined : await loadChanges(catalog, document, Number(since), selectScope)
  const pictures = format.hasPictures ? await catalog.pictures(document.track.key) : []
  return inLargeChunks(
    await format.chunks({ document, selection: selectScope(document), options, changes, pictures, publicUrl }),
  )
}

/** Parses the scope and returns a function that selects it from a document. Rejects with the name of an invalid option. */
const createScopeFilter = async (
  catalog: Catalog,
  track: string,
  { options }: Pick<Format, 'options'>,
  values: OptionValues,
): Promise<(document: TrackDocument) => TrackDocument> => {
  checkOptions(options, values)
  const scope = await parseScope(catalog, track, values)
  return document => (scope === undefined ? document : inScope(document, scope))
}

/** Selects the part of a track in the scope of the options. Rejects with the name of an invalid option. */
export const selectInScope = async (
  catalog: Catalog,
  document: TrackDocument,
  format: Pick<Format, 'options'>,
  values: OptionValues,
): Promise<TrackDocument> => (await createScopeFilter(catalog, document.track.key, format, values))(document)

/** Joins small chunks, because sending has a cost per chunk. */
const inLargeChunks = function* (chunks: Iterable<Chunk>): Iterable<Buffer> {
  let buffered: Buffer[] = []
  let size = 0
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk)
    buffered.push(bytes)
    size += bytes.length
    if (size < minChunkSize) continue
    yield Buffer.concat(buffered)
    buffered = []
    size = 0
  }
  yield Buffer.concat(buffered)
}

const minChunkSize = 64 * 1024

/**
 * Selects the part of a track in scope, with the categories of its skills and their parents. Nouns without a tier belong to every
 * tier. A scope of categories includes those below them, and only contains nouns that have a category, and what its skills refer to.
 */
const inScope = (document: TrackDocument, { tier, category, source }: Scope): TrackDocument => {
  const isInTier = (one: { tier: Tier | null }) => tier === undefined || one.tier === null || tier.includes(one.tier)
  const ancestorsOf = createAncestorsOf(document.categories)
  const withAncestors = (key: string) => [...ancestorsOf(key).map(ancestor => ancestor.key), key]
  const isInCategory = (one: { category: string | null }) =>
    category === undefined || (one.category !== null && withAncestors(one.category).some(key => category.includes(key)))
  const isFromSource = (one: { mentions: readonly { source: string }[] }) =>
    source === undefined || one.mentions.some(mention => source.includes(mention.source))
  const skills = document.skills.filter(one => isInTier(one) && isInCategory(one) && isFromSource(one))
  const [selectedKeys, categoryKeys] = [
    new Set(skills.map(({ key }) => key)),
    new Set(skills.flatMap(skill => withAncestors(skill.category))),
  ]
  const referencesSelected = (keys: readonly string[]) => keys.some(key => selectedKeys.has(key))
  const projects = document.projects.filter(
    one => isInTier(one) && isFromSource(one) && (category === undefined || referencesSelected(one.skills)),
  )
  const projectResources = new Set(projects.flatMap(one => one.resources))
  return {
    track: document.track,
    sources: document.sources.filter(({ key }) => source?.includes(key) ?? true),
    categories: document.categories.filter(({ key }) => categoryKeys.has(key)),
    skills,
    principles: document.principles.filter(one => isInTier(one) && isInCategory(one) && isFromSource(one)),
    projects,
    exercises: document.exercises.filter(one => isFromSource(one) && referencesSelected(one.skills)),
    resources: document.resources.filter(one => referencesSelected(one.skills) || projectResources.has(one.key)),
    plans: document.plans.filter(one => category === undefined && isInTier(one) && isFromSource(one)),
    checklists: document.checklists.filter(one => category === undefined && isInTier(one) && isFromSource(one)),
  }
}
