/**
 * A text in lines of at most this width, broken between words. Nobody knows which font a reader's machine has, so the
 * widths are those of a rather wide one.
 */
export const wrapped = (text: string, width: number, size: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap(one => pieces(one, width, size))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer, size) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

export const widthOf = (text: string, size: number): number =>
  [...text].reduce((sum, letter) => sum + letterWidth(letter), 0) * size

/** In parts of the size of the letters. */
const letterWidth = (letter: string): number => {
  if (/[ijl.,:;'|!()[\]/ ]/.test(letter)) return 0.36
  if (/[mwMW@%]/.test(letter)) return 0.92
  if (/[\u1100-\u{1ffff}]/u.test(letter)) return 1.02
  return /[A-Z]/.test(letter) ? 0.7 : 0.59
}

/** A word wider than a line, as a language without spaces has them, is cut. */
const pieces = (word: string, width: number, size: number): string[] => {
  if (widthOf(word, size) <= width) return [word]
  const cut: string[] = []
  let piece = ''
  for (const letter of word) {
    if (widthOf(piece + letter, size) > width) {
      cut.push(piece)
      piece = letter
    } else piece += letter
  }
  return [...cut, piece]
}
