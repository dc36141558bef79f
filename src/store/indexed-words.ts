import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Catalog, IndexedWord } from '../catalog.ts'
import { boundLimit, type Session } from './database.ts'
import { integer, sql, sqliteTable, text } from './drizzle.ts'
import { preparedOnce } from './prepared.ts'

/** The words of the search index (sqlite.org/fts5.html#the_fts5vocab_virtual_table_module); a hand-written migration creates it. */
const searchWords = sqliteTable('search_words', {
  term: text().notNull(),
  /** The number of rows that contain the word. */
  doc: integer().notNull(),
})

/** Shorter words are not corrected, and longer ones are hardly words. */
const [minLength, maxLength] = [3, 32]

/** The number of words that one turn of the event loop reads: FTS5 counts the rows of each. */
const wordsPerTurn = 100

/** Creates the read of the words of the search index. They are cached until the revision changes. */
export const createIndexedWords = (session: Session, revision: Catalog['revision']): Catalog['indexedWords'] => {
  let cached: { at: number; words: Promise<readonly IndexedWord[]> } | undefined
  return async () => {
    const at = await revision()
    if (cached?.at !== at) cached = { at, words: readWords(session) }
    return cached.words
  }
}

const readWords = async (session: Session): Promise<readonly IndexedWord[]> => {
  const words: IndexedWord[] = []
  let after: string | undefined = ''
  while (after !== undefined) {
    const rows = await selectWords(session).execute({ after })
    for (const { term, doc } of rows) if (term.length >= minLength && term.length <= maxLength) words.push([term, doc])
    after = rows[wordsPerTurn - 1]?.term
    await nextTurn()
  }
  return words
}

const selectWords = preparedOnce(session =>
  session
    .select({ term: searchWords.term, doc: searchWords.doc })
    .from(searchWords)
    .where(sql`${searchWords.term} > ${sql.placeholder('after')}`)
    .orderBy(searchWords.term)
    .limit(boundLimit(wordsPerTurn))
    .prepare(),
)
