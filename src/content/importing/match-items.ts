import { type Document, type Draft, draftsOf, nounsReferencedFirst } from '../../model/document.ts'
import { slugOf } from '../../model/keys.ts'
import type { Noun } from '../../model/vocabulary.ts'
import { type ImportedItem, normalizeTitle } from './imported-track.ts'

/** Existing items by the imported items that describe them; each is matched once. */
export type Matches = ReadonlyMap<ImportedItem, Draft>

/**
 * Matches imported items with those of the track: by external id, code, slug (current or earlier), URL of a resource, title within
 * the category and tier, title within the category, and a title that only one unmatched item on each side has. A category is also
 * matched by its skills.
 */
export const matchItems = (items: readonly ImportedItem[], existing: Document): Matches => {
  const matches = new Map<ImportedItem, Draft>()
  const byNoun = Map.groupBy(items, ({ noun }) => noun)
  const names = { refs: indexRefs(items), find: nameFinder(existing) }
  for (const noun of nounsReferencedFirst) {
    const own = byNoun.get(noun) ?? []
    const drafts = draftsOf(existing, noun)
    for (const pass of identityPasses) matchBy(matches, own, drafts, pass)
    for (const level of levelsOf(own, names.refs))
      for (const pass of titlePasses(matches, names)) matchBy(matches, level, drafts, pass)
    if (noun === 'category') matchByContents(matches, items, existing)
  }
  return matches
}

/** Names by which a pass compares items; undefined where an item has none. */
interface Pass {
  item(item: ImportedItem): string | undefined
  draft(draft: Draft): readonly (string | undefined)[]
  /** Skips names that several items have. */
  unique?: boolean
}

const matchBy = (
  matches: Map<ImportedItem, Draft>,
  items: readonly ImportedItem[],
  drafts: readonly Draft[],
  { item: nameOfItem, draft: namesOfDraft, unique = false }: Pass,
): void => {
  const taken = new Set(matches.values())
  const names = drafts.flatMap(draft => (taken.has(draft) ? [] : namesOfDraft(draft).map(name => ({ name, draft }))))
  const free = Map.groupBy(names, ({ name }) => name)
  const named = Map.groupBy(
    items.filter(item => !matches.has(item)),
    nameOfItem,
  )
  for (const [name, those] of named) {
    const candidates = name === undefined ? [] : (free.get(name) ?? []).map(({ draft }) => draft)
    if (unique && (those.length > 1 || candidates.length > 1)) continue
    for (const item of those) {
      const draft = candidates.find(one => !taken.has(one) && !hasOtherIdentity(item, one))
      if (draft === undefined) continue
      matches.set(item, draft)
      taken.add(draft)
    }
  }
}

/** Matches each category of the file with one that the file does not name, if most skills of both are the same: its title has changed. */
const matchByContents = (
  matches: Map<ImportedItem, Draft>,
  items: readonly ImportedItem[],
  existing: Document,
): void => {
  const skillsOf = Map.groupBy(existing.skills, ({ category }) => slugOf(category))
  const importedSkills = Map.groupBy(
    items.filter(({ noun }) => noun === 'skill'),
    groupName,
  )
  const taken = new Set(matches.values())
  for (const item of items) {
    if (item.noun !== 'category' || matches.has(item)) continue
    const skills = importedSkills.get(item.ref) ?? []
    const titles = new Set(skills.map(({ fields }) => normalizeTitle(String(fields.title))))
    const same = existing.categories.find(category => {
      if (taken.has(category) || hasOtherIdentity(item, category)) return false
      const existingSkills = skillsOf.get(category.slug) ?? []
      const shared = existingSkills.filter(({ title }) => titles.has(normalizeTitle(title))).length
      return shared * 2 > Math.max(skills.length, existingSkills.length)
    })
    if (same === undefined) continue
    matches.set(item, same)
    taken.add(same)
  }
}

const identityPasses: readonly Pass[] = [
  { item: item => field(item.fields, 'externalId'), draft: ({ externalId }) => [externalId ?? undefined] },
  { item: item => field(item.fields, 'code'), draft: draft => [field(draft, 'code')] },
  {
    item: ({ slug }) => (slug === undefined ? undefined : slugOf(slug)),
    draft: ({ slug, formerly }) => [slug, ...formerly],
  },
  { item: item => field(item.fields, 'url'), draft: draft => [field(draft, 'url')] },
]

const titlePasses = (matches: Matches, names: Names): Pass[] => {
  const titleOf = (item: ImportedItem) => normalizeTitle(String(field(item.fields, 'title')))
  const groupOf = (item: ImportedItem) => groupOfItem(item, matches, names)
  return [
    {
      item: item => join(groupOf(item), field(item.fields, 'tier'), titleOf(item)),
      draft: draft => [join(groupOfDraft(draft), field(draft, 'tier'), normalizeTitle(draft.title))],
    },
    {
      item: item => join(groupOf(item), titleOf(item)),
      draft: draft => [join(groupOfDraft(draft), normalizeTitle(draft.title))],
    },
    { item: titleOf, draft: ({ title }) => [normalizeTitle(title)], unique: true },
  ]
}

const join = (...parts: (string | undefined)[]): string => JSON.stringify(parts)

/** Returns the value of a field that is a text. */
const field = (fields: object, name: string): string | undefined => {
  const value = (fields as Record<string, unknown>)[name] // any name may be read from an object
  return typeof value === 'string' ? value : undefined
}

/** Returns true if the two have different external ids: they are not the same, though their titles may be. */
const hasOtherIdentity = (item: ImportedItem, { externalId }: Draft): boolean => {
  const imported = field(item.fields, 'externalId')
  return imported !== undefined && externalId !== null && imported !== externalId
}

/** The names by which items refer to each other. */
interface Names {
  refs: ReadonlyMap<string, ImportedItem>
  find: (noun: Noun, name: string) => Draft | undefined
}

export const refName = (noun: Noun, ref: string): string => `${noun} ${ref}`

export const indexRefs = (items: readonly ImportedItem[]): ReadonlyMap<string, ImportedItem> =>
  new Map([...items].reverse().map(item => [refName(item.noun, item.ref), item])) // the first of several counts

/** Returns a function that finds an item of the track by its slug, key, external id, code, or a title that no other has. */
export const nameFinder = (existing: Document): Names['find'] => {
  const indexes = new Map<Noun, Map<string, Draft>>()
  const indexOf = (noun: Noun): Map<string, Draft> => {
    const index = new Map<string, Draft>()
    const drafts = draftsOf(existing, noun)
    for (const [title, those] of Map.groupBy(drafts, draft => normalizeTitle(draft.title)))
      if (those.length === 1) index.set(`title ${title}`, those[0] as Draft) // it has one
    for (const draft of drafts) {
      for (const name of [draft.externalId ?? undefined, field(draft, 'code')])
        if (name !== undefined) index.set(`id ${name}`, draft)
      for (const name of [...draft.formerly, draft.slug]) index.set(`slug ${name}`, draft)
    }
    indexes.set(noun, index)
    return index
  }
  const prefix = `${existing.track.slug}.`
  return (noun, name) => {
    const index = indexes.get(noun) ?? indexOf(noun)
    const slug = name.startsWith(prefix) ? name.slice(prefix.length) : name
    return index.get(`slug ${slug}`) ?? index.get(`id ${name}`) ?? index.get(`title ${normalizeTitle(name)}`)
  }
}

/** Identifies the category that a skill, a principle or a category is in. */
const groupOfItem = (item: ImportedItem, matches: Matches, { refs, find }: Names): string => {
  const name = groupName(item)
  if (name === undefined) return ''
  const imported = refs.get(refName('category', name))
  if (imported === undefined) return find('category', name)?.slug ?? `new ${name}`
  return matches.get(imported)?.slug ?? `new ${name}`
}

const groupName = ({ fields }: ImportedItem): string | undefined => field(fields, 'category') ?? field(fields, 'parent')

const groupOfDraft = (draft: Draft): string => slugOf(field(draft, 'category') ?? field(draft, 'parent') ?? '')

/** Groups items so that the group of each item, if the file has it, comes before the item. */
const levelsOf = (items: readonly ImportedItem[], refs: Names['refs']): ImportedItem[][] => {
  const depthOf = (item: ImportedItem, most = 10): number => {
    const parent = refs.get(refName('category', groupName(item) ?? ''))
    return parent === undefined || parent.noun !== item.noun || most === 0 ? 0 : 1 + depthOf(parent, most - 1)
  }
  const levels = Map.groupBy(items, item => depthOf(item))
  return [...levels].sort(([a], [b]) => a - b).map(([, level]) => level)
}
