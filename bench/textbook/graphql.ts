import { makeExecutableSchema } from '@graphql-tools/schema'
import type { FastifyInstance } from 'fastify'
import mercurius from 'mercurius'
import { tiers } from '../../src/model/tiers.ts'
import type { Tier } from '../../src/model/vocabulary.ts'
import { and, asc, count, eq, inArray } from '../../src/store/drizzle.ts'
import { categories, resources, skillPrerequisites, skillResources, skills, tracks } from '../../src/store/tables.ts'
import { columnsOf, type Textbook, type WithoutJson } from './database.ts'

const typeDefs = `
  enum Tier { BEGINNER INTERMEDIATE SENIOR }
  type Track { key: String! title: String! categories: [Category!]! }
  type Category { key: String! title: String! skills: [Skill!]! }
  type Skill {
    key: String! title: String! tier: Tier! kind: String! summary: String
    category: Category! prerequisites: [Skill!]! resources: [Resource!]!
  }
  type Resource { key: String! title: String! url: String }
  type SkillConnection { totalCount: Int! nodes: [Skill!]! }
  type Query { track(ref: ID!): Track skills(track: String, tier: [Tier!], first: Int = 50): SkillConnection! }
`

type Args = { track?: string; tier?: Tier[]; first: number }
type SkillRow = WithoutJson<typeof skills.$inferSelect>
type Batch<T> = { obj: T }[]

/** Follows the documentation of mercurius: its route, resolvers for queries and a loader for each edge. */
export const addGraphql = async (app: FastifyInstance, db: Textbook): Promise<void> => {
  // mercurius alone does not map enum values.
  const schema = makeExecutableSchema({ typeDefs, resolvers: resolvers(db) })
  await app.register(mercurius, { schema, loaders: loaders(db) })
}

const resolvers = (db: Textbook) => ({
  Tier: Object.fromEntries(tiers.map(tier => [tier.toUpperCase(), tier])),
  Query: {
    track: async (_: unknown, { ref }: { ref: string }) =>
      db.select(columnsOf(tracks)).from(tracks).where(eq(tracks.key, ref)).get(),
    skills: async (_: unknown, { track, tier, first }: Args) => {
      const condition = and(track ? eq(skills.track, track) : undefined, tier ? inArray(skills.tier, tier) : undefined)
      const order = [asc(skills.track), asc(skills.sort), asc(skills.key)]
      return {
        nodes: db
          .select(columnsOf(skills))
          .from(skills)
          .where(condition)
          .orderBy(...order)
          .limit(first)
          .all(),
        totalCount: db.select({ total: count() }).from(skills).where(condition).get()?.total,
      }
    },
  },
})

const loaders = (db: Textbook) => ({
  Track: {
    categories: async (batch: Batch<{ key: string }>) => {
      const condition = inArray(categories.track, keys(batch))
      const rows = db
        .select(columnsOf(categories))
        .from(categories)
        .where(condition)
        .orderBy(asc(categories.sort))
        .all()
      return grouped(batch, rows, row => row.track)
    },
  },
  Category: {
    skills: async (batch: Batch<{ key: string }>) => {
      const condition = inArray(skills.category, keys(batch))
      return grouped(
        batch,
        db.select(columnsOf(skills)).from(skills).where(condition).orderBy(asc(skills.sort)).all(),
        row => row.category,
      )
    },
  },
  Skill: {
    category: async (batch: Batch<SkillRow>) => {
      const requested = [...new Set(batch.map(({ obj }) => obj.category))]
      const rows = db.select(columnsOf(categories)).from(categories).where(inArray(categories.key, requested)).all()
      const byKey = new Map(rows.map(row => [row.key, row]))
      return batch.map(({ obj }) => byKey.get(obj.category))
    },
    prerequisites: async (batch: Batch<SkillRow>) => {
      const rows = db
        .select({ from: skillPrerequisites.from, key: skills.key, title: skills.title })
        .from(skillPrerequisites)
        .innerJoin(skills, eq(skills.key, skillPrerequisites.to))
        .where(inArray(skillPrerequisites.from, keys(batch)))
        .orderBy(asc(skills.sort))
        .all()
      return grouped(batch, rows, row => row.from)
    },
    resources: async (batch: Batch<SkillRow>) => {
      const rows = db
        .select({ from: skillResources.from, key: resources.key, title: resources.title, url: resources.url })
        .from(skillResources)
        .innerJoin(resources, eq(resources.key, skillResources.to))
        .where(inArray(skillResources.from, keys(batch)))
        .orderBy(asc(resources.sort))
        .all()
      return grouped(batch, rows, row => row.from)
    },
  },
})

const keys = (batch: Batch<{ key: string }>): string[] => batch.map(({ obj }) => obj.key)

const grouped = <T>(batch: Batch<{ key: string }>, rows: T[], parent: (row: T) => string): T[][] => {
  const found = Map.groupBy(rows, parent)
  return batch.map(({ obj }) => found.get(obj.key) ?? [])
}
