import {
  allDrafts,
  type Document,
  type Draft,
  draftsOf,
  mapDrafts,
  normalizeDocument,
  normalizeDraft,
} from './document.ts'
import { keyOf, qualifiedKeyOf, slugOf } from './keys.ts'
import { mapReferences } from './references.ts'
import { type Noun, nouns } from './vocabulary.ts'

/** One difference between two documents: the change of one item. */
export interface DocumentChange {
  noun: Noun
  /** The kind of change, by which changes are counted: `added`, `removed`, `renamed`, `moved from intermediate to senior`, `moved from parent markup to style`, `changed`. */
  how: string
  title: string
  slug: string
  /** Details, such as the names of the changed fields or the old slug. */
  detail: string
}

/** Returns the changes that turn one document into the other, in curriculum order. */
export const compareDocuments = (before: Document | undefined, after: Document): DocumentChange[] => {
  const later = normalizeDocument(after)
  // Related pairs are completed under their old keys, and sorted under the new ones.
  const earlier = before && mapDrafts(followRenames(normalizeDocument(before), after), normalizeDraft)
  return nouns.flatMap(noun => {
    const [old, current] = [earlier === undefined ? [] : draftsOf(earlier, noun), draftsOf(later, noun)]
    const matched = matchBySlug(old, current)
    const matchedDrafts = new Set(matched.values())
    const removed = old.filter(one => !matchedDrafts.has(one)).map(draft => change(noun, draft, 'removed', ''))
    const others = current.flatMap(draft => {
      const was = matched.get(draft)
      return was === undefined ? [change(noun, draft, 'added', formatPlace(draft))] : changesOf(noun, was, draft)
    })
    return [...removed, ...others, ...findReordered(noun, old, matched)]
  })
}

/** The change of the pictures of a track, which no document contains. */
export const picturesChange = (track: Draft<'track'>): DocumentChange => change('track', track, 'changed', 'pictures')

/** Replaces the references of the earlier document by the keys in the later one, so that a rename does not change the items that refer to it. */
export const followRenames = (before: Document, { track, ...after }: Document): Document => {
  const names = new Map<string, string>()
  for (const { noun, draft } of allDrafts({ track, ...after }))
    for (const [old, current] of draft.formerly.map(
      former => [keyOf(track.slug, former), keyOf(track.slug, draft.slug)] as const,
    )) {
      names.set(`${noun} ${old}`, current)
      names.set(`any ${qualifiedKeyOf(noun, old)}`, qualifiedKeyOf(noun, current))
    }
  return mapDrafts(before, (noun, draft) =>
    mapReferences(noun, draft, (target, key) => names.get(`${target} ${key}`) ?? key),
  )
}

/** Finds the earlier version of each current draft, by its slug or an earlier slug. */
const matchBySlug = (old: Draft[], current: Draft[]): Map<Draft, Draft | undefined> => {
  const bySlug = new Map(old.map(one => [one.slug, one]))
  return new Map(
    current.map(draft => [draft, [draft.slug, ...draft.formerly].flatMap(slug => bySlug.get(slug) ?? [])[0]]),
  )
}

const change = (noun: Noun, { title, slug }: Draft, how: string, detail: string): DocumentChange => ({
  noun,
  how,
  title,
  slug,
  detail,
})

const formatPlace = (draft: Draft): string => {
  if (!('category' in draft)) return ''
  return [draft.category === null ? null : slugOf(draft.category), draft.tier].filter(word => word !== null).join(', ')
}

const changesOf = (noun: Noun, was: Draft, is: Draft): DocumentChange[] => {
  const old: Record<string, unknown> = { ...was }
  const current: Record<string, unknown> = { ...is }
  const fields = Object.keys(current).filter(name => !isSameValue(old[name], current[name]))
  const moves = ['tier', 'category', 'parent'].filter(name => fields.includes(name))
  const other = fields.filter(name => ![...moves, 'slug', 'formerly'].includes(name))
  return [
    ...(was.slug === is.slug ? [] : [change(noun, is, 'renamed', `formerly ${was.slug}`)]),
    ...moves.map(name => change(noun, is, describeMove(name, old?.[name], current?.[name]), '')),
    ...(other.length === 0 ? [] : [change(noun, is, 'changed', other.join(', '))]),
  ]
}

const isSameValue = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const describeMove = (field: string, from: unknown, to: unknown): string => {
  if (field !== 'parent') return `moved from ${formatValue(from)} to ${formatValue(to)}`
  if (from === null) return `moved from the top to parent ${formatValue(to)}`
  return `moved from parent ${formatValue(from)} to ${to === null ? 'the top' : formatValue(to)}`
}

const formatValue = (value: unknown): string => (value === null ? 'none' : slugOf(String(value)))

/** Returns one change for each list whose order differs. A skill's list is its cell, a category's is that of its parent. */
const findReordered = (noun: Noun, old: Draft[], matched: Map<Draft, Draft | undefined>): DocumentChange[] => {
  const cellOf = (draft: Draft) => {
    if (noun === 'skill' && 'category' in draft) return `${draft.category} ${draft.tier}`
    return 'parent' in draft ? String(draft.parent) : ''
  }
  const stayed = [...matched].flatMap(([draft, was]) =>
    was !== undefined && cellOf(was) === cellOf(draft) ? [{ draft, was, cell: cellOf(draft) }] : [],
  )
  const before = new Map(old.map((one, index) => [one, index]))
  const first = [...Map.groupBy(stayed, ({ cell }) => cell).values()].flatMap(cell => {
    const then = cell.map(({ was }) => was).sort((a, b) => Number(before.get(a)) - Number(before.get(b)))
    return cell.find(({ was }, index) => was !== then[index])?.draft ?? []
  })
  return first.map(draft => change(noun, draft, 'put in another order', 'from here on'))
}
