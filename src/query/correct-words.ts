import { setImmediate as nextTurn } from 'node:timers/promises'
import { distance } from 'fastest-levenshtein'
import type { IndexedWord } from '../catalog.ts'
import { foldWord } from '../text/words.ts'

/** The maximum number of unknown words of a query that is corrected: each is compared with the whole index. */
const maxUnknown = 4

/** The number of words that one turn of the event loop compares. */
const wordsPerTurn = 20_000

/**
 * Replaces each word that the search index does not have by the word in it that was probably meant. The last word may also be the
 * beginning of a word. Returns undefined if a word cannot be corrected, or none has to be.
 */
export const correctWords = async (
  words: readonly string[],
  indexed: readonly IndexedWord[],
): Promise<string[] | undefined> => {
  const corrected = [...words]
  const unknown = [...words.entries()].filter(
    ([index, word]) => !isIndexed(foldWord(word), indexed, index === words.length - 1 && word.length >= 3),
  )
  if (unknown.length === 0 || unknown.length > maxUnknown) return undefined
  for (const [index, word] of unknown) {
    const meant = await nearestWord(foldWord(word), indexed)
    if (meant === undefined) return undefined
    corrected[index] = meant
  }
  return corrected
}

const isIndexed = (word: string, indexed: readonly IndexedWord[], asPrefix: boolean): boolean => {
  const found = indexed[firstAtOrAfter(word, indexed)]?.[0]
  return found === word || (asPrefix && found?.startsWith(word) === true)
}

/** Returns the index of the first word that is not before a word; the index is ordered by code points, as SQLite orders text. */
const firstAtOrAfter = (word: string, indexed: readonly IndexedWord[]): number => {
  let [low, high] = [0, indexed.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const [candidate] = indexed[middle] as IndexedWord // between the first and the last
    if (Buffer.compare(Buffer.from(candidate), Buffer.from(word)) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the word with the fewest mistakes; of several, the one that most items contain. */
const nearestWord = async (word: string, indexed: readonly IndexedWord[]): Promise<string | undefined> => {
  let best = { word: '', mistakes: allowedMistakes(word), items: 0 }
  if (best.mistakes === 0) return undefined
  const letters = lettersIn(word)
  for (const [index, [candidate, items]] of indexed.entries()) {
    if (index % wordsPerTurn === wordsPerTurn - 1) await nextTurn()
    if (Math.abs(candidate.length - word.length) > best.mistakes || !beginsLike(candidate, word)) continue
    if (countBits(letters ^ lettersIn(candidate)) > 2 * best.mistakes) continue
    const mistakes = countMistakes(word, candidate)
    if (mistakes < best.mistakes || (mistakes === best.mistakes && items > best.items))
      best = { word: candidate, mistakes, items }
  }
  return best.word === '' ? undefined : best.word
}

/** Returns true if at most one mistake is in the first two letters, which leaves few words to compare. */
const beginsLike = (word: string, other: string): boolean =>
  word[0] === other[0] || word[1] === other[1] || word[0] === other[1] || word[1] === other[0]

/** Short words have many neighbours, so fewer mistakes are allowed in them; the numbers are those of Elasticsearch's `fuzziness: AUTO`. */
const allowedMistakes = ({ length }: string): number => {
  if (length < 3 || length > 32) return 0
  return length < 6 ? 1 : 2
}

/** Counts edits of one letter; two swapped letters are one mistake. */
const countMistakes = (word: string, candidate: string): number =>
  isSwap(word, candidate) ? 1 : distance(word, candidate)

const isSwap = (word: string, other: string): boolean => {
  if (word.length !== other.length) return false
  let at = 0
  while (at < word.length && word[at] === other[at]) at++
  return word[at] === other[at + 1] && word[at + 1] === other[at] && word.slice(at + 2) === other.slice(at + 2)
}

/** Returns a bit for each letter of a word. One mistake changes two bits at most, which is faster to compare than the words. */
const lettersIn = (word: string): number => {
  let bits = 0
  for (let index = 0; index < word.length; index++) bits |= 1 << (word.charCodeAt(index) & 31)
  return bits
}

const countBits = (bits: number): number => {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count++
  return count
}
