import { z } from 'zod'

/** A control character other than a tab or a line break. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches the rejected characters.
export const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

const printable = new RegExp(`^${controlCharacter.source.replace('[', '[^')}*$`)

const plainText = () => z.string().trim().regex(printable, 'must not have control characters')

/** The markup that each text schema allows: only `` `code` ``, or Markdown. */
export const markupTypes = z.registry<{ markup: 'code' | 'markdown' }>()

/** A title: plain text, with only `` `code` `` as markup. */
export const Title = plainText().min(1).max(300).register(markupTypes, { markup: 'code' })

/** A short code of an institution or a framework, such as `PY-101`: one line without markup. */
export const Code = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}`]*$/u, 'must be one line without backticks, such as PY-101')
  .min(1)
  .max(50)

/** A term or a few sentences: plain text, with only `` `code` `` as markup. */
export const Text = plainText().min(1).max(4_000).register(markupTypes, { markup: 'code' })

/** Markdown (CommonMark with GitHub's extensions). Harmless HTML is rendered; other tags are shown as text. */
export const Markdown = plainText().min(1).max(100_000).register(markupTypes, { markup: 'markdown' })

/** The content of a text file, as it is: line breaks and white space are kept. */
export const FileText = z.string().max(100_000).regex(printable, 'must not have control characters')

/** An absolute http or https URL (RFC 3986). */
export const Url = z
  .url({
    protocol: /^https?$/,
    error: ({ code }) => (code === 'invalid_format' ? 'must begin with https:// or http://' : undefined),
  })
  .max(2_000)

/** Makes a field nullable, null by default: a missing value is null in every response. */
export const orNull = <T extends z.ZodType>(type: T) => type.nullable().default(null)

/** A list with a limit that no sensible document reaches. */
export const listOf = <T extends z.ZodType>(type: T) => z.array(type).max(20_000).default([])
