import { de } from './de.ts'
import { en, type Messages } from './en.ts'
import type { Plural } from './plural.ts'

export type { Messages } from './en.ts'

const languages: Record<string, Messages> = { en, de }

/** Returns the words of the pages for content in a language (BCP 47); English if they are not translated into it. */
export const messagesFor = (language: string): Messages => languages[new Intl.Locale(language).language] ?? en

/** Replaces `{name}` in a message by its value. */
export const format = (message: string, values: Readonly<Record<string, string | number>>): string =>
  message.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder))

/** Chooses the form of a message for a number, which replaces `{count}`. */
export const formatPlural = (
  { language }: Pick<Messages, 'language'>,
  message: Plural,
  count: number,
  values: Readonly<Record<string, string | number>> = {},
): string => {
  const form = message[new Intl.PluralRules(language).select(count)] ?? message.other
  return format(form, { ...values, count: count.toLocaleString(language) })
}

/** The scripts in which living languages are written from right to left (ISO 15924). */
const rightToLeft = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Syrc', 'Thaa'])

/** Returns the direction in which a language is written. */
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  rightToLeft.has(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr'
