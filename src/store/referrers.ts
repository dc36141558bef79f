import { Failure } from '../errors.ts'
import { type Document, everyDraft } from '../model/document.ts'
import { keyOf, qualifiedKeyOf, trackOf } from '../model/names.ts'
import { mapReferences } from '../model/references.ts'
import type { Session } from './database.ts'
import { and, inArray, ne } from './drizzle.ts'
import { pieces } from './snapshot.ts'
import {
  entries,
  projectSkills,
  skillPrerequisites,
  skillRelated,
  skillResources,
  skillSameAs,
  skills,
  tracks,
} from './tables.ts'

/** Which nouns of other tracks refer to any of these keys, and to which. */
export const referrersFromOutside = async (
  session: Session,
  track: string,
  keys: string[],
): Promise<{ from: string; to: string }[]> => {
  const found: { from: string; to: string }[] = []
  for (const piece of pieces(keys, 1000)) {
    for (const link of [skillPrerequisites, skillRelated, skillResources, skillSameAs, projectSkills])
      found.push(
        ...(await session
          .select({ from: link.from, to: link.to })
          .from(link)
          .where(inArray(link.to, piece))
          .orderBy(link.from, link.to)),
      )
    const replaced = await session
      .select({ from: skills.key, to: skills.replacedBy })
      .from(skills)
      .where(inArray(skills.replacedBy, piece))
      .orderBy(skills.key)
    const translated = await session
      .select({ from: tracks.key, to: tracks.translationOf })
      .from(tracks)
      .where(and(inArray(tracks.translationOf, piece), ne(tracks.key, track)))
      .orderBy(tracks.key)
    found.push(...[...replaced, ...translated].flatMap(({ from, to }) => (to === null ? [] : [{ from, to }])))
  }
  return found.filter(({ from }) => trackOf(from) !== track)
}

/** What a document refers to in other tracks has to be there. */
export const refuseDangling = async (session: Session, document: Document): Promise<void> => {
  const track = document.track.slug
  const wanted = new Map<string, string>()
  for (const { noun, draft } of everyDraft(document))
    mapReferences(noun, draft, (target, key) => {
      if (target !== 'any' && trackOf(key) !== track)
        wanted.set(qualifiedKeyOf(target, key), qualifiedKeyOf(noun, keyOf(track, draft.slug)))
      return key
    })
  for (const piece of pieces([...wanted.keys()], 1000)) {
    const found = await session
      .select({ name: entries.name })
      .from(entries)
      .where(inArray(entries.name, piece))
      .orderBy(entries.name)
    const known = new Set(found.map(({ name }) => name))
    const missing = piece.find(name => !known.has(name))
    if (missing !== undefined)
      throw new Failure('UNPROCESSABLE', `"${wanted.get(missing)}" refers to "${missing}", which is not there.`)
  }
}
