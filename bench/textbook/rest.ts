import type { FastifyInstance } from 'fastify'
import { tiers } from '../../src/model/tiers.ts'
import type { Tier } from '../../src/model/vocabulary.ts'
import { and, asc, count, eq } from '../../src/store/drizzle.ts'
import { categories, projects, skillPrerequisites, skills, tracks } from '../../src/store/tables.ts'
import { columnsOf, type Textbook } from './database.ts'
import { mentionsOf, projectsWithEdges, skillsWithEdges, targets } from './edges.ts'

/** Follows an introduction to Fastify and Drizzle: each request builds its queries and sends the rows. */
export const addRest = (app: FastifyInstance, db: Textbook): void => {
  app.get<{ Params: { key: string } }>('/v1/skills/:key', async (request, reply) => {
    const rows = db.select(columnsOf(skills)).from(skills).where(eq(skills.key, request.params.key)).limit(1).all()
    const [skill] = skillsWithEdges(db, rows)
    return skill ?? reply.code(404).send({ code: 'NOT_FOUND' })
  })
  app.get<{ Querystring: { track?: string; tier?: Tier; limit?: number } }>('/v1/skills', { schema: list }, request => {
    const { track, tier, limit = 50 } = request.query
    const condition = and(track ? eq(skills.track, track) : undefined, tier ? eq(skills.tier, tier) : undefined)
    const rows = db
      .select(columnsOf(skills))
      .from(skills)
      .where(condition)
      .orderBy(asc(skills.track), asc(skills.sort), asc(skills.key))
      .limit(limit)
      .all()
    const total = db.select({ total: count() }).from(skills).where(condition).get()?.total ?? 0
    const data = skillsWithEdges(db, rows)
    return { data, page: { size: data.length, total, next: total > data.length ? String(data.at(-1)?.key) : null } }
  })
  app.get<{ Params: { track: string } }>('/v1/tracks/:track/roadmap', async (request, reply) => {
    return roadmapOf(db, request.params.track) ?? reply.code(404).send({ code: 'NOT_FOUND' })
  })
}

const text = { type: 'string' }
const list = {
  querystring: { type: 'object', properties: { track: text, tier: { enum: tiers }, limit: { type: 'integer' } } },
}

const roadmapOf = (db: Textbook, slug: string) => {
  const row = db.select(columnsOf(tracks)).from(tracks).where(eq(tracks.key, slug)).get()
  if (row === undefined) return undefined
  const { sort: _, ...track } = row
  const rows = db
    .select(columnsOf(categories))
    .from(categories)
    .where(eq(categories.track, slug))
    .orderBy(asc(categories.sort))
    .all()
  const all = db.select(columnsOf(skills)).from(skills).where(eq(skills.track, slug)).orderBy(asc(skills.sort)).all()
  const needed = targets(
    db,
    skillPrerequisites,
    all.map(({ key }) => key),
  )
  const mentions = mentionsOf(db, 'category', rows)
  const cell = (category: string, tier: Tier) =>
    all
      .filter(skill => skill.category === category && skill.tier === tier)
      .map(({ id, key, slug, title, kind, optional, summary }) => ({
        id,
        key,
        slug,
        title,
        kind,
        optional,
        summary,
        prerequisites: needed(key),
      }))
  return {
    track,
    tiers: track.tiers,
    categories: rows.map(({ sort, ...category }) => ({
      ...category,
      mentions: mentions(category),
      skills: Object.fromEntries(tiers.map(tier => [tier, cell(category.key, tier)])),
    })),
    projects: projectsWithEdges(
      db,
      db.select(columnsOf(projects)).from(projects).where(eq(projects.track, slug)).orderBy(asc(projects.sort)).all(),
    ),
  }
}
