import { createRequire } from 'node:module'

/** Returns a slug for a title, transliterated to Latin letters, of whole words within the limit of the model; empty if no letter or digit can be transliterated. */
export const slugFrom = (title: string, maxCharacters = 50): string => {
  const words = toLatin(title.normalize('NFC'))
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
  return words.reduce((slug, word) => {
    const longer = slug === '' ? word.slice(0, maxCharacters) : `${slug}-${word}`
    return longer.length > maxCharacters ? slug : longer
  }, '')
}

/** Transliterates a text. The tables take 20 MB, so they are loaded for the first text that needs them. */
const toLatin = (text: string): string => (/^[ -~]*$/.test(text) ? text : transliteration().transliterate(text))

const transliteration = (): typeof import('transliteration') => createRequire(import.meta.url)('transliteration')
