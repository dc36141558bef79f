import MiniSearch from 'minisearch'
import { required } from '../../model/graph.ts'
import { synonyms } from '../../query/synonyms.ts'

/** An item that can be found by its title, code and other words. */
export interface Searchable {
  id: string
  title: string
  code: string
  words: string
}

/** Removes case and accents for searching. */
const normalizeText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

const wordsOf = (text: string): string[] => normalizeText(text).match(/[^\s\p{P}]+/gu) ?? []

/** Creates a search that forgives typing mistakes and knows synonyms. It returns the ids of items with every word, best first. */
export const createSearch = (items: readonly Searchable[]): ((query: string) => string[]) => {
  const titles = new Map(items.map(({ id, title, code }) => [id, [title, code].map(text => wordsOf(text).join(' '))]))
  const index = new MiniSearch({
    fields: ['title', 'code', 'synonyms', 'words'],
    tokenize: wordsOf,
    processTerm: word => word,
    searchOptions: {
      combineWith: 'AND',
      prefix: true,
      fuzzy: word => (word.length > 3 ? 0.2 : false),
      boost: { title: 4, code: 4, synonyms: 2 },
    },
  })
  index.addAll(
    items.map(({ id, title, code, words }) => ({
      id,
      title,
      code,
      synonyms: synonymsIn(wordsOf(title)).join(' '),
      words: [words, ...synonymsIn(wordsOf(words))].join(' '),
    })),
  )
  return query => {
    const typed = wordsOf(query).join(' ')
    const boostDocument = (id: string): number => {
      const texts = required(titles, id)
      if (texts.includes(typed)) return 8
      return texts.some(text => text.startsWith(typed)) ? 2 : 1
    }
    return index.search(query, { boostDocument }).map(({ id }) => id)
  }
}

const groupsByPhrase: ReadonlyMap<string, readonly string[]> = new Map(
  synonyms.flatMap(group => group.map((phrase): [string, readonly string[]] => [wordsOf(phrase).join(' '), group])),
)

const longestPhrase = Math.max(...[...groupsByPhrase.keys()].map(phrase => phrase.split(' ').length))

/** Returns the synonyms of all words and phrases in a text, so that a search forgives mistakes in them too. */
const synonymsIn = (words: readonly string[]): string[] =>
  words.flatMap((_, start) =>
    Array.from({ length: longestPhrase }, (_, more) => words.slice(start, start + more + 1).join(' ')).flatMap(
      phrase => groupsByPhrase.get(phrase) ?? [],
    ),
  )
