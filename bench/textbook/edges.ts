import type { Noun } from '../../src/model/vocabulary.ts'
import { asc, eq, getTableColumns, inArray } from '../../src/store/drizzle.ts'
import {
  outlineLines,
  projectSkills,
  type projects,
  skillPrerequisites,
  skillRelated,
  skillResources,
  skillSameAs,
  type skills,
  sources,
} from '../../src/store/tables.ts'
import type { Textbook, WithoutJson } from './database.ts'

type Link = typeof skillPrerequisites
type Row = { key: string; slug: string; track: string }

/** Returns skills with their edges: one query per edge for any number of skills. */
export const skillsWithEdges = (db: Textbook, rows: WithoutJson<typeof skills.$inferSelect>[]) => {
  const keys = rows.map(({ key }) => key)
  const prerequisites = targets(db, skillPrerequisites, keys)
  const dependents = origins(db, skillPrerequisites, keys)
  const related = targets(db, skillRelated, keys)
  const relating = origins(db, skillRelated, keys)
  const resources = targets(db, skillResources, keys)
  const exercising = origins(db, projectSkills, keys)
  const same = targets(db, skillSameAs, keys)
  const mentions = mentionsOf(db, 'skill', rows)
  return rows.map(({ sort, ...row }) => ({
    ...row,
    prerequisites: prerequisites(row.key),
    dependents: dependents(row.key),
    related: [...related(row.key), ...relating(row.key)],
    resources: resources(row.key),
    projects: exercising(row.key),
    sameAs: same(row.key),
    mentions: mentions(row),
  }))
}

export const projectsWithEdges = (db: Textbook, rows: WithoutJson<typeof projects.$inferSelect>[]) => {
  const exercised = targets(
    db,
    projectSkills,
    rows.map(({ key }) => key),
  )
  const mentions = mentionsOf(db, 'project', rows)
  return rows.map(({ sort, ...row }) => ({ ...row, skills: exercised(row.key), mentions: mentions(row) }))
}

/** Returns the mentions of items in outlines with one query. */
export const mentionsOf = (db: Textbook, noun: Noun, rows: Row[]) => {
  const name = ({ track, slug }: Row) => `${track}.${noun}.${slug}`
  const lines = db
    .select(getTableColumns(outlineLines))
    .from(outlineLines)
    .innerJoin(sources, eq(sources.key, outlineLines.source))
    .where(inArray(outlineLines.of, rows.map(name)))
    .orderBy(asc(sources.sort), asc(outlineLines.position))
    .all()
  const grouped = Map.groupBy(lines, line => line.of)
  return (row: Row) => (grouped.get(name(row)) ?? []).map(({ of, ...mention }) => mention)
}

export const targets = (db: Textbook, link: Link, keys: string[]) => {
  const rows = db.select().from(link).where(inArray(link.from, keys)).orderBy(asc(link.to)).all()
  const grouped = Map.groupBy(rows, row => row.from)
  return (key: string) => (grouped.get(key) ?? []).map(({ to }) => to)
}

const origins = (db: Textbook, link: Link, keys: string[]) => {
  const rows = db.select().from(link).where(inArray(link.to, keys)).orderBy(asc(link.from)).all()
  const grouped = Map.groupBy(rows, row => row.to)
  return (key: string) => (grouped.get(key) ?? []).map(({ from }) => from)
}
