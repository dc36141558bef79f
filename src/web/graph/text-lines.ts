/**
 * Breaks a text into lines of at most this width, between words; a text of more lines than `maxLines` ends with an ellipsis. The
 * reader's font is unknown, so the widths are those of a wide one.
 */
export const wrapText = (text: string, width: number, size: number, maxLines = Number.POSITIVE_INFINITY): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap(one => splitWord(one, width, size))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  lines.push(line)
  return lines.length <= maxLines
    ? lines
    : [...lines.slice(0, maxLines - 1), shorten(String(lines[maxLines - 1]), width, size)]
}

/** Ends a line with an ellipsis within the width. */
const shorten = (line: string, width: number, size: number): string => {
  const letters = lettersOf(line)
  while (textWidth(`${letters.join('')}…`, size) > width) letters.pop()
  return `${letters.join('').trimEnd()}…`
}

export const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, letter) => sum + letterWidth(letter), 0) * size

/** In units of the font size. */
const letterWidth = (letter: string): number => {
  if (/[ijl.,:;'|!()[\]/ ]/.test(letter)) return 0.36
  if (/[mwMW@%]/.test(letter)) return 0.92
  if (/[\u1100-\u{1ffff}]/u.test(letter)) return 1.02
  return /[A-Z]/.test(letter) ? 0.7 : 0.59
}

/** Splits a word that is wider than a line: with hyphens where the script has them, without in languages without spaces. */
const splitWord = (word: string, width: number, size: number): string[] => {
  if (textWidth(word, size) <= width) return [word]
  const cut: string[] = []
  let piece = ''
  for (const letter of lettersOf(word)) {
    const hyphen = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]$/u.test(piece) ? '-' : ''
    if (textWidth(piece + letter + hyphen, size) > width) {
      cut.push(piece + hyphen)
      piece = letter
    } else piece += letter
  }
  return [...cut, piece]
}

const segmenter = new Intl.Segmenter()

/** Returns the letters as readers see them: accents and joined emoji stay whole. */
const lettersOf = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment)

/** Returns the direction of the first letter that has one. */
export const directionOfText = (text: string): 'ltr' | 'rtl' =>
  /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text)
    ? 'rtl'
    : 'ltr'
