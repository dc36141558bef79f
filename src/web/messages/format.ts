import type { Messages } from './en.ts'
import type { Plural } from './plural.ts'

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
