import type { Author } from '../catalog.ts'
import { type Draft, normalizeDraft } from '../model/document.ts'
import type { Noun } from '../model/vocabulary.ts'
import { applyEdits } from './apply-edits.ts'
import { cellAt, type IdentifiedDraft, keysOf, type Span, spanAround } from './assign-keys.ts'
import type { Session } from './database.ts'
import { and, eq, gte, lt, max } from './drizzle.ts'
import { isUnchanged, readEntries, type StoredEntry } from './snapshot.ts'
import { tables } from './tables.ts'
import type { Gap } from './write-rows.ts'

/** Reads one item from its stored JSON. */
export const readEntry = async (session: Session, noun: Noun, key: string): Promise<StoredEntry | undefined> =>
  (await readEntries(session, noun, eq(tables[noun].key, key)))[0]

/**
 * Creates or replaces one item of an existing track, or the track itself if its earlier slugs stay the same. A new item comes last
 * in its list or cell, as does a skill that moves to another cell. The draft is checked, and its references are current keys.
 */
export const putItem = async (
  session: Session,
  track: Draft<'track'>,
  noun: Noun,
  draft: Draft,
  author: Author,
): Promise<void> => {
  const keys = keysOf(track, noun, draft)
  const [stored, span] = await Promise.all([
    readEntry(session, noun, keys.key),
    noun === 'skill' ? cellOf(session, draft as Draft<'skill'>) : spanAround(noun, 0), // the noun decides the type
  ])
  const stays = stored !== undefined && stored.sort >= span.start && stored.sort < span.end
  const sort = stays ? stored.sort : await lastSort(session, noun, track.slug, span)
  const item: IdentifiedDraft = { noun, draft: normalizeDraft(noun, draft), ...keys, sort, position: sort - span.start }
  const replaced = stored?.item.id === item.id ? stored : undefined
  if (isUnchanged(item, replaced)) return
  await applyEdits(
    session,
    [
      {
        track: track.slug,
        drafts: [item],
        stored: new Map(replaced && [[item.id, replaced]]),
        // The id follows from the first of the earlier slugs, so that it changes with it.
        removed: stored !== undefined && replaced === undefined ? [stored] : [],
        gap: stored === undefined || stays ? undefined : gapOf(stored),
        pairs: noun === 'skill' ? { skill: keys.key, related: (draft as Draft<'skill'>).related } : undefined, // as above
      },
    ],
    author,
  )
}

/** Removes one item, to which no item of its track refers. */
export const removeItem = async (session: Session, noun: Noun, key: string, author: Author): Promise<void> => {
  const removed = (await readEntry(session, noun, key)) as StoredEntry // the caller has read it
  const { track } = removed.item
  await applyEdits(session, [{ track, drafts: [], stored: new Map(), removed: [removed], gap: gapOf(removed) }], author)
}

const cellOf = async (session: Session, { category, tier }: Draft<'skill'>): Promise<Span> => {
  const found = await readEntry(session, 'category', category)
  return cellAt((found as StoredEntry).sort, tier) // a checked draft has a category
}

const lastSort = async (session: Session, noun: Noun, track: string, { start, end }: Span): Promise<number> => {
  const { sort, track: itsTrack } = tables[noun]
  const [row] = await session
    .select({ last: max(sort) })
    .from(tables[noun])
    .where(and(eq(itsTrack, track), gte(sort, start), lt(sort, end)))
  return (row?.last ?? start) + 1
}

const gapOf = ({ noun, item, sort }: StoredEntry): Gap => ({
  noun,
  track: item.track,
  sort,
  end: spanAround(noun, sort).end,
})
