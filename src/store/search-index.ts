import { schemas } from '../model/curriculum.ts'
import type { Draft } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import type { Placed } from './assign-keys.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { inArray, sql } from './drizzle.ts'
import { search } from './search-table.ts'
import { entries } from './tables.ts'

/** Puts the words of these nouns where a search finds them. */
export const indexForSearch = async (session: Session, items: Placed[], track: string): Promise<void> => {
  for (const chunk of chunks(items, 200)) {
    const ids = chunk.map(({ id }) => id)
    const numbers = session.select({ number: entries.number }).from(entries).where(inArray(entries.id, ids))
    await session.delete(search).where(inArray(search.rowid, numbers))
    await session.insert(search).values(
      chunk.map(item => ({
        rowid: sql<number>`(select ${entries.number} from ${entries} where ${entries.id} = ${item.id})`,
        id: item.id,
        track,
        key: item.key,
        noun: item.noun,
        ...wordsOf(item),
      })),
    )
  }
}

/** What is in a title counts most, then terms, then running text. */
const wordsOf = ({ noun, draft }: Placed) => ({
  title: oneLine(draft.title),
  terms: oneLine(texts(draft, ['code', 'examples', 'stack', 'url']).join(' · ')),
  body: oneLine(texts(draft, bodyOf(noun)).join(' ')),
  tier: 'tier' in draft ? draft.tier : null,
})

const notSearched = new Set([
  'title',
  'formerly',
  'code',
  'examples',
  'stack',
  'url',
  'tier',
  'kind',
  'outline',
  'language',
])
const bodyOf = (noun: Placed['noun']): string[] =>
  fieldsOf(schemas[noun])
    .filter(field => !field.readonly && field.references === undefined && !notSearched.has(field.name))
    .map(field => field.name)

/** Every text in these fields, however deep. */
const texts = (draft: Draft, names: string[]): string[] => {
  const values: Record<string, unknown> = { ...draft }
  return names.flatMap(name => textsIn(values[name]))
}

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** Line breaks say nothing in a snippet. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
