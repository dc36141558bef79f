import { z } from 'zod'
import { Id, Key } from './keys.ts'
import { Title } from './text.ts'
import { Noun, Tier } from './vocabulary.ts'

export const PageInfo = z
  .strictObject({
    size: z.int().min(0).max(200).meta({ description: 'Number of items on this page.' }),
    total: z.int().min(0).max(2_147_483_647).meta({ description: 'Number of items on all pages.' }),
    next: z
      .string()
      .max(2_000)
      .regex(/^[\w-]+$/)
      .nullable()
      .meta({ description: 'Value of `after` for the next page; null on the last.' }),
  })
  .meta({ id: 'Page', description: 'The position of this page in its list.' })

/** Returns the schema of a page of a list. */
export const pageOf = (item: z.ZodType) => z.strictObject({ data: z.array(item).max(200), page: PageInfo })

export const SearchHit = z
  .strictObject({
    noun: Noun,
    id: Id,
    key: Key,
    title: Title,
    track: Key.meta({ description: 'Key of its track.', examples: ['python'] }),
    tier: Tier.nullable(),
    score: z
      .number()
      .min(0)
      .max(1_000_000)
      .meta({ description: 'Relevance above 0; higher is better; comparable within one response only.' }),
    snippet: z
      .string()
      .min(1)
      .max(10_000)
      .meta({ description: 'The text that matches the query: escaped HTML with `<mark>` around the words.' }),
  })
  .meta({ id: 'SearchHit', description: 'A search result.' })
export type SearchHit = z.infer<typeof SearchHit>
