import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type Document, draftsOf, mapDrafts } from '../model/document.ts'
import { type Field, fieldsOf } from '../model/fields.ts'
import { keyOf } from '../model/keys.ts'
import { mapReferences } from '../model/references.ts'
import { cellsByCategory } from '../model/roadmap.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { type FileKind, fileKindList, nounsListedInTrack } from './file-kinds.ts'
import { isFolder } from './file-names.ts'

/** A value of a YAML file as an author writes it, without fields that have their default. */
export type YamlValue = string | number | boolean | YamlValue[] | YamlFields
export type YamlFields = { [name: string]: YamlValue }

export interface FileValue {
  noun: Noun
  /** The paths of the file under earlier slugs. */
  formerly: string[]
  value: YamlValue
}

/** Returns the values of the files of a track, by path within its folder. */
export const fileValuesOf = (document: Document): Map<string, FileValue> => {
  const { slug } = document.track
  const cells = cellsByCategory(document.skills)
  const written = mapDrafts(document, (noun, draft) =>
    mapReferences(noun, draft, (to, key) => shortenReference(slug, to, key)),
  )
  const slugs = (list: { slug: string }[]) => list.map(one => one.slug)
  const values: Partial<Record<Noun, readonly NamedDraft[]>> = {
    track: [
      {
        ...written.track,
        ...Object.fromEntries(nounsListedInTrack.map(noun => [plurals[noun], slugs(draftsOf(written, noun))])),
      },
    ],
    category: written.categories.map(category => ({
      ...category,
      skills: Object.fromEntries(
        Object.entries(cells(keyOf(slug, category.slug))).map(([tier, skills]) => [tier, slugs(skills)]),
      ),
    })),
  }
  return new Map(fileKindList.flatMap(kind => filesOfKind(kind, values[kind.noun] ?? draftsOf(written, kind.noun))))
}

type NamedDraft = { slug: string; formerly: string[] }

/** Shortens the key of something in the same track to its slug. */
const shortenReference = (track: string, target: Noun | 'any', key: string): string => {
  if (target === 'any' && key === track) return 'track'
  return key.startsWith(`${track}.`) ? key.slice(track.length + 1) : key
}

/** Returns the files of one kind: one per draft, or one list. An empty list needs no file. */
const filesOfKind = (kind: FileKind, drafts: readonly NamedDraft[]): [string, FileValue][] => {
  const { noun } = kind
  const path = (slug: string) => (isFolder(kind) ? `${kind.path}${slug}.yaml` : kind.path)
  if (kind.list === undefined)
    return drafts.map(thing => [
      path(thing.slug),
      { noun, formerly: thing.formerly.map(path), value: fieldValues(kind.entry, { ...thing }) },
    ])
  if (drafts.length === 0 && !kind.required) return []
  const values = drafts.map(thing => fieldValues(kind.entry, { ...thing }))
  const [field] = kind.list
  return [[kind.path, { noun, formerly: [], value: field === undefined ? values : { [field]: values } }]]
}

const fieldValues = (schema: z.ZodObject, values: Record<string, unknown>): YamlFields =>
  Object.fromEntries(
    inFileOrder(fieldsOf(schema)).flatMap(field => {
      const value = values[field.name]
      return isDeepStrictEqual(value, defaultOf(schema, field)) ? [] : [[field.name, fieldValue(field, value)]]
    }),
  )

const defaultOf = (schema: z.ZodObject, { name }: Field): unknown => schema.shape[name].safeParse(undefined).data

const fieldValue = (field: Field, value: unknown): YamlValue => {
  if (field.list && Array.isArray(value)) return value.map(one => fieldValue({ ...field, list: false }, one))
  if (field.type instanceof z.ZodObject) return fieldValues(field.type, { ...(value as object) }) // by the field's schema
  return value as YamlValue // null is the default of every nullable field, so it is not written
}

/** Sorts the fields of a file: earlier slugs and the external id stand after the title. */
const inFileOrder = (fields: Field[]): Field[] => {
  const isIdentity = ({ name }: Field): boolean => ['formerly', 'externalId'].includes(name)
  const others = fields.filter(field => !isIdentity(field))
  const title = others.findIndex(({ name }) => name === 'title')
  return others.toSpliced(title + 1, 0, ...fields.filter(isIdentity))
}
