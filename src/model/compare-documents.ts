import { type Document, draftsOf, everyDraft, mapDrafts } from './document.ts'
import type { Draft } from './draft.ts'
import { keyOf, qualifiedKeyOf, slugOf } from './keys.ts'
import { normalForm } from './normalize.ts'
import { mapReferences } from './references.ts'
import { type Noun, nouns } from './vocabulary.ts'

/** What is different in words: one a thing and a way in which it differs. */
export interface Change {
  noun: Noun
  /** How it changed, to be counted: `added`, `removed`, `renamed`, `moved from intermediate to senior`, `changed`. */
  how: string
  title: string
  slug: string
  /** What it concerns, such as names of fields or the old slug. */
  detail: string
}

/** What makes one document of the other, in curriculum order. */
export const compare = (before: Document | undefined, after: Document): Change[] => {
  const [then, now] = [before && normalForm(followRenames(before, after)), normalForm(after)]
  return nouns.flatMap(noun => {
    const [old, current] = [then === undefined ? [] : draftsOf(then, noun), draftsOf(now, noun)]
    const matched = matchedBySlug(old, current)
    const kept = new Set(matched.values())
    const removed = old.filter(one => !kept.has(one)).map(draft => change(noun, draft, 'removed', ''))
    const others = current.flatMap(draft => {
      const was = matched.get(draft)
      return was === undefined ? [change(noun, draft, 'added', placeOf(draft))] : changesOf(noun, was, draft)
    })
    return [...removed, ...others, ...reordered(noun, old, matched)]
  })
}

/** A reference to what has got another slug since did not change: it is the slug that did. */
export const followRenames = (before: Document, { track, ...after }: Document): Document => {
  const names = new Map<string, string>()
  for (const { noun, draft } of everyDraft({ track, ...after }))
    for (const [then, now] of draft.formerly.map(
      former => [keyOf(track.slug, former), keyOf(track.slug, draft.slug)] as const,
    )) {
      names.set(`${noun} ${then}`, now)
      names.set(`any ${qualifiedKeyOf(noun, then)}`, qualifiedKeyOf(noun, now))
    }
  return mapDrafts(before, (noun, draft) =>
    mapReferences(noun, draft, (target, key) => names.get(`${target} ${key}`) ?? key),
  )
}

/** What each of the current ones was, by its slug or an earlier one. */
const matchedBySlug = (old: Draft[], current: Draft[]): Map<Draft, Draft | undefined> => {
  const bySlug = new Map(old.map(one => [one.slug, one]))
  return new Map(
    current.map(draft => [draft, [draft.slug, ...draft.formerly].flatMap(slug => bySlug.get(slug) ?? [])[0]]),
  )
}

const change = (noun: Noun, { title, slug }: Draft, how: string, detail: string): Change => ({
  noun,
  how,
  title,
  slug,
  detail,
})

const placeOf = (draft: Draft): string => {
  if (!('category' in draft)) return ''
  return [draft.category === null ? null : slugOf(draft.category), draft.tier].filter(word => word !== null).join(', ')
}

const changesOf = (noun: Noun, was: Draft, is: Draft): Change[] => {
  const old: Record<string, unknown> = { ...was }
  const current: Record<string, unknown> = { ...is }
  const fields = Object.keys(current).filter(name => !sameValue(old[name], current[name]))
  const moves = ['tier', 'category'].filter(name => fields.includes(name))
  const other = fields.filter(name => ![...moves, 'slug', 'formerly'].includes(name))
  return [
    ...(was.slug === is.slug ? [] : [change(noun, is, 'renamed', `formerly ${was.slug}`)]),
    ...moves.map(name => change(noun, is, `moved from ${shown(old?.[name])} to ${shown(current?.[name])}`, '')),
    ...(other.length === 0 ? [] : [change(noun, is, 'changed', other.join(', '))]),
  ]
}

const sameValue = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const shown = (value: unknown): string => (value === null ? 'none' : slugOf(String(value)))

/** Those that are in both, in another order than before; a skill's place is that in its cell. */
const reordered = (noun: Noun, old: Draft[], matched: Map<Draft, Draft | undefined>): Change[] => {
  const cellOf = (draft: Draft) => (noun === 'skill' && 'category' in draft ? `${draft.category} ${draft.tier}` : '')
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
