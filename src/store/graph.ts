import type { GraphSkill, SkillGraph } from '../model/path.ts'
import { chunks, type Session } from './database.ts'
import { eq, inArray, sql } from './drizzle.ts'
import { skillPrerequisites, skills } from './tables.ts'

/** Reads the prerequisites of a track's skills, and of the skills in other tracks that any of them needs. */
export const readGraph = async (session: Session, track: string): Promise<SkillGraph> => {
  const graph = new Map<string, GraphSkill>()
  const addAndFindMissing = (found: GraphSkill[]): string[] => {
    for (const skill of found) graph.set(skill.key, skill)
    return [...new Set(found.flatMap(skill => skill.prerequisites))].filter(key => !graph.has(key))
  }
  let missing = addAndFindMissing(await select(session, eq(skills.track, track)))
  while (missing.length > 0) {
    const found: GraphSkill[] = []
    for (const chunk of chunks(missing, 1000)) found.push(...(await select(session, inArray(skills.key, chunk))))
    missing = addAndFindMissing(found)
  }
  // The stored order counts within a track; numbering again keeps the skills of a track together.
  return new Map([...graph.values()].map((skill, order) => [skill.key, { ...skill, order }]))
}

/** Returns true if a skill is among these skills and all that they need, in any track. */
export const isNeededBy = async (session: Session, skill: string, keys: readonly string[]): Promise<boolean> => {
  const { from, to } = skillPrerequisites
  const needed = new Set(keys)
  for (let last = [...needed]; last.length > 0 && !needed.has(skill); ) {
    const found = new Set<string>()
    for (const chunk of chunks(last, 1000))
      for (const row of await session
        .selectDistinct({ to })
        .from(skillPrerequisites)
        .where(inArray(from, chunk))
        .orderBy(to))
        if (!needed.has(row.to)) found.add(row.to)
    for (const key of found) needed.add(key)
    last = [...found]
  }
  return needed.has(skill)
}

const select = (session: Session, condition: ReturnType<typeof eq>): Promise<GraphSkill[]> =>
  Promise.resolve(
    session
      .select({
        key: skills.key,
        tier: skills.tier,
        category: skills.category,
        order: skills.sort,
        prerequisites: sql<
          string[]
        >`(select json_group_array("to") from skill_prerequisites where "from" = ${skills.key})`.mapWith(
          text => JSON.parse(text) as string[], // json_group_array of keys
        ),
      })
      .from(skills)
      .where(condition)
      .orderBy(skills.track, skills.sort, skills.key),
  )
