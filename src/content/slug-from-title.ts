import { createRequire } from 'node:module'

/** Returns a title as a slug, in Latin letters whatever its script; empty where it holds no letter or digit that can be one. */
export const slugFrom = (title: string): string => {
  const words = latin(title.normalize('NFC'))
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
  return words.reduce((slug, word) => {
    const longer = slug === '' ? word.slice(0, mostCharacters) : `${slug}-${word}`
    return longer.length > mostCharacters ? slug : longer
  }, '')
}

/** As many as a slug has. */
const mostCharacters = 50

/** The tables of all scripts take 20 MB, so they are loaded for the first text that needs them. */
const latin = (text: string): string => (/^[ -~]*$/.test(text) ? text : transliteration().transliterate(text))

const transliteration = (): typeof import('transliteration') => createRequire(import.meta.url)('transliteration')
