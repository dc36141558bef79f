import { nouns } from '../../src/model/vocabulary.ts'
import { asc, type SQLiteColumn, sql } from '../../src/store/drizzle.ts'
import { tables } from '../../src/store/tables.ts'
import type { Textbook } from './database.ts'

/** Searches without a full-text index: compares every text of every noun. */
export const searchLike = (db: Textbook, q: string) => {
  const hits = nouns.flatMap(noun => {
    const table: Searched = tables[noun]
    const texts = [table.title, table.summary, table.notes].filter(column => column !== undefined)
    return db
      .select({ id: tables[noun].id, key: tables[noun].key, title: tables[noun].title, track: tables[noun].track })
      .from(tables[noun])
      .where(
        sql.join(
          texts.map(column => sql`${column} like ${`%${q}%`}`),
          sql` or `,
        ),
      )
      .orderBy(asc(tables[noun].title))
      .limit(50)
      .all()
      .map(hit => ({ noun, ...hit, tier: null, score: 1, snippet: hit.title.padEnd(150, '.') }))
  })
  return { data: hits.slice(0, 50), page: { size: Math.min(50, hits.length), total: hits.length, next: null } }
}

/** The text columns of a noun. */
type Searched = { title: SQLiteColumn; summary?: SQLiteColumn; notes?: SQLiteColumn }
