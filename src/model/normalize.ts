import { schemas } from './curriculum.ts'
import { type Document, mapDrafts } from './document.ts'
import type { Draft } from './draft.ts'
import { fieldsOf } from './fields.ts'
import { keyOf } from './keys.ts'
import type { Noun } from './vocabulary.ts'

/** The canonical form of a document: references sorted, as their order has no meaning, and each related pair on both sides. */
export const normalForm = (document: Document): Document =>
  mapDrafts({ ...document, skills: relatedBothWays(document) }, normalDraft)

/** The written fields of a noun in schema order, with references sorted. */
export const normalDraft = <N extends Noun>(noun: N, draft: Draft<N>): Draft<N> => {
  const values: Record<string, unknown> = { ...draft }
  const fields = fieldsOf(schemas[noun]).filter(field => !field.readonly)
  return Object.fromEntries([
    ['slug', draft.slug],
    ...fields.map(({ name, list, references }) => [
      name,
      list && references !== undefined ? [...(values[name] as string[])].sort() : values[name],
    ]), // a list of references holds keys
  ]) as Draft<N> // the same fields as before
}

const relatedBothWays = ({ track, skills }: Document): Draft<'skill'>[] => {
  const partners = new Map<string, Set<string>>()
  const add = (key: string, partner: string) => partners.set(key, (partners.get(key) ?? new Set()).add(partner))
  for (const { slug, related } of skills)
    for (const other of related) {
      add(keyOf(track.slug, slug), other)
      add(other, keyOf(track.slug, slug))
    }
  return skills.map(skill => ({ ...skill, related: [...(partners.get(keyOf(track.slug, skill.slug)) ?? [])] }))
}
