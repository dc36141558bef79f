import type { Messages } from '../../messages/messages.ts'

/** The words of the element in one language. */
export type EmbedWords = Messages['embed'] & Pick<Messages, 'language'>

/** The values that `/embed.js` declares before its script. */
export interface EmbedSettings {
  style: string
  /** The words by language. */
  words: Record<string, EmbedWords>
}
