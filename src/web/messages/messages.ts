import { de } from './de.ts'
import { en, type Messages } from './en.ts'

export type { Messages } from './en.ts'
export { format, formatPlural } from './format.ts'

const languages: Record<string, Messages> = { en, de }

/** Returns the words of the pages for content in a language (BCP 47); English if they are not translated into it. */
export const messagesFor = (language: string): Messages => languages[new Intl.Locale(language).language] ?? en

/** The scripts in which living languages are written from right to left (ISO 15924). */
const rightToLeft = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Syrc', 'Thaa'])

/** Returns the direction in which a language is written. */
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  rightToLeft.has(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr'
