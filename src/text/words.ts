/** Returns the words of a text as the search index splits it: letters, digits and their marks. */
export const wordsIn = (text: string): string[] => text.normalize('NFC').match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? []

/** Returns a word without case and accents, by which the search index compares words. */
export const foldWord = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
