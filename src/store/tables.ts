import type { Item } from '../model/curriculum.ts'
import type { Duration } from '../model/duration.ts'
import type { FormerValues } from '../model/logged-fields.ts'
import type { ReferenceList } from '../model/references.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, nouns, scopes } from '../model/vocabulary.ts'
import {
  type AnySQLiteColumn,
  blob,
  index,
  integer,
  primaryKey,
  type SQLiteTable,
  sql,
  sqliteTable,
  text,
} from './drizzle.ts'

/** Every item of every noun: ids are looked up here, and outline lines refer to it. `name` is the qualified key. */
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

/** Earlier qualified keys of renamed items, which still resolve. */
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

/** The finished JSON of an item (see stored-json.ts); null until it is built. A write of the row does not set these columns. */
const jsonColumns = () => ({
  json: text(),
  jsonHash: text(),
  /** The lists of keys alone, as an object: other fields that are read alone are columns. */
  jsonLinks: text(),
  jsonFormat: text(),
})

/** The columns of every noun. `sort` is the place within the track; see `skillPlaces` in assign-keys.ts for that of a skill. */
const identityColumns = () => ({
  id: text()
    .notNull()
    .unique()
    .references(() => entries.id, { onDelete: 'cascade' }),
  slug: text().notNull(),
  key: text().primaryKey(),
  position: integer().notNull(),
  updatedAt: text().notNull(),
  formerly: list<string>(),
  externalId: text(),
  title: text().notNull(),
  sort: integer().notNull(),
  ...jsonColumns(),
})

const columnsInTrack = () => ({
  ...identityColumns(),
  track: text()
    .notNull()
    .references((): AnySQLiteColumn => tracks.key, cascade),
})

type OrderColumns = Record<'track' | 'sort' | 'key' | 'title' | 'updatedAt' | 'externalId', AnySQLiteColumn>

/** The columns that lists filter by, if the noun has them. */
const filterColumns = ['track', 'tier', 'category', 'kind', 'optional', 'updatedAt'] as const

/**
 * Creates one index for each order of a list, and one to find an external id. Each order index also covers the filter columns: with a selective filter many entries
 * are scanned, and rows are long.
 */
const orderIndexes = (
  name: string,
  table: OrderColumns & { [K in (typeof filterColumns)[number]]?: AnySQLiteColumn },
) => {
  const others = (...ordering: AnySQLiteColumn[]) =>
    filterColumns.flatMap(column => table[column] ?? []).filter(column => !ordering.includes(column))
  // Tracks have their own order; other nouns are ordered by track first.
  const order: [AnySQLiteColumn, ...AnySQLiteColumn[]] =
    name === 'tracks' ? [table.sort, table.key] : [table.track, table.sort, table.key]
  return [
    index(`${name}_order`).on(...order, ...others(...order)),
    index(`${name}_title`).on(sql`${table.title} collate nocase`, table.key, ...others()),
    index(`${name}_updated`).on(table.updatedAt, table.key, ...others(table.updatedAt)),
    index(`${name}_external_id`).on(sql`lower(${table.externalId})`).where(sql`lower(${table.externalId}) is not null`),
  ]
}

const tier = () => text({ enum: tiers })
const duration = () => text({ mode: 'json' }).$type<Duration>()
const learningKind = () => text({ enum: ['practical', 'theoretical'] })

export const tracks = sqliteTable(
  'tracks',
  {
    ...identityColumns(),
    track: text().notNull(),
    summary: text(),
    introduction: text(),
    language: text().notNull(),
    license: text(),
    version: text(),
    translationOf: text().references((): AnySQLiteColumn => tracks.key, follow),
    tiers: list<Item<'track'>['tiers'][number]>(),
  },
  table => orderIndexes('tracks', table),
)

export const sources = sqliteTable('sources', { ...columnsInTrack(), summary: text(), sampleBase: text() }, table =>
  orderIndexes('sources', table),
)

export const categories = sqliteTable(
  'categories',
  {
    ...columnsInTrack(),
    summary: text(),
    kind: learningKind(),
    parent: text().references((): AnySQLiteColumn => categories.key, follow),
    optional: integer({ mode: 'boolean' }).notNull(),
    /** The JSON of its skills by tier in the roadmap, with its hash; built with the other JSON. */
    cells: text(),
    cellsHash: text(),
    /** The sums of the durations of these skills by tier, as JSON. */
    cellsDurations: text(),
  },
  table => [...orderIndexes('categories', table), index('categories_parent').on(table.parent)],
)

export const skills = sqliteTable(
  'skills',
  {
    ...columnsInTrack(),
    category: text()
      .notNull()
      .references(() => categories.key, follow),
    tier: tier().notNull(),
    code: text(),
    summary: text(),
    kind: learningKind().notNull(),
    optional: integer({ mode: 'boolean' }).notNull(),
    duration: duration(),
    outcomes: list<string>(),
    examples: list<string>(),
    sample: text({ mode: 'json' }).$type<NonNullable<Item<'skill'>['sample']>>(),
    notes: text(),
    alignments: list<Item<'skill'>['alignments'][number]>().default([]),
    replacedBy: text().references((): AnySQLiteColumn => skills.key, follow),
  },
  table => [
    ...orderIndexes('skills', table),
    index('skills_category').on(table.category, table.sort, table.key),
    index('skills_replaced_by').on(table.replacedBy),
    index('skills_code').on(sql`${table.code} collate nocase`),
  ],
)

export const principles = sqliteTable(
  'principles',
  {
    ...columnsInTrack(),
    kind: text({ enum: ['rule', 'practice', 'pitfall', 'advice'] }).notNull(),
    statements: list<string>(),
    risk: text(),
    remedy: text(),
    category: text().references(() => categories.key, follow),
    tier: tier(),
  },
  table => [...orderIndexes('principles', table), index('principles_category').on(table.category)],
)

export const projects = sqliteTable(
  'projects',
  {
    ...columnsInTrack(),
    code: text(),
    tier: tier(),
    summary: text(),
    brief: text(),
    duration: duration(),
    starter: text(),
    stack: list<string>(),
    features: list<string>(),
    milestones: list<string>(),
    phases: list<Item<'project'>['phases'][number]>(),
    acceptance: list<string>(),
  },
  table => orderIndexes('projects', table),
)

export const exercises = sqliteTable(
  'exercises',
  {
    ...columnsInTrack(),
    kind: text({ enum: ['exercise', 'assignment', 'quiz'] }).notNull(),
    summary: text(),
    duration: duration(),
    instructions: text(),
    criteria: list<string>(),
    hints: list<string>(),
    solution: text(),
    questions: list<Item<'exercise'>['questions'][number]>(),
    files: list<Item<'exercise'>['files'][number]>(),
  },
  table => orderIndexes('exercises', table),
)

export const resources = sqliteTable(
  'resources',
  {
    ...columnsInTrack(),
    kind: text({ enum: ['book', 'documentation', 'course', 'article', 'site', 'video', 'tool'] }).notNull(),
    summary: text(),
    url: text(),
  },
  table => orderIndexes('resources', table),
)

export const plans = sqliteTable(
  'plans',
  {
    ...columnsInTrack(),
    kind: text({ enum: ['plan', 'timeline'] }).notNull(),
    tier: tier(),
    duration: duration(),
    weeklyHours: text({ mode: 'json' }).$type<NonNullable<Item<'plan'>['weeklyHours']>>(),
    steps: list<Item<'plan'>['steps'][number]>(),
  },
  table => orderIndexes('plans', table),
)

export const checklists = sqliteTable(
  'checklists',
  {
    ...columnsInTrack(),
    kind: text({ enum: ['completion', 'interview', 'commands', 'testing', 'infrastructure'] }).notNull(),
    tier: tier(),
    items: list<Item<'checklist'>['items'][number]>(),
  },
  table => orderIndexes('checklists', table),
)

/** The lines of each source's outline, in order. `mentions` of all other nouns are read from here. */
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

/** The pictures of tracks. `size` and `hash` are those of `bytes`. */
export const pictures = sqliteTable(
  'pictures',
  {
    track: text()
      .notNull()
      .references(() => tracks.key, cascade),
    path: text().notNull(),
    mediaType: text().$type<Item<'track'>['pictures'][number]['mediaType']>().notNull(),
    size: integer().notNull(),
    hash: text().notNull(),
    bytes: blob({ mode: 'buffer' }).notNull(),
  },
  table => [primaryKey({ columns: [table.track, table.path] })],
)

/** A link table. A link is deleted with its `from`; an item cannot be deleted while another item links `to` it. */
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
/** Pairs of related skills as `from` wrote them; items list each pair on both sides. */
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

export const projectResources = link(
  'project_resources',
  () => projects.key,
  () => resources.key,
)
export const exerciseSkills = link(
  'exercise_skills',
  () => exercises.key,
  () => skills.key,
)

/** The change log. `seq` is the cursor that clients follow. The last row of a deleted item stays here. */
export const changes = sqliteTable(
  'changes',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    noun: text({ enum: nouns }).notNull(),
    id: text().notNull(),
    key: text().notNull(),
    track: text().notNull(),
    /** The title at the time of the change; null in rows from before titles were logged. */
    title: text(),
    /** The `externalId` at the time of the change, by which CASE identifies a removed item; null in rows from before it was logged. */
    externalId: text(),
    op: text({ enum: ['upsert', 'delete'] }).notNull(),
    changedAt: text().notNull(),
    /** The name of the API key that made the change; null if it was loaded from files. */
    by: text(),
    /** The earlier values of the logged fields that changed; null for creations and deletions, and in rows from before values were logged. */
    former: text({ mode: 'json' }).$type<FormerValues>(),
    /** True if the API wrote to this track, so that its files lack the change; false for effects on other tracks. */
    isApiEdit: integer('drifts', { mode: 'boolean' }).notNull().default(false),
  },
  table => [
    index('changes_id').on(table.id),
    index('changes_key').on(table.noun, table.key),
    index('changes_track').on(table.track, table.seq),
  ],
)

/** The sequence number of the newest pruned change: a client that follows from an earlier cursor has missed changes. At most one row. */
export const prunedChanges = sqliteTable('forgotten', { number: integer().primaryKey(), seq: integer().notNull() })

/** The format that all stored JSON had when a rebuild finished (see stored-json.ts). At most one row. */
export const jsonFormats = sqliteTable('json_formats', { number: integer().primaryKey(), format: text().notNull() })

/** API keys. Only a hash of each key is stored. */
export const keys = sqliteTable('keys', {
  /** The public part of the key, which identifies it. */
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

/** Receivers of change events (Standard Webhooks 1.0). `seq` is the last change that was queued for the receiver. */
export const webhooks = sqliteTable('webhooks', {
  slug: text().primaryKey(),
  url: text().notNull(),
  events: list<string>(),
  tracks: list<string>(),
  /** The newest first. Deliveries are signed with every secret that has not expired. */
  secrets: list<{ secret: string; until: string | null }>(),
  disabledAt: text(),
  disabledBecause: text(),
  seq: integer().notNull(),
  createdAt: text().notNull(),
  updatedAt: text().notNull(),
})

/** The queue of events for each webhook, and the log of deliveries. */
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
    /** The time of the next attempt; null after the last one. */
    nextAt: text(),
    /** True if the receiver is down; later deliveries of the same webhook then wait behind this one. */
    down: integer({ mode: 'boolean' }).notNull(),
    lastAt: text(),
    /** The status of the last response, or the reason why there was none. */
    lastAnswer: text(),
    deliveredAt: text(),
  },
  table => [index('deliveries_next').on(table.nextAt), index('deliveries_webhook').on(table.webhook, table.number)],
)

/** The last load of each track from files. `seq` is the last change at that time, so later changes were made through the API. */
export const loads = sqliteTable('loads', {
  track: text().primaryKey(),
  hash: text().notNull(),
  /** A hash of the sizes, times and inodes of the files; null if they were not on this machine, or had just been changed. */
  stamp: text(),
  seq: integer().notNull(),
  loadedAt: text().notNull(),
})

/** The newest transactions of the primary of several nodes. A node recognizes by the random id that another file has the same history. */
export const commits = sqliteTable('commits', {
  number: integer().primaryKey(),
  id: text().notNull(),
  /** In milliseconds since 1970 by the clock of the primary. */
  committedAt: integer().notNull(),
})

/** The lease of the process that runs the jobs of several nodes. One row. */
export const lease = sqliteTable('lease', {
  number: integer().primaryKey(),
  /** Null if no process has taken it yet. */
  holder: text(),
  /** The time at which it ends unless it is renewed, in milliseconds since 1970 by the clock of the primary. */
  expiresAt: integer().notNull(),
})

/** The table of each noun. */
export const tables = {
  track: tracks,
  source: sources,
  category: categories,
  skill: skills,
  principle: principles,
  project: projects,
  exercise: exercises,
  resource: resources,
  plan: plans,
  checklist: checklists,
} as const satisfies Record<Noun, SQLiteTable>

/** Fields of a noun that are stored outside its row: lists of keys, mentions, the outline of a source, and the pictures of a track. */
type Linked<N extends Noun> = ReferenceList<N> | 'mentions' | 'outline' | 'pictures'

/** The row of a noun: its other fields, and its place within the track. */
type Row<N extends Noun> = Omit<Item<N>, Linked<N>> & { sort: number }

/** The columns that hold JSON built from the others. */
export const builtColumns = [
  'json',
  'jsonHash',
  'jsonLinks',
  'jsonFormat',
  'cells',
  'cellsHash',
  'cellsDurations',
] as const

type Columns<N extends Noun> = Omit<(typeof tables)[N]['$inferSelect'], (typeof builtColumns)[number]>
type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** A sentence for each difference between the columns and the fields of a noun; `never` if they agree. */
type Mismatch<N extends Noun> =
  | `${N}.${Exclude<keyof Row<N> & string, keyof Columns<N>>} has no column in src/store/tables.ts`
  | `${N}.${Exclude<keyof Columns<N> & string, keyof Row<N>>} is a column without a field in src/model`
  | {
      [F in keyof Row<N> & keyof Columns<N> & string]: Exactly<Row<N>[F], Columns<N>[F]> extends true
        ? never
        : `${N}.${F} has different types in src/store/tables.ts and src/model`
    }[keyof Row<N> & keyof Columns<N> & string]
type Mismatches = { [N in Noun]: Mismatch<N> }[Noun]

/** Fails to compile if a table and its noun differ; the error names the noun and the field. */
true satisfies [Mismatches] extends [never] ? true : Mismatches
