import { z } from 'zod'

/** A name as people read it. Plain, with only `` `code` `` as markup. */
export const Title = z.string().trim().min(1, 'a title cannot be empty').max(300)

/** A sentence or a few, or a term. Plain, with only `` `code` `` as markup. */
export const Text = z.string().trim().min(1, 'a text cannot be empty').max(4_000)

/** Markdown (CommonMark) without raw HTML. */
export const Markdown = z.string().trim().min(1, 'a text cannot be empty').max(20_000)

/** An absolute http or https address (RFC 3986). */
export const Url = z.url({ protocol: /^https?$/, error: 'an address begins with https:// or http://' }).max(2_000)

/** Absent is null in every answer, so that no client has to tell "missing" from "unknown". */
export const orNull = <T extends z.ZodType>(type: T) => type.nullable().default(null)

/** No list is endless: a document that needs more than this in one field is a mistake. */
export const listOf = <T extends z.ZodType>(type: T) => z.array(type).max(20_000).default([])
