import { distance } from 'fastest-levenshtein'

/** The word that was probably meant; undefined where none is near enough to be worth saying. */
export const nearest = (word: string, words: Iterable<string>): string | undefined => {
  const given = word.toLowerCase()
  const candidates = [...words]
  return (
    nearestSpelling(given, candidates) ??
    nearestPrefix(given, candidates) ??
    candidates.find(candidate => candidate.endsWith(`.${given}`))
  )
}

/** A typing mistake, a plural, another case: at most three letters differ, and four in ten. */
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

/** Letters that changed places are one slip, though it takes two edits to mend. */
const editDistance = (given: string, candidate: string): number =>
  given !== candidate && given.length === candidate.length && lettersOf(given) === lettersOf(candidate)
    ? 1
    : distance(given, candidate)

const lettersOf = (word: string): string => [...word].sort().join('')

/** A word cut short or drawn out: the shortest of those that go on from it, or it from them. Two letters begin too many words. */
const nearestPrefix = (given: string, known: string[]): string | undefined =>
  known
    .filter(candidate => Math.min(given.length, candidate.length) > 2)
    .filter(candidate => candidate.startsWith(given) || given.startsWith(candidate))
    .sort((a, b) => a.length - b.length)[0]
