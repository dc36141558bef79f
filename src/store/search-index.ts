import { schemas } from '../model/curriculum.ts'
import type { Draft } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import { tiers } from '../model/tiers.ts'
import { nouns } from '../model/vocabulary.ts'
import type { IdentifiedDraft } from './assign-keys.ts'
import { chunks, type Session } from './database.ts'
import { inArray, integer, sql, sqliteTable, text } from './drizzle.ts'
import { createInsert, placeholder } from './prepared.ts'
import { entries } from './tables.ts'

/**
 * The FTS5 table, which a hand-written migration creates: drizzle-kit does not know virtual tables, so it is not in tables.ts.
 * Its row id is the number of the item in `entries`.
 */
export const search = sqliteTable('search', {
  rowid: integer().primaryKey(),
  title: text().notNull(),
  terms: text().notNull(),
  body: text().notNull(),
  noun: text({ enum: nouns }).notNull(),
  key: text().notNull(),
  track: text().notNull(),
  tier: text({ enum: tiers }),
  id: text().notNull(),
})

/** Writes the search rows of these drafts. Those of stored items are replaced. */
export const indexForSearch = async (
  session: Session,
  items: readonly IdentifiedDraft[],
  stored: ReadonlyMap<string, unknown>,
  track: string,
): Promise<void> => {
  const ids = items.flatMap(({ id }) => (stored.has(id) ? [id] : []))
  for (const chunk of chunks(ids, 1000)) await removeFromSearch(session, chunk)
  await insertRows(
    session,
    items.map(item => ({ id: item.id, track, key: item.key, noun: item.noun, ...searchColumns(item) })),
  )
}

const insertRows = createInsert(search, {
  expressions: { rowid: sql`(select ${entries.number} from ${entries} where ${entries.id} = ${placeholder('id')})` },
})

/** Deletes the search rows of these ids. */
export const removeFromSearch = async (session: Session, ids: readonly string[]): Promise<void> => {
  const numbers = session
    .select({ number: entries.number })
    .from(entries)
    .where(inArray(entries.id, [...ids]))
  await session.delete(search).where(inArray(search.rowid, numbers))
}

/** The columns by weight: a match in the title counts most, then in the terms, then in the body. */
const searchColumns = ({ noun, draft }: IdentifiedDraft) => ({
  title: oneLine(draft.title),
  terms: oneLine([...texts(draft, termFields), ...alignmentTerms(draft)].join(' · ')),
  body: oneLine(texts(draft, bodyFields(noun)).join(' ')),
  tier: 'tier' in draft ? draft.tier : null,
})

const termFields = ['code', 'examples', 'stack', 'url']

/** Fields that have a column of their own, or that hold no words a person would search for. */
const notInBody = new Set([
  'title',
  ...termFields,
  'alignments',
  'formerly',
  'externalId',
  'tier',
  'kind',
  'duration',
  'outline',
  'language',
])

const bodyFields = (noun: IdentifiedDraft['noun']): string[] =>
  fieldsOf(schemas[noun])
    .filter(field => !field.readonly && field.references === undefined && !notInBody.has(field.name))
    .map(field => field.name)

/** Returns the names of the targets of a skill, without their URLs. */
const alignmentTerms = (draft: Draft): string[] =>
  'alignments' in draft
    ? draft.alignments.flatMap(({ framework, code, title }) => textsIn([framework, code, title]))
    : []

/** Fields that a learner should not find before trying: a snippet would show the solution. */
const spoilers = new Set(['hints', 'solution', 'answer', 'feedback', 'explanation', 'files'])

/** Returns every text in these fields, at any depth. */
const texts = (draft: Draft, names: string[]): string[] => {
  const values: Record<string, unknown> = { ...draft }
  return names.flatMap(name => textsIn({ [name]: values[name] }))
}

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => (spoilers.has(name) ? [] : textsIn(one)))
}

/** Replaces line breaks, so that a snippet is one line. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
