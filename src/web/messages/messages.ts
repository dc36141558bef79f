import { de } from './de.ts'
import { en, type Messages } from './en.ts'

export { directionOf } from './direction.ts'
export type { Messages } from './en.ts'
export { format, formatPlural } from './format.ts'

/** The words of the pages by language. */
export const languages: Record<string, Messages> = { en, de }

/** Returns the words of the pages for content in a language (BCP 47); English if they are not translated into it. */
export const messagesFor = (language: string): Messages => languages[new Intl.Locale(language).language] ?? en
