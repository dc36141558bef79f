import { nouns, tiers } from '../model/vocabulary.ts'
import { integer, sqliteTable, text } from './drizzle.ts'

/** The FTS5 table that a migration of its own makes: drizzle-kit knows no virtual tables, so this stands beside the others. */
export const search = sqliteTable('search', {
  rowid: integer().primaryKey(),
  title: text().notNull(),
  terms: text().notNull(),
  body: text().notNull(),
  noun: text({ enum: nouns }).notNull(),
  key: text().notNull(),
  track: text().notNull(),
  tier: text({ enum: tiers }),
  id: text().notNull(),
})
