import { z } from 'zod'
import { pageOf, SearchHit } from '../model/paging.ts'
import { nouns } from '../model/vocabulary.ts'
import { parseChoice, resolveFilter } from '../query/filters.ts'
import { search } from '../query/search.ts'
import { json, type Operation } from './operation.ts'
import { exampleCursor, listParameter, numberParameter, requiredTextParameter, textParameter } from './parameters.ts'

const query = z.strictObject({
  q: requiredTextParameter(
    { minLength: 1, pattern: '\\S' },
    'The words to find, or synonyms such as `regex` for regular expressions: whole words; the last one, from three letters on, also matches the beginning of a word. If nothing matches, typing mistakes are corrected.',
    'decorator',
  ),
  track: listParameter(
    { type: 'string', maxLength: 36, pattern: '^[a-z0-9-]+$' },
    'Only in these tracks: keys or ids.',
    'python',
  ),
  noun: listParameter({ $ref: '#/components/schemas/Noun' }, 'Only these nouns.', 'skill'),
  tier: listParameter({ $ref: '#/components/schemas/Tier' }, 'Only of these tiers.', 'senior'),
  limit: numberParameter({ min: 1, max: 200, default: 50 }, 'The number of items on a page.'),
  after: textParameter({ pattern: '^[\\w-]+$' }, 'The `next` of the previous page of the same search.', exampleCursor),
})

export const searchOperation: Operation<typeof query> = {
  path: '/v1/search',
  operationId: 'search',
  tag: 'search',
  summary: 'Search all nouns',
  description:
    'Best matches first: titles weigh most, then terms, then texts; matches of synonyms come after those of the words themselves. If nothing matches, words that are in no text are replaced by the most similar ones. `snippet` is escaped HTML with `<mark>` around the matches. At most 2,000 matches are returned, those with the words in their titles first. Each page starts after the last hit of the previous page, at its current rank: if content changes while you page, an unchanged hit comes once; a hit that is created, changed or removed may come twice or not at all, and so may two hits of nearly the same score that swap ranks.',
  query,
  types: ['application/json'],
  schema: pageOf(SearchHit).meta({ id: 'SearchPage', description: 'The hits of a search, best first.' }),
  headers: ['Link'],
  problems: ['BAD_USER_INPUT', 'NOT_ACCEPTABLE'],
  example: '/v1/search?q=decorator&limit=1',
  answer: async (catalog, { query: parameters, page }) => {
    const { track, tier } = await resolveFilter(catalog, 'skill', { track: parameters.track, tier: parameters.tier })
    const noun = parameters.noun?.map(word => parseChoice('noun', word, nouns))
    const found = await search(catalog, {
      q: parameters.q,
      track,
      tier,
      noun,
      limit: parameters.limit,
      after: parameters.after,
    })
    const next = found.more ? found.cursorAfter(parameters.limit - 1) : null
    const links = [...(next === null ? [] : [`<${page(next)}>; rel="next"`]), `<${page(null)}>; rel="first"`]
    return json(
      { data: found.data, page: { size: found.data.length, total: found.total, next } },
      { link: links.join(', ') },
    )
  },
}
