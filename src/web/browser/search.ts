import MiniSearch, { type Query } from 'minisearch'
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
  const index = new MiniSearch<Searchable>({
    fields: ['title', 'code', 'words'],
    tokenize: wordsOf,
    processTerm: word => word,
    searchOptions: {
      prefix: true,
      fuzzy: word => (word.length > 3 ? 0.2 : false),
      boost: { title: 3, code: 3 },
    },
  })
  index.addAll(items)
  return query => {
    const words = wordsOf(query)
    const typed = words.join(' ')
    const boostDocument = (id: string): number => {
      const texts = titles.get(id) ?? []
      if (texts.includes(typed)) return 8
      return texts.some(text => text.startsWith(typed)) ? 2 : 1
    }
    return index.search({ combineWith: 'AND', queries: withSynonyms(words) }, { boostDocument }).map(({ id }) => id)
  }
}

/** The other words of each group of synonyms, by each word or phrase of it. */
const synonymsByPhrase: ReadonlyMap<string, string[][]> = new Map(
  synonyms.flatMap(group => {
    const phrases = group.map(wordsOf)
    return phrases.map((phrase): [string, string[][]] => [phrase.join(' '), phrases.filter(other => other !== phrase)])
  }),
)

const longestPhrase = Math.max(...[...synonymsByPhrase.keys()].map(phrase => phrase.split(' ').length))

/** Returns a query for each word or phrase, with its synonyms, which are not searched by similarity. */
const withSynonyms = (words: readonly string[]): Query[] => {
  if (words.length === 0) return []
  for (let length = Math.min(longestPhrase, words.length); length > 0; length--) {
    const phrase = words.slice(0, length)
    const others = synonymsByPhrase.get(phrase.join(' '))
    if (others === undefined) continue
    const alternatives = others.map((queries): Query => ({ combineWith: 'AND', queries, fuzzy: false, prefix: false }))
    return [
      { combineWith: 'OR', queries: [{ combineWith: 'AND', queries: phrase }, ...alternatives] },
      ...withSynonyms(words.slice(length)),
    ]
  }
  return [...words.slice(0, 1), ...withSynonyms(words.slice(1))]
}
