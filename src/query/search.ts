import type { Catalog, SearchQuery, SearchResults, SearchTerm } from '../catalog.ts'
import { required } from '../model/graph.ts'
import { wordsIn } from '../text/words.ts'
import { correctWords } from './correct-words.ts'
import { synonyms } from './synonyms.ts'

/** The maximum number of words of a query; more are ignored. */
const maxWords = 16

/** The maximum number of terms of a query that get synonyms, because each may have a dozen. */
const maxExpanded = 3

/** The results of a search. `corrected` is the query that they match, if the words of the client matched nothing. */
export interface ForgivingResults extends SearchResults {
  corrected: string | undefined
}

/**
 * Searches the words of a query and their synonyms; items with the words as they were typed come first. If nothing matches, words
 * that are in no text are corrected.
 */
export const search = async (catalog: Catalog, query: Omit<SearchQuery, 'terms'>): Promise<ForgivingResults> => {
  const words = wordsIn(query.q).slice(0, maxWords)
  const found = await catalog.search({ ...query, terms: toSearchTerms(words) })
  const corrected =
    found.total > 0 || words.length === 0 ? undefined : await correctWords(words, await catalog.indexedWords())
  if (corrected === undefined) return { ...found, corrected: undefined }
  const meant = await catalog.search({ ...query, terms: toSearchTerms(corrected) })
  return meant.total === 0 ? { ...found, corrected: undefined } : { ...meant, corrected: corrected.join(' ') }
}

/** Groups words to terms: words that are a phrase with synonyms are one term. */
export const toSearchTerms = (words: readonly string[]): SearchTerm[] => {
  const terms: SearchTerm[] = []
  let expanded = 0
  for (let index = 0; index < words.length; ) {
    const length = expanded < maxExpanded ? longestPhraseAt(words, index) : 0
    const group = words.slice(index, index + Math.max(length, 1))
    if (length > 0) expanded++
    terms.push(length === 0 ? { words: group } : { words: group, synonyms: synonymsOf(group) })
    index += group.length
  }
  return terms
}

const longestPhraseAt = (words: readonly string[], index: number): number => {
  for (let length = Math.min(maxPhraseLength, words.length - index); length > 0; length--)
    if (groups.has(toPhrase(words.slice(index, index + length)))) return length
  return 0
}

const synonymsOf = (words: readonly string[]): string[] => {
  const phrase = toPhrase(words)
  return required(groups, phrase).filter(one => one !== phrase)
}

const toPhrase = (words: readonly string[]): string => words.join(' ').toLowerCase()

/** The words of each phrase of a group. */
const phrases = synonyms.map(group => group.map(phrase => toPhrase(wordsIn(phrase))))

const groups = new Map(phrases.flatMap(group => group.map(phrase => [phrase, group] as const)))

const maxPhraseLength = Math.max(...phrases.flat().map(phrase => phrase.split(' ').length))
