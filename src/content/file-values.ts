import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type Document, draftsOf, mapDrafts } from '../model/document.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { keyOf } from '../model/keys.ts'
import { mapReferences } from '../model/references.ts'
import { cellsByCategory } from '../model/roadmap.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { type Kind, kindList, listedInTrack } from './file-kinds.ts'
import { isFolder } from './file-names.ts'

/** What YAML says, as an author writes it: a field that has its default is not there. */
export type Value = string | number | boolean | Value[] | Fields
export type Fields = { [name: string]: Value }

export interface FileValue {
  noun: Noun
  /** Where it would be under the slugs that it had. */
  formerly: string[]
  value: Value
}

/** What the files of a track say, by their paths within its folder. References of the document are keys. */
export const filesOf = (document: Document): Map<string, FileValue> => {
  const { slug } = document.track
  const cells = cellsByCategory(document.skills)
  const written = mapDrafts(document, (noun, draft) =>
    mapReferences(noun, draft, (to, key) => shortened(slug, to, key)),
  )
  const slugs = (list: { slug: string }[]) => list.map(one => one.slug)
  const values: Partial<Record<Noun, readonly Thing[]>> = {
    track: [
      {
        ...written.track,
        ...Object.fromEntries(listedInTrack.map(noun => [plurals[noun], slugs(draftsOf(written, noun))])),
      },
    ],
    category: written.categories.map(category => ({
      ...category,
      skills: Object.fromEntries(
        Object.entries(cells(keyOf(slug, category.slug))).map(([tier, skills]) => [tier, slugs(skills)]),
      ),
    })),
  }
  return new Map(kindList.flatMap(kind => filesWith(kind, values[kind.noun] ?? draftsOf(written, kind.noun))))
}

type Thing = { slug: string; formerly: string[] }

/** Within a track a slug will do. */
const shortened = (track: string, target: Noun | 'any', key: string): string => {
  if (target === 'any' && key === track) return 'track'
  return key.startsWith(`${track}.`) ? key.slice(track.length + 1) : key
}

/** The files of one kind: one for each thing, or one for all of them; a list of nothing needs no file. */
const filesWith = (kind: Kind, things: readonly Thing[]): [string, FileValue][] => {
  const { noun } = kind
  const path = (slug: string) => (isFolder(kind) ? `${kind.path}${slug}.yaml` : kind.path)
  if (kind.list === undefined)
    return things.map(thing => [
      path(thing.slug),
      { noun, formerly: thing.formerly.map(path), value: saidBy(kind.entry, { ...thing }) },
    ])
  if (things.length === 0 && !kind.required) return []
  const values = things.map(thing => saidBy(kind.entry, { ...thing }))
  const [field] = kind.list
  return [[kind.path, { noun, formerly: [], value: field === undefined ? values : { [field]: values } }]]
}

const saidBy = (schema: z.ZodObject, values: Record<string, unknown>): Fields =>
  Object.fromEntries(
    inFileOrder(fieldsOf(schema)).flatMap(field => {
      const value = values[field.name]
      return isDeepStrictEqual(value, defaultOf(schema, field)) ? [] : [[field.name, valueIn(field, value)]]
    }),
  )

const defaultOf = (schema: z.ZodObject, { name }: Field): unknown => schema.shape[name].safeParse(undefined).data

const valueIn = (field: Field, value: unknown): Value => {
  if (field.list && Array.isArray(value)) return value.map(one => valueIn({ ...field, list: false }, one))
  if (field.type instanceof z.ZodObject) return saidBy(field.type, { ...(value as object) }) // by the field's schema
  return value as Value // null is the default of whatever may be null
}

/** A title says more than the slugs before it: those follow. */
const inFileOrder = (fields: Field[]): Field[] => {
  const formerly = fields.filter(({ name }) => name === 'formerly')
  const others = fields.filter(({ name }) => name !== 'formerly')
  const title = others.findIndex(({ name }) => name === 'title')
  return others.toSpliced(title + 1, 0, ...formerly)
}
