import { type Document, draftsOf } from './document.ts'
import type { Draft } from './draft.ts'
import { slugOf } from './names.ts'
import { normalForm } from './normal.ts'
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
  const [then, now] = [before && normalForm(before), normalForm(after)]
  return nouns.flatMap(noun => {
    const [old, current] = [then === undefined ? [] : draftsOf(then, noun), draftsOf(now, noun)]
    const matched = new Map(current.map(draft => [draft, old.find(one => isSame(one, draft))]))
    const kept = new Set(matched.values())
    const removed = old.filter(one => !kept.has(one)).map(draft => change(noun, draft, 'removed', ''))
    const others = current.flatMap(draft => {
      const was = matched.get(draft)
      return was === undefined ? [change(noun, draft, 'added', placeOf(draft))] : changesOf(noun, was, draft)
    })
    return [...removed, ...others, ...reordered(noun, old, current, matched)]
  })
}

const isSame = (one: Draft, other: Draft): boolean => one.slug === other.slug || other.formerly.includes(one.slug)

const change = (noun: Noun, { title, slug }: Draft, how: string, detail: string): Change => ({
  noun,
  how,
  title,
  slug,
  detail,
})

const placeOf = (draft: Draft): string =>
  'category' in draft && 'tier' in draft && draft.category !== null ? `${slugOf(draft.category)}, ${draft.tier}` : ''

const changesOf = (noun: Noun, was: Draft, is: Draft): Change[] => {
  const [old, current]: Record<string, unknown>[] = [{ ...was }, { ...is }]
  const fields = Object.keys(current ?? {}).filter(name => !sameValue(old?.[name], current?.[name]))
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

/** Those that are in both, in another order than before. */
const reordered = (noun: Noun, old: Draft[], current: Draft[], matched: Map<Draft, Draft | undefined>): Change[] => {
  const now = current.filter(draft => matched.get(draft) !== undefined)
  const then = old.filter(one => now.some(draft => matched.get(draft) === one))
  const first = now.find((draft, index) => matched.get(draft) !== then[index])
  return first === undefined
    ? []
    : [{ noun, how: 'put in another order', title: first.title, slug: first.slug, detail: 'from here on' }]
}
