import { z } from 'zod'

/** A control character other than a tab or a line break. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the pattern of what is refused.
export const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

const printable = new RegExp(`^${controlCharacter.source.replace('[', '[^')}*$`)

const words = () => z.string().trim().regex(printable, 'a text has no control characters')

/** What of a text is markup: `` `code` `` alone, or Markdown. */
export const markups = z.registry<{ markup: 'code' | 'markdown' }>()

/** A name as people read it. Plain, with only `` `code` `` as markup. */
export const Title = words().min(1, 'a title cannot be empty').max(300).register(markups, { markup: 'code' })

/** A sentence or a few, or a term. Plain, with only `` `code` `` as markup. */
export const Text = words().min(1, 'a text cannot be empty').max(4_000).register(markups, { markup: 'code' })

/** Markdown (CommonMark). HTML tags in it are shown as text. */
export const Markdown = words().min(1, 'a text cannot be empty').max(20_000).register(markups, { markup: 'markdown' })

/** An absolute http or https address (RFC 3986). */
export const Url = z.url({ protocol: /^https?$/, error: 'an address begins with https:// or http://' }).max(2_000)

/** Absent is null in every answer, so that no client has to tell "missing" from "unknown". */
export const orNull = <T extends z.ZodType>(type: T) => type.nullable().default(null)

/** No list is endless: a document that needs more than this in one field is a mistake. */
export const listOf = <T extends z.ZodType>(type: T) => z.array(type).max(20_000).default([])
