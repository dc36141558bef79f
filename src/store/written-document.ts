import type { TrackDocument } from '../catalog.ts'
import { trackOf } from '../model/keys.ts'
import type { Session } from './database.ts'
import { and, eq } from './drizzle.ts'
import { skillRelated, skills } from './tables.ts'

/** A track as it was written: a pair of related skills that only the skill of another track names is not its own. */
export const asItWasWritten = async (session: Session, served: TrackDocument): Promise<TrackDocument> => {
  const { slug } = served.track
  const rows = await session
    .select({ from: skillRelated.from, to: skillRelated.to })
    .from(skillRelated)
    .innerJoin(skills, and(eq(skills.key, skillRelated.from), eq(skills.track, slug)))
    .orderBy(skillRelated.from, skillRelated.to)
  const written = new Set(rows.map(({ from, to }) => `${from} ${to}`))
  return {
    ...served,
    skills: served.skills.map(skill => ({
      ...skill,
      related: skill.related.filter(key => trackOf(key) === slug || written.has(`${skill.key} ${key}`)),
    })),
  }
}
