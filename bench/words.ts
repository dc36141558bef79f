/** Numbers between 0 and 1 that are the same on every machine (mulberry32). */
export type Random = () => number

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Words in nearly every text: a search for one matches most of the database. */
export const common = 'learn write read test build data code a the of and with for from into'.split(' ')

const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ')

/** Returns one of 8,000 words of three syllables, each rather rare. */
const wordAt = (index: number): string =>
  [index, index / 20, index / 400].map(part => syllables[Math.floor(part) % 20]).join('')

/** Words of consonants, which no stemmer cuts, and of one length, so that none is the prefix of another. */
const letters = 'bcdfghjklmnpqrtvwxz'
export const rareWord = (track: number): string =>
  `q${[0, 1, 2, 3, 4].map(place => letters[Math.floor(track / letters.length ** place) % letters.length]).join('')}`

/** Returns a sentence: every third word is a common one, and of the others some are more frequent, as in any language. */
export const sentence = (random: Random, words: number): string => {
  const chosen = Array.from({ length: words }, () =>
    random() < 1 / 3
      ? (common[Math.floor(random() * common.length)] as string)
      : wordAt(Math.floor(random() ** 2 * 8_000)),
  )
  const text = chosen.join(' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** Returns a title of two to four words. */
export const randomTitle = (random: Random): string => sentence(random, 2 + Math.floor(random() * 3)).slice(0, -1)
