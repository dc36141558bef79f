import type { Draft } from '../model/draft.ts'
import type { Session } from './database.ts'
import { inArray } from './drizzle.ts'
import type { Placed } from './placed.ts'
import { pieces } from './snapshot.ts'
import { outlineLines, projectSkills, skillPrerequisites, skillRelated, skillResources, skillSameAs } from './tables.ts'

/** Writes what these nouns say of others: every link they own, and a source's outline. */
export const writeLinks = async (session: Session, items: Placed[]): Promise<void> => {
  const skills = items.filter(isA('skill'))
  await write(session, skillPrerequisites, skills, draft => draft.prerequisites)
  await write(session, skillRelated, skills, draft => draft.related)
  await write(session, skillResources, skills, draft => draft.resources)
  await write(session, skillSameAs, skills, draft => draft.sameAs)
  await write(session, projectSkills, items.filter(isA('project')), draft => draft.skills)
  for (const source of items.filter(isA('source'))) await writeOutline(session, source)
}

const isA =
  <N extends Placed['noun']>(noun: N) =>
  (item: Placed): item is Placed<N> =>
    item.noun === noun

type LinkTable = typeof skillPrerequisites

const write = async <N extends 'skill' | 'project'>(
  session: Session,
  table: LinkTable,
  items: Placed<N>[],
  targets: (draft: Draft<N>) => string[],
): Promise<void> => {
  for (const piece of pieces(items, 1000))
    await session.delete(table).where(
      inArray(
        table.from,
        piece.map(({ key }) => key),
      ),
    )
  const links = items.flatMap(({ key, draft }) => targets(draft).map(to => ({ from: key, to })))
  for (const piece of pieces(links, 1000)) await session.insert(table).values(piece)
}

const writeOutline = async (session: Session, { key, draft }: Placed<'source'>): Promise<void> => {
  await session.delete(outlineLines).where(inArray(outlineLines.source, [key]))
  const lines = draft.outline.map((line, index) => ({ ...line, source: key, position: index + 1 }))
  for (const piece of pieces(lines, 200)) await session.insert(outlineLines).values(piece)
}
