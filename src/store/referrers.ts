import { Failure } from '../errors.ts'
import { type Item, schemas } from '../model/curriculum.ts'
import { allDrafts, type Document } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import { keyOf, qualifiedKeyOf, trackOf } from '../model/keys.ts'
import { visitReferences } from '../model/references.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { chunks, type Session } from './database.ts'
import { eq, getTableColumns, inArray, ne, type SQL, type SQLiteColumn, type SQLiteTable, sql } from './drizzle.ts'
import { writtenLinks } from './links.ts'
import { entries, outlineLines, tables } from './tables.ts'

/** A reference between two items, by their keys. */
interface StoredReference {
  noun: Noun
  from: string
  to: string
}

/** Finds the references to any of these targets. */
export const referrersOf = async (
  session: Session,
  targets: readonly { noun: Noun; key: string }[],
): Promise<StoredReference[]> => {
  const found: StoredReference[] = []
  for (const { noun, target, from, to } of references) {
    const keys = targets.filter(one => one.noun === target).map(({ key }) => key)
    for (const chunk of chunks(keys, 1000)) {
      const rows = await session.select({ from, to }).from(from.table).where(inArray(to, chunk)).orderBy(from, to)
      found.push(...rows.map(row => ({ noun, from: String(row.from), to: String(row.to) })))
    }
  }
  return found
}

/** Returns true if anything refers to an item, or lists a link that only this item wrote. */
export const isReferredTo = async (session: Session, noun: Noun, key: string): Promise<boolean> => {
  if ((await referrersOf(session, [{ noun, key }])).length > 0) return true
  const conditions: [table: SQLiteTable, condition: SQL][] = [
    [outlineLines, eq(outlineLines.of, qualifiedKeyOf(noun, key))],
    ...writtenLinks
      .filter(link => link.symmetric && link.noun === noun)
      .map(({ table }): [SQLiteTable, SQL] => [table, eq(table.from, key)]),
  ]
  const stepField = stepFields[noun]
  if (stepField !== undefined) {
    const { steps, track } = tables.plan
    const step = sql`select 1 from json_each(${steps}) step, json_each(step.value, ${`$.${stepField}`}) one where one.value = ${key}`
    conditions.push([tables.plan, sql`${track} = ${trackOf(key)} and exists (${step})`])
  }
  for (const [table, condition] of conditions)
    if ((await session.select({ found: sql`1` }).from(table).where(condition).limit(1)).length > 0) return true
  return false
}

/** The fields of a plan's steps that hold keys. Plans refer to their own track alone. */
const stepFields: { readonly [N in Noun]?: keyof Item<'plan'>['steps'][number] } = {
  plan: 'plan',
  skill: 'skills',
  project: 'projects',
}

/** Finds the references from items of other tracks to any of these targets. */
export const referrersFromOutside = async (
  session: Session,
  track: string,
  targets: readonly { noun: Noun; key: string }[],
): Promise<StoredReference[]> => (await referrersOf(session, targets)).filter(({ from }) => trackOf(from) !== track)

/** The columns of every stored reference from one noun to another: those of link tables and outlines, and columns that hold a key. */
const references: { noun: Noun; target: Noun; from: SQLiteColumn; to: SQLiteColumn }[] = [
  { noun: 'source', target: 'category', from: outlineLines.source, to: outlineLines.category },
  ...writtenLinks.map(({ noun, target, table }) => ({ noun, target, from: table.from, to: table.to })),
  ...nouns.flatMap(noun =>
    fieldsOf(schemas[noun]).flatMap(({ name, list, readonly, references: target }) => {
      if (list || readonly || target === undefined || target === 'any') return []
      const columns: Record<string, SQLiteColumn> = getTableColumns(tables[noun])
      return [{ noun, target, from: tables[noun].key, to: columns[name] as SQLiteColumn }] // tables.ts checks that every field has a column
    }),
  ),
]

/** Returns the tracks that refer to each other, in pairs. Only lists of keys, which have link tables, may lead to another track. */
export const linkedTracks = async (session: Session): Promise<[string, string][]> => {
  const pairs: [string, string][] = []
  for (const { table } of writtenLinks) {
    const [from, to] = [trackPart(table.from), trackPart(table.to)]
    const rows = await session.selectDistinct({ from, to }).from(table).where(ne(from, to)).orderBy(from, to)
    pairs.push(...rows.map((row): [string, string] => [row.from, row.to]))
  }
  return pairs
}

/** The part of a key that `trackOf` returns. */
const trackPart = (key: SQLiteColumn): SQL<string> => sql<string>`substr(${key}, 1, instr(${key}, '.') - 1)`

/** Rejects with 422 if a document refers to something in another track that does not exist. */
export const rejectDanglingReferences = async (session: Session, document: Document): Promise<void> => {
  const track = document.track.slug
  const referrerByTarget = new Map<string, string>()
  for (const { noun, draft } of allDrafts(document))
    visitReferences(noun, draft, (target, key) => {
      if (target !== 'any' && trackOf(key) !== track)
        referrerByTarget.set(qualifiedKeyOf(target, key), qualifiedKeyOf(noun, keyOf(track, draft.slug)))
    })
  for (const chunk of chunks([...referrerByTarget.keys()], 1000)) {
    const found = await session
      .select({ name: entries.name })
      .from(entries)
      .where(inArray(entries.name, chunk))
      .orderBy(entries.name)
    const existing = new Set(found.map(({ name }) => name))
    const missing = chunk.find(name => !existing.has(name))
    if (missing !== undefined)
      throw new Failure(
        'UNPROCESSABLE',
        `"${referrerByTarget.get(missing)}" refers to "${missing}", which does not exist.`,
      )
  }
}
