/** A message that depends on a number, by the plural category of the number (`Intl.PluralRules`). */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>

/** Creates a message of a language with two forms, as English and German have. */
export const plural = (one: string, other: string): Plural => ({ one, other })
