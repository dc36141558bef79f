import type { Answer } from '../model/curriculum.ts'
import type { FormerValues } from '../model/logged-fields.ts'
import type { ReferenceList } from '../model/references.ts'
import { type Noun, nouns, scopes, tiers } from '../model/vocabulary.ts'
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  type SQLiteTable,
  sql,
  sqliteTable,
  text,
} from './drizzle.ts'

/**
 * Everything that has an id, whatever its noun: what an outline can point at and an id can be looked up in.
 * `name` is the qualified key.
 */
export const entries = sqliteTable(
  'entries',
  {
    number: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull().unique(),
    id: text().notNull().unique(),
    noun: text({ enum: nouns }).notNull(),
    key: text().notNull(),
    track: text().notNull(),
  },
  table => [index('entries_track').on(table.track, table.noun)],
)

/** Qualified keys that something had before it was renamed: they still resolve. */
export const formerNames = sqliteTable(
  'former_names',
  {
    name: text().primaryKey(),
    id: text()
      .notNull()
      .references(() => entries.id, { onDelete: 'cascade' }),
  },
  table => [index('former_names_id').on(table.id)],
)

const list = <T>() => text({ mode: 'json' }).$type<T[]>().notNull()
const cascade = { onDelete: 'cascade', onUpdate: 'cascade' } as const
const follow = { onUpdate: 'cascade' } as const

/** `sort` is the place within the track; a skill's is made of its category's, its tier's and its own. */
const identity = () => ({
  id: text()
    .notNull()
    .unique()
    .references(() => entries.id, { onDelete: 'cascade' }),
  slug: text().notNull(),
  key: text().primaryKey(),
  position: integer().notNull(),
  updatedAt: text().notNull(),
  formerly: list<string>(),
  title: text().notNull(),
  sort: integer().notNull(),
})

const owned = () => ({
  ...identity(),
  track: text()
    .notNull()
    .references((): AnySQLiteColumn => tracks.key, cascade),
})

type Order = Record<'track' | 'sort' | 'key' | 'title' | 'updatedAt', AnySQLiteColumn>

/** What lists are narrowed by, of what a noun has. */
const narrowing = ['track', 'tier', 'category', 'kind', 'optional', 'updatedAt'] as const

/**
 * One index an order that lists can have. Behind the order stands all that a list may be narrowed by: where a filter lets little through, much
 * has to be looked at, and rows are long.
 */
const orders = (name: string, table: Order & { [K in (typeof narrowing)[number]]?: AnySQLiteColumn }) => {
  const others = (...ordering: AnySQLiteColumn[]) =>
    narrowing.flatMap(column => table[column] ?? []).filter(column => !ordering.includes(column))
  // Tracks stand in their own order; everything else stands in that of its track.
  const order: [AnySQLiteColumn, ...AnySQLiteColumn[]] =
    name === 'tracks' ? [table.sort, table.key] : [table.track, table.sort, table.key]
  return [
    index(`${name}_order`).on(...order, ...others(...order)),
    index(`${name}_title`).on(sql`${table.title} collate nocase`, table.key, ...others()),
    index(`${name}_updated`).on(table.updatedAt, table.key, ...others(table.updatedAt)),
  ]
}

const tier = () => text({ enum: tiers })
const learningKind = () => text({ enum: ['practical', 'theoretical'] })

export const tracks = sqliteTable(
  'tracks',
  {
    ...identity(),
    track: text().notNull(),
    summary: text(),
    introduction: text(),
    language: text().notNull(),
    license: text(),
    version: text(),
    translationOf: text().references((): AnySQLiteColumn => tracks.key, follow),
    tiers: list<Answer<'track'>['tiers'][number]>(),
  },
  table => orders('tracks', table),
)

export const sources = sqliteTable('sources', { ...owned(), summary: text(), sampleBase: text() }, table =>
  orders('sources', table),
)

export const categories = sqliteTable(
  'categories',
  { ...owned(), summary: text(), kind: learningKind(), optional: integer({ mode: 'boolean' }).notNull() },
  table => orders('categories', table),
)

export const skills = sqliteTable(
  'skills',
  {
    ...owned(),
    category: text()
      .notNull()
      .references(() => categories.key, follow),
    tier: tier().notNull(),
    summary: text(),
    kind: learningKind().notNull(),
    optional: integer({ mode: 'boolean' }).notNull(),
    outcomes: list<string>(),
    examples: list<string>(),
    sample: text({ mode: 'json' }).$type<NonNullable<Answer<'skill'>['sample']>>(),
    notes: text(),
    replacedBy: text().references((): AnySQLiteColumn => skills.key, follow),
  },
  table => [
    ...orders('skills', table),
    index('skills_category').on(table.category, table.sort, table.key),
    index('skills_replaced_by').on(table.replacedBy),
  ],
)

export const principles = sqliteTable(
  'principles',
  {
    ...owned(),
    kind: text({ enum: ['rule', 'practice', 'pitfall', 'advice'] }).notNull(),
    statements: list<string>(),
    risk: text(),
    remedy: text(),
    category: text().references(() => categories.key, follow),
    tier: tier(),
  },
  table => [...orders('principles', table), index('principles_category').on(table.category)],
)

export const projects = sqliteTable(
  'projects',
  {
    ...owned(),
    code: text(),
    tier: tier(),
    summary: text(),
    stack: list<string>(),
    features: list<string>(),
    milestones: list<string>(),
    phases: list<Answer<'project'>['phases'][number]>(),
    acceptance: list<string>(),
  },
  table => orders('projects', table),
)

export const resources = sqliteTable(
  'resources',
  {
    ...owned(),
    kind: text({ enum: ['book', 'documentation', 'course', 'article', 'site'] }).notNull(),
    summary: text(),
    url: text(),
  },
  table => orders('resources', table),
)

export const plans = sqliteTable(
  'plans',
  {
    ...owned(),
    kind: text({ enum: ['plan', 'timeline'] }).notNull(),
    tier: tier(),
    duration: text({ mode: 'json' }).$type<NonNullable<Answer<'plan'>['duration']>>(),
    weeklyHours: text({ mode: 'json' }).$type<NonNullable<Answer<'plan'>['weeklyHours']>>(),
    steps: list<Answer<'plan'>['steps'][number]>(),
  },
  table => orders('plans', table),
)

export const checklists = sqliteTable(
  'checklists',
  {
    ...owned(),
    kind: text({ enum: ['completion', 'interview', 'commands', 'testing', 'infrastructure'] }).notNull(),
    tier: tier(),
    items: list<Answer<'checklist'>['items'][number]>(),
  },
  table => orders('checklists', table),
)

/** What each source says, in its order: the mentions of everything else are read from here. */
export const outlineLines = sqliteTable(
  'outline_lines',
  {
    source: text()
      .notNull()
      .references(() => sources.key, cascade),
    position: integer().notNull(),
    section: text(),
    label: text().notNull(),
    category: text().references(() => categories.key, follow),
    tier: tier(),
    kind: learningKind(),
    optional: integer({ mode: 'boolean' }),
    says: text(),
    note: text(),
    of: text()
      .notNull()
      .references(() => entries.name, follow),
  },
  table => [
    primaryKey({ columns: [table.source, table.position] }),
    index('outline_lines_of').on(table.of),
    index('outline_lines_category').on(table.category),
  ],
)

/** A link goes with its `from`; nothing can be removed while something else links `to` it. */
const link = (name: string, from: () => AnySQLiteColumn, to: () => AnySQLiteColumn) =>
  sqliteTable(
    name,
    { from: text().notNull().references(from, cascade), to: text().notNull().references(to, follow) },
    table => [primaryKey({ columns: [table.from, table.to] }), index(`${name}_to`).on(table.to)],
  )

export const skillPrerequisites = link(
  'skill_prerequisites',
  () => skills.key,
  () => skills.key,
)
/** As written by `from`; answers show the pair on both sides. */
export const skillRelated = link(
  'skill_related',
  () => skills.key,
  () => skills.key,
)
export const skillResources = link(
  'skill_resources',
  () => skills.key,
  () => resources.key,
)
export const skillSameAs = link(
  'skill_same_as',
  () => skills.key,
  () => skills.key,
)
export const projectSkills = link(
  'project_skills',
  () => projects.key,
  () => skills.key,
)

/** Every change there was, in order: `seq` is the cursor clients follow. What is gone has its last row here. */
export const changes = sqliteTable(
  'changes',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    noun: text({ enum: nouns }).notNull(),
    id: text().notNull(),
    key: text().notNull(),
    track: text().notNull(),
    /** What it was called then; null in rows from before this was kept. */
    title: text(),
    op: text({ enum: ['upsert', 'delete'] }).notNull(),
    changedAt: text().notNull(),
    /** The name of the key that made it; null for what was loaded from files. */
    by: text(),
    /** What its logged fields were before, where they changed; null where it was made or removed, and in rows from before this was kept. */
    former: text({ mode: 'json' }).$type<FormerValues>(),
    /** Whether no file has it: it was written through the API, and not because something it refers to was. */
    drifts: integer({ mode: 'boolean' }).notNull().default(false),
  },
  table => [
    index('changes_id').on(table.id),
    index('changes_key').on(table.noun, table.key),
    index('changes_track').on(table.track, table.seq),
  ],
)

/** How far changes have been forgotten: who follows from before this number has missed some. One row, or none. */
export const forgotten = sqliteTable('forgotten', { number: integer().primaryKey(), seq: integer().notNull() })

/** Keys to write with, or to read where reading needs one. Of the key itself there is only a hash. */
export const keys = sqliteTable('keys', {
  /** The part of a key that says which it is. */
  id: text().primaryKey(),
  name: text().notNull().unique(),
  scope: text({ enum: scopes }).notNull(),
  /** SHA-256 of the whole key, in hexadecimal digits. */
  hash: text().notNull(),
  createdAt: text().notNull(),
  expiresAt: text(),
  revokedAt: text(),
  lastUsedAt: text(),
})

/** Who is told of changes (Standard Webhooks 1.0). `seq` is the last change that was put into its queue. */
export const webhooks = sqliteTable('webhooks', {
  slug: text().primaryKey(),
  url: text().notNull(),
  events: list<string>(),
  tracks: list<string>(),
  /** Newest first: what is sent is signed with each until it ends. */
  secrets: list<{ secret: string; until: string | null }>(),
  disabledAt: text(),
  disabledBecause: text(),
  seq: integer().notNull(),
  createdAt: text().notNull(),
  updatedAt: text().notNull(),
})

/** What a webhook is to be told, or was told: its queue and its log. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    number: integer().primaryKey({ autoIncrement: true }),
    /** The `webhook-id`: the same at every attempt. */
    id: text().notNull().unique(),
    webhook: text()
      .notNull()
      .references(() => webhooks.slug, cascade),
    type: text().notNull(),
    body: text().notNull(),
    createdAt: text().notNull(),
    attempts: integer().notNull(),
    /** When it is sent next; null where it is not sent any more. */
    nextAt: text(),
    /** Whether it waits for the receiver to come back: then no other is sent before it. */
    down: integer({ mode: 'boolean' }).notNull(),
    lastAt: text(),
    /** What the receiver answered last: a status, or why there was none. */
    lastAnswer: text(),
    deliveredAt: text(),
  },
  table => [index('deliveries_next').on(table.nextAt), index('deliveries_webhook').on(table.webhook, table.number)],
)

/** What was last loaded from files: `seq` is the change it ended with, so that a later one shows that the track was changed since. */
export const loads = sqliteTable('loads', {
  track: text().primaryKey(),
  hash: text().notNull(),
  seq: integer().notNull(),
  loadedAt: text().notNull(),
})

/** The table of each noun. */
export const tables = {
  track: tracks,
  source: sources,
  category: categories,
  skill: skills,
  principle: principles,
  project: projects,
  resource: resources,
  plan: plans,
  checklist: checklists,
} as const satisfies Record<Noun, SQLiteTable>

/** Fields of a noun that are stored outside its row: lists of keys, mentions, and the outline of a source. */
type Linked<N extends Noun> = ReferenceList<N> | 'mentions' | 'outline'

/** The row of a noun: its other fields, and its place among all of its track. */
type Row<N extends Noun> = Omit<Answer<N>, Linked<N>> & { sort: number }

type Columns<N extends Noun> = (typeof tables)[N]['$inferSelect']
type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Says in words where the columns and the fields of a noun differ; `never` where they agree. */
type Mismatch<N extends Noun> =
  | `${N}.${Exclude<keyof Row<N> & string, keyof Columns<N>>} has no column in src/store/tables.ts`
  | `${N}.${Exclude<keyof Columns<N> & string, keyof Row<N>>} is a column without a field in src/model`
  | {
      [F in keyof Row<N> & keyof Columns<N> & string]: Exactly<Row<N>[F], Columns<N>[F]> extends true
        ? never
        : `${N}.${F} has different types in src/store/tables.ts and src/model`
    }[keyof Row<N> & keyof Columns<N> & string]
type Mismatches = { [N in Noun]: Mismatch<N> }[Noun]

/** Fails to compile where a table and its noun differ; the error names the noun and the field. */
true satisfies [Mismatches] extends [never] ? true : Mismatches
