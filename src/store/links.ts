import { schemas } from '../model/curriculum.ts'
import type { Draft } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import type { DerivedList, WrittenList } from '../model/references.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { IdentifiedDraft } from './assign-keys.ts'
import { chunks, type Session } from './database.ts'
import { inArray, type SQLiteColumn } from './drizzle.ts'
import { createInsert } from './prepared.ts'
import {
  exerciseSkills,
  outlineLines,
  projectResources,
  projectSkills,
  skillPrerequisites,
  skillRelated,
  skillResources,
  skillSameAs,
} from './tables.ts'

export type LinkTable = typeof skillPrerequisites

/** The link table of every list of keys that a noun writes. */
const writtenTables: { readonly [N in Noun]: { readonly [F in WrittenList<N>]: LinkTable } } = {
  track: {},
  source: {},
  category: {},
  skill: {
    prerequisites: skillPrerequisites,
    related: skillRelated,
    resources: skillResources,
    sameAs: skillSameAs,
  },
  principle: {},
  project: { skills: projectSkills, resources: projectResources },
  exercise: { skills: exerciseSkills },
  resource: {},
  plan: {},
  checklist: {},
}

/** The link table behind every list of keys that the server derives: the same rows, read from the other end. */
const derivedTables: { readonly [N in Noun]: { readonly [F in DerivedList<N>]: LinkTable } } = {
  track: {},
  source: {},
  category: {},
  skill: { dependents: skillPrerequisites, projects: projectSkills, exercises: exerciseSkills },
  principle: {},
  project: {},
  exercise: {},
  resource: { skills: skillResources, projects: projectResources },
  plan: {},
  checklist: {},
}

/** Links whose two ends are equal: an item lists the link at both, whichever end wrote it. */
const symmetricTables: readonly LinkTable[] = [skillRelated]

/** A list of keys of the items of a noun, and where its rows are stored. */
export interface Link {
  noun: Noun
  field: string
  /** The noun its keys refer to. */
  target: Noun
  table: LinkTable
  /** The column that holds the key of this noun: `from` if the noun writes the list, `to` if the list is derived. */
  near: 'from' | 'to'
  symmetric: boolean
}

/** All lists of keys of all nouns. */
export const links: readonly Link[] = nouns.flatMap(noun =>
  (
    [
      ['from', writtenTables[noun]],
      ['to', derivedTables[noun]],
    ] as const
  ).flatMap(([near, lists]) =>
    Object.entries<LinkTable>(lists).map(([field, table]) => ({
      noun,
      field,
      target: targetOf(noun, field),
      table,
      near,
      symmetric: symmetricTables.includes(table),
    })),
  ),
)

export const writtenLinks: readonly Link[] = links.filter(({ near }) => near === 'from')

const insertableLinks = writtenLinks.map(link => ({ ...link, insert: createInsert(link.table) }))

function targetOf(noun: Noun, field: string): Noun {
  return fieldsOf(schemas[noun]).find(({ name }) => name === field)?.references as Noun // a list of keys refers to a noun
}

/** Writes all lists of keys that these nouns own, and the outlines of sources. The links of stored items are replaced. */
export const writeLinks = async (
  session: Session,
  items: readonly IdentifiedDraft[],
  stored: ReadonlyMap<string, unknown>,
): Promise<void> => {
  for (const { noun, field, table, insert } of insertableLinks) {
    const owners = items.filter(item => item.noun === noun)
    await deleteRowsOf(session, table.from, owners, stored)
    await insert(
      session,
      owners.flatMap(({ key, draft }) => keysIn(draft, field).map(to => ({ from: key, to }))),
    )
  }
  const sources = items.filter((item): item is IdentifiedDraft<'source'> => item.noun === 'source')
  await deleteRowsOf(session, outlineLines.source, sources, stored)
  await insertOutlineLines(
    session,
    sources.flatMap(({ key, draft }) =>
      draft.outline.map((line, index) => ({ ...line, source: key, position: index + 1 })),
    ),
  )
}

/** Deletes the rows whose owner, by its key in this column, is stored. */
const deleteRowsOf = async (
  session: Session,
  owner: SQLiteColumn,
  owners: readonly IdentifiedDraft[],
  stored: ReadonlyMap<string, unknown>,
): Promise<void> => {
  const keys = owners.flatMap(({ id, key }) => (stored.has(id) ? [key] : []))
  for (const chunk of chunks(keys, 1000)) await session.delete(owner.table).where(inArray(owner, chunk))
}

const keysIn = (draft: Draft, field: string): string[] =>
  (draft as unknown as Record<string, string[]>)[field] as string[] // `writtenTables` has only fields that hold keys

const insertOutlineLines = createInsert(outlineLines)
