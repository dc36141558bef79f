/**
 * What FTS5 is to look for: whole words, all of them, and the last as a prefix from three letters on. Each is quoted, so that
 * nothing a person types is taken for an operator.
 */
export const wordsOf = (q: string): string[] => {
  const words = q.normalize('NFC').match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? []
  return words
    .slice(0, 16)
    .map((word, index) => (index === words.length - 1 && [...word].length >= 3 ? `"${word}"*` : `"${word}"`))
}

/** How many of the words stand somewhere in a title. */
export const countIn = (title: string, words: readonly string[]): number => {
  const lower = title.replace(/[A-Z]+/g, letters => letters.toLowerCase())
  return words.filter(word => lower.includes(word.replace(/["*]/g, '').toLowerCase())).length
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A snippet as HTML, with marks where FTS5 was told to put these two characters. */
export const marked = (snippet: string): string =>
  snippet
    .replace(/[&<>"']/g, character => escapes[character] as string) // every character of the class is a key
    .replaceAll('\u0002', '<mark>')
    .replaceAll('\u0003', '</mark>')
