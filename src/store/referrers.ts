import { Failure } from '../errors.ts'
import { schemas } from '../model/curriculum.ts'
import { allDrafts, type Document } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import { keyOf, qualifiedKeyOf, trackOf } from '../model/keys.ts'
import { mapReferences } from '../model/references.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { getTableColumns, inArray, type SQLiteColumn } from './drizzle.ts'
import { writtenLinks } from './links.ts'
import { entries, tables } from './tables.ts'

export interface Named {
  noun: Noun
  key: string
}

/** Which nouns of other tracks refer to any of these, and to which. */
export const referrersFromOutside = async (
  session: Session,
  track: string,
  targets: readonly Named[],
): Promise<{ noun: Noun; from: string; to: string }[]> => {
  const found: { noun: Noun; from: string; to: string }[] = []
  for (const { noun, target, from, to } of references) {
    const keys = targets.filter(one => one.noun === target).map(({ key }) => key)
    for (const chunk of chunks(keys, 1000)) {
      const rows = await session.select({ from, to }).from(from.table).where(inArray(to, chunk)).orderBy(from, to)
      found.push(...rows.map(row => ({ noun, from: String(row.from), to: String(row.to) })))
    }
  }
  return found.filter(({ from }) => trackOf(from) !== track)
}

/** Every stored reference from one noun to another: the rows of links, and columns that hold a key. */
const references: { noun: Noun; target: Noun; from: SQLiteColumn; to: SQLiteColumn }[] = [
  ...writtenLinks.map(({ noun, target, table }) => ({ noun, target, from: table.from, to: table.to })),
  ...nouns.flatMap(noun =>
    fieldsOf(schemas[noun]).flatMap(({ name, list, readonly, references: target }) => {
      if (list || readonly || target === undefined || target === 'any') return []
      const columns: Record<string, SQLiteColumn> = getTableColumns(tables[noun])
      return [{ noun, target, from: tables[noun].key, to: columns[name] as SQLiteColumn }] // rows.ts: every field has a column
    }),
  ),
]

/** What a document refers to in other tracks has to be there. */
export const refuseDangling = async (session: Session, document: Document): Promise<void> => {
  const track = document.track.slug
  const wanted = new Map<string, string>()
  for (const { noun, draft } of allDrafts(document))
    mapReferences(noun, draft, (target, key) => {
      if (target !== 'any' && trackOf(key) !== track)
        wanted.set(qualifiedKeyOf(target, key), qualifiedKeyOf(noun, keyOf(track, draft.slug)))
      return key
    })
  for (const chunk of chunks([...wanted.keys()], 1000)) {
    const found = await session
      .select({ name: entries.name })
      .from(entries)
      .where(inArray(entries.name, chunk))
      .orderBy(entries.name)
    const known = new Set(found.map(({ name }) => name))
    const missing = chunk.find(name => !known.has(name))
    if (missing !== undefined)
      throw new Failure('UNPROCESSABLE', `"${wanted.get(missing)}" refers to "${missing}", which is not there.`)
  }
}
