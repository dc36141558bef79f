import { Failure } from '../errors.ts'
import { type Document, everyDraft } from '../model/document.ts'
import { keyOf, qualifiedKeyOf, trackOf } from '../model/names.ts'
import { mapReferences } from '../model/references.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { Session } from './database.ts'
import { inArray, type SQLiteColumn } from './drizzle.ts'
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

export interface Named {
  noun: Noun
  key: string
}

/** Which nouns of other tracks refer to any of these, and to which. */
export const referrersFromOutside = async (
  session: Session,
  track: string,
  targets: readonly Named[],
): Promise<{ noun: Noun; from: string; to: string }[]> => {
  const found: { noun: Noun; from: string; to: string }[] = []
  for (const { noun, target, from, to } of references) {
    const keys = targets.filter(one => one.noun === target).map(({ key }) => key)
    for (const piece of pieces(keys, 1000)) {
      const rows = await session.select({ from, to }).from(from.table).where(inArray(to, piece)).orderBy(from, to)
      found.push(...rows.map(row => ({ noun, from: String(row.from), to: String(row.to) })))
    }
  }
  return found.filter(({ from }) => trackOf(from) !== track)
}

/** Every column that may hold a key of another track: whose it is, and of what. */
const references: { noun: Noun; target: Noun; from: SQLiteColumn; to: SQLiteColumn }[] = [
  { noun: 'skill', target: 'skill', from: skillPrerequisites.from, to: skillPrerequisites.to },
  { noun: 'skill', target: 'skill', from: skillRelated.from, to: skillRelated.to },
  { noun: 'skill', target: 'resource', from: skillResources.from, to: skillResources.to },
  { noun: 'skill', target: 'skill', from: skillSameAs.from, to: skillSameAs.to },
  { noun: 'project', target: 'skill', from: projectSkills.from, to: projectSkills.to },
  { noun: 'skill', target: 'skill', from: skills.key, to: skills.replacedBy },
  { noun: 'track', target: 'track', from: tracks.key, to: tracks.translationOf },
]

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
