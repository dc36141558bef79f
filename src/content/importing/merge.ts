import type { z } from 'zod'
import { Refused } from '../../errors.ts'
import { followRenames } from '../../model/compare-documents.ts'
import { schemas } from '../../model/curriculum.ts'
import {
  allDrafts,
  buildDocument,
  type Document,
  type Draft,
  draftSchema,
  draftsOf,
  mapDrafts,
  writableFields,
} from '../../model/document.ts'
import { type Field, fieldsOf } from '../../model/fields.ts'
import { keyOf, Slug, slugOf } from '../../model/keys.ts'
import { mapReferences } from '../../model/references.ts'
import type { ResolveExternal } from '../../model/resolve-references.ts'
import { tiers } from '../../model/tiers.ts'
import { TrackTier } from '../../model/track.ts'
import { countNouns, type Noun, type Tier } from '../../model/vocabulary.ts'
import { brokenRule } from '../../query/explain.ts'
import { entryName } from '../build-track.ts'
import { slugFrom } from '../slug-from-title.ts'
import { type ImportedItem, type ImportedTrack, type ImportNote, normalizeTitle, type Place } from './imported-track.ts'
import { indexRefs, type Matches, matchItems, nameFinder, refName } from './match-items.ts'

export interface MergeOptions {
  /** Removes the items that the file does not have, of the nouns of which it has all. */
  prune: boolean
  resolveExternal: ResolveExternal
}

export interface MergedTrack {
  /** References are keys, slugs, or names that do not exist. */
  document: Document
  notes: ImportNote[]
  /** The places of the imported items, by `entryName`. */
  places: ReadonlyMap<string, Place>
}

/** Merges the items of a file into a track. Fields that the file does not give stay as they are. */
export const mergeTrack = (
  existing: Document,
  imported: ImportedTrack,
  { prune, resolveExternal }: MergeOptions,
): MergedTrack => {
  const notes: ImportNote[] = []
  rejectTooMany(imported.items)
  const items = withoutRepeated(
    imported.items.filter(item => hasValidTitle(item, notes)),
    notes,
  )
  const matches = matchItems(items, existing)
  const kept = items.filter(item => hasName(item, matches.has(item), notes))
  const slugs = chooseSlugs(kept, matches, existing)
  const renamed = renameDrafts(existing, matches, slugs)
  const toName = referenceResolver(items, slugs, existing, renamed, resolveExternal)
  const merged = new Map<ImportedItem, Draft>()
  for (const item of kept) {
    const match = matches.get(item)
    const before = match && renamed.drafts.get(match)
    const draft = mergeDraft(item, slugs.get(item) as string, before, toName, notes) // each has a slug
    if (draft !== undefined) merged.set(item, draft)
  }
  const lists = buildDocument(noun =>
    noun === 'track' ? [renamed.document.track] : mergeList(noun, renamed, kept, matches, merged),
  )
  const document = { ...lists, track: mergeTrackFields(lists, imported) }
  return {
    document: prune ? removeMissing(document, imported.complete, new Set(merged.values())) : document,
    notes,
    places: new Map([...merged].map(([{ noun, place }, { slug }]) => [entryName(noun, slug), place])),
  }
}

/** The most items of a noun, as in a document that is written over the API. */
const maxItems = 20_000

const rejectTooMany = (items: readonly ImportedItem[]): void => {
  for (const [noun, those] of Map.groupBy(items, item => item.noun))
    if (those.length > maxItems)
      throw new Refused(
        `the file has ${countNouns(those.length, noun)}, and a track has at most ${maxItems}: split it into several tracks`,
      )
}

/** Returns true if an item has no title or a valid one. */
const hasValidTitle = ({ noun, fields, place, places }: ImportedItem, notes: ImportNote[]): boolean => {
  if (fields.title === undefined) return true
  const broken = brokenRule(schemas[noun].shape.title, fields.title)
  if (broken === undefined) return true
  notes.push({ ...(places?.title ?? place), severity: 'warning', message: `not imported: the title ${broken}` })
  return false
}

/** Leaves out items that are equal to an earlier one of the file. */
const withoutRepeated = (items: readonly ImportedItem[], notes: ImportNote[]): readonly ImportedItem[] => {
  const first = new Map<string, ImportedItem>()
  return items.filter(item => {
    const { noun, fields, place, slug } = item
    const { category, parent, tier, externalId, code, url } = fields as Record<string, unknown> // those that its noun has
    const { title } = fields
    if (title === undefined) return true
    const name = JSON.stringify([noun, category, parent, tier, externalId, code, url, slug, normalizeTitle(title)])
    const earlier = first.get(name)
    first.set(name, earlier ?? item)
    if (earlier === undefined) return true
    const message = `not imported: "${title}" is in line ${earlier.place.line} already`
    notes.push({ ...place, severity: 'warning', message })
    return false
  })
}

/** Returns false for an item that the track does not have and that has no title. */
const hasName = ({ noun, fields, place }: ImportedItem, isKnown: boolean, notes: ImportNote[]): boolean => {
  if (isKnown || fields.title !== undefined) return true
  notes.push({ ...place, severity: 'warning', message: `not imported: a new ${noun} needs a title` })
  return false
}

type Slugs = ReadonlyMap<ImportedItem, string>

/**
 * Chooses the slug of each item. A new item gets that of the file or one from its title. An existing item keeps its slug, unless
 * the slug was made from its title and the title has changed.
 */
const chooseSlugs = (items: readonly ImportedItem[], matches: Matches, existing: Document): Slugs => {
  const taken = new Set(
    allDrafts(existing).flatMap(({ noun, draft }) =>
      [draft.slug, ...draft.formerly].map(slug => entryName(noun, slug)),
    ),
  )
  const counts = new Map<string, number>()
  const takeFree = (noun: Noun, wanted: string): string => {
    const name = entryName(noun, wanted)
    let count = counts.get(name) ?? 1
    while (taken.has(entryName(noun, numberedSlug(wanted, count)))) count += 1
    const slug = numberedSlug(wanted, count)
    counts.set(name, count)
    taken.add(entryName(noun, slug))
    return slug
  }
  const fromTitle = (noun: Noun, title: string): string => slugFrom(title) || noun
  return new Map(
    items.map(item => {
      const { noun, fields } = item
      const match = matches.get(item)
      const own = item.slug === undefined ? undefined : slugOf(item.slug)
      if (match === undefined)
        return [item, takeFree(noun, Slug.safeParse(own).data ?? fromTitle(noun, fields.title as string))] // a new item has a title
      const wanted = fromTitle(noun, fields.title ?? match.title)
      const old = fromTitle(noun, match.title)
      if (wanted === old || !isNumbered(match.slug, old)) return [item, match.slug]
      return [item, match.formerly.includes(wanted) ? wanted : takeFree(noun, wanted)]
    }),
  )
}

const numberedSlug = (slug: string, count: number): string => {
  if (count === 1) return slug
  const ending = `-${count}`
  return `${slug.slice(0, 50 - ending.length).replace(/-$/, '')}${ending}`
}

/** Returns true for a slug that was made from this one. */
const isNumbered = (slug: string, from: string): boolean =>
  slug === from || numberedSlug(from, Number(/-(\d{1,6})$/.exec(slug)?.[1] ?? 1)) === slug

/** The track with its new slugs; references follow them. */
interface RenamedTrack {
  document: Document
  /** The drafts by what they were. */
  drafts: ReadonlyMap<Draft, Draft>
}

const renameDrafts = (existing: Document, matches: Matches, slugs: Slugs): RenamedTrack => {
  const names = new Map([...matches].map(([item, draft]) => [draft, slugs.get(item) as string])) // each has a slug
  const renamed = mapDrafts(existing, <N extends Noun>(_: N, draft: Draft<N>) => {
    const { slug, formerly } = draft as Draft // every noun has both
    const name = names.get(draft as Draft) ?? slug
    return name === slug ? draft : { ...draft, slug: name, formerly: [...new Set([...formerly, slug])] }
  })
  const document = followRenames(renamed, renamed)
  const before = allDrafts(existing)
  return {
    document,
    drafts: new Map(allDrafts(document).map(({ draft }, index) => [(before[index] as { draft: Draft }).draft, draft])), // as many as before
  }
}

/** Returns the key of an item by its name in a reference; undefined if there is none. */
type ResolveName = (noun: Noun | 'any', name: string) => string | undefined

const referenceResolver = (
  items: readonly ImportedItem[],
  slugs: Slugs,
  existing: Document,
  renamed: RenamedTrack,
  resolveExternal: ResolveExternal,
): ResolveName => {
  const track = existing.track.slug
  const refs = indexRefs(items)
  const find = nameFinder(existing)
  const toKey = (slug: string): string => keyOf(track, slug)
  return (noun, name) => {
    if (noun === 'any') return name
    const imported = refs.get(refName(noun, name))
    const slug = imported && slugs.get(imported)
    if (slug !== undefined) return toKey(slug)
    const found = find(noun, name)
    if (found !== undefined) return toKey((renamed.drafts.get(found) as Draft).slug) // every existing draft is in it
    return resolveExternal(noun, name)
  }
}

/** Returns the draft of an item with the fields that the file gives; undefined if a new item is not valid. */
const mergeDraft = (
  item: ImportedItem,
  slug: string,
  before: Draft | undefined,
  resolve: ResolveName,
  notes: ImportNote[],
): Draft | undefined => {
  const { noun, fields, defaults = {}, additions = {}, place, places = {} } = item
  const report = (name: string, message: string) =>
    notes.push({ ...(places[name] ?? place), severity: 'warning', message: `not imported: ${message}` })
  const given = Object.entries({ ...(before === undefined && defaults), ...fields, ...additions }).filter(
    ([, value]) => value !== undefined,
  )
  const resolved = resolveFields(noun, Object.fromEntries(given), resolve, report)
  const schemasOfFields = writableFields(noun)
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(resolved)) {
    const schema = schemasOfFields[name] as z.ZodType // importers give fields of the noun
    const existing = (before as Record<string, unknown> | undefined)?.[name]
    const added =
      name in additions ? [...new Set([...((existing ?? []) as unknown[]), ...(value as unknown[])])] : value
    const { data, success } = schema.safeParse(added)
    if (success) values[name] = data
    else report(name, `the ${name} ${brokenRule(schema, added)}`)
  }
  if (before !== undefined) return { ...before, ...values } as Draft // valid fields of its noun
  const { data, error } = draftSchema(noun).safeParse({ slug, ...values })
  if (error === undefined) return data
  const [missing] = error.issues
  report('', `a new ${noun} needs a ${String(missing?.path[0])}`)
  return undefined
}

/** Resolves the references in imported fields. Names of nothing are reported and left out. */
const resolveFields = (
  noun: Noun,
  fields: Record<string, unknown>,
  resolve: ResolveName,
  report: (name: string, message: string) => void,
): Record<string, unknown> => {
  const unknown = new Set<string>()
  const resolved = mapReferences(noun, fields as unknown as Draft, (target, name, path) => {
    const key = resolve(target, name)
    if (key !== undefined) return key
    report(String(path[0]), `there is no ${target} called "${name.slice(0, 80)}"`)
    unknown.add(name)
    return ''
  }) as unknown as Record<string, unknown>
  const isKnown = (value: unknown): boolean => value !== ''
  return Object.fromEntries(
    Object.keys(fields).flatMap(name => {
      const value = resolved[name]
      const { references, list } = fieldsOf(schemas[noun]).find(one => one.name === name) as Field // importers give fields of the noun
      if (references === undefined) return [[name, value]]
      if (list) return [[name, [...new Set((value as unknown[]).filter(isKnown))]]] // by the field's type
      return isKnown(value) ? [[name, value]] : []
    }),
  )
}

/** Returns the items of a noun: existing items stay in order, new and moved ones come after the one before them in the file. */
const mergeList = (
  noun: Noun,
  renamed: RenamedTrack,
  items: readonly ImportedItem[],
  matches: Matches,
  merged: ReadonlyMap<ImportedItem, Draft>,
): Draft[] => {
  const earlier = new Map<Draft, Draft>()
  const imported = items.flatMap(item => {
    const draft = item.noun === noun ? merged.get(item) : undefined
    if (draft === undefined) return []
    const match = matches.get(item)
    const before = match && renamed.drafts.get(match)
    if (before !== undefined) earlier.set(before, draft)
    return [{ draft, stays: before !== undefined && listOfDraft(before) === listOfDraft(draft) }]
  })
  const moved = new Set(imported.flatMap(({ draft, stays }) => (stays ? [] : [draft])))
  const existing = draftsOf(renamed.document, noun).map(draft => earlier.get(draft) ?? draft)
  const [before, after] = [new Map<Draft, Draft[]>(), new Map<Draft, Draft[]>()]
  const last: Draft[] = []
  for (const group of Map.groupBy(imported, ({ draft }) => listOfDraft(draft)).values()) {
    const next = group.find(({ stays }) => stays)?.draft
    let previous: Draft | undefined
    for (const { draft, stays } of group)
      if (stays) previous = draft
      else if (previous !== undefined) append(after, previous, draft)
      else if (next !== undefined) append(before, next, draft)
      else last.push(draft)
  }
  return [
    ...existing
      .filter(draft => !moved.has(draft))
      .flatMap(draft => [...(before.get(draft) ?? []), draft, ...(after.get(draft) ?? [])]),
    ...last,
  ]
}

const append = (lists: Map<Draft, Draft[]>, draft: Draft, added: Draft): void => {
  const list = lists.get(draft)
  if (list === undefined) lists.set(draft, [added])
  else list.push(added)
}

/** Identifies the list in which an item has its place: of a skill its cell, of all others that of the noun. */
const listOfDraft = (draft: Draft): string => ('sample' in draft ? JSON.stringify([draft.category, draft.tier]) : '')

/** Fills in fields of the track that have no value, and adds the tiers that it needs. */
const mergeTrackFields = (
  document: Document,
  { track: { tiers: importedTiers = [], ...fields } }: ImportedTrack,
): Draft<'track'> => {
  const { track } = document
  const [values, schema] = [track as Record<string, unknown>, writableFields('track')]
  const missing = Object.entries(fields).filter(
    ([name, value]) => values[name] === null && (schema[name] as z.ZodType).safeParse(value).success, // a field of a track
  )
  const named = importedTiers.filter(one => TrackTier.safeParse(one).success)
  const used = allDrafts(document).flatMap(({ draft }) => ('tier' in draft && draft.tier !== null ? [draft.tier] : []))
  const known = track.tiers.map(({ tier }) => tier)
  // A track without a list of tiers may use any, but a new one lists its own.
  const wanted = new Set<Tier>(
    known.length > 0 || named.length > 0 ? [...known, ...used, ...named.map(({ tier }) => tier)] : [],
  )
  const tierOf = (tier: Tier) =>
    track.tiers.find(one => one.tier === tier) ?? named.find(one => one.tier === tier) ?? defaultTier(tier)
  return {
    ...track,
    ...Object.fromEntries(missing),
    tiers: tiers.filter(tier => wanted.has(tier)).map(tierOf),
  }
}

const defaultTier = (tier: Tier): Draft<'track'>['tiers'][number] => ({
  tier,
  title: `${tier.charAt(0).toUpperCase()}${tier.slice(1)}`,
  theme: null,
  goal: null,
  duration: null,
})

/** Removes the items of complete nouns that are not imported, and the references to them in lists. */
const removeMissing = (document: Document, complete: readonly Noun[], imported: ReadonlySet<Draft>): Document => {
  const removed = new Set<string>()
  const track = document.track.slug
  for (const noun of complete)
    for (const draft of draftsOf(document, noun))
      if (!imported.has(draft)) removed.add(entryName(noun, keyOf(track, draft.slug)))
  const keptDrafts = buildDocument(noun =>
    draftsOf(document, noun).filter(({ slug }) => !removed.has(entryName(noun, keyOf(track, slug)))),
  )
  return mapDrafts(keptDrafts, (noun, draft) => {
    const values: Record<string, unknown> = { ...draft }
    for (const { name, list, readonly, references } of fieldsOf(schemas[noun]))
      if (list && !readonly && references !== undefined)
        values[name] = (values[name] as string[]).filter(key => !removed.has(`${references} ${key}`)) // by the field's type
    return values as typeof draft // the same fields as before
  })
}
