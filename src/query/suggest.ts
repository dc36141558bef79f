import { distance } from 'fastest-levenshtein'

/** Returns the end of a sentence about an unknown word: a suggestion, or `otherwise` if there is none. */
export const didYouMean = (suggestion: string | undefined, otherwise = ''): string =>
  suggestion === undefined ? otherwise : `. Did you mean "${suggestion}"?`

/** Returns the word that was probably meant; undefined if none is near enough to suggest. */
export const nearest = (word: string, words: Iterable<string>): string | undefined => {
  const given = word.slice(0, maxLength).toLowerCase()
  const candidates = [...words]
  return (
    nearestSpelling(given, candidates) ??
    nearestPrefix(given, candidates) ??
    candidates.find(candidate => candidate.endsWith(`.${given}`))
  )
}

/** Longer than any key. A client may send a longer text, and to compare it would take long. */
const maxLength = 100

/** Finds typing mistakes, plurals and other cases: at most three letters and 40 % of the word differ. */
const nearestSpelling = (given: string, known: string[]): string | undefined => {
  let best: { candidate: string; distanceTo: number } | undefined
  for (const candidate of known) {
    const maxDistance = Math.min(3, Math.max(1, Math.floor(Math.max(given.length, candidate.length) * 0.4)))
    const away = editDistance(given, candidate.toLowerCase())
    if (away <= maxDistance && away < (best?.distanceTo ?? Number.POSITIVE_INFINITY))
      best = { candidate, distanceTo: away }
  }
  return best?.candidate
}

/** Counts swapped letters as one mistake, though correcting them takes two edits. */
const editDistance = (given: string, candidate: string): number =>
  given !== candidate && given.length === candidate.length && lettersOf(given) === lettersOf(candidate)
    ? 1
    : distance(given, candidate)

const lettersOf = (word: string): string => [...word].sort().join('')

/** Finds the shortest word that begins with the given one, or the given with it; from three letters on. */
const nearestPrefix = (given: string, known: string[]): string | undefined =>
  known
    .filter(candidate => Math.min(given.length, candidate.length) > 2)
    .filter(candidate => candidate.startsWith(given) || given.startsWith(candidate))
    .sort((a, b) => a.length - b.length)[0]
