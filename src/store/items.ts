import { type Item, schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { Mention } from '../model/identity.ts'
import { OutlineLine } from '../model/source.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { chunks, type Session } from './database.ts'
import { eq, getTableColumns, getTableName, inArray, type SQL, type SQLiteColumn, sql } from './drizzle.ts'
import { type Link, links } from './links.ts'
import { tables } from './tables.ts'

/**
 * Selects whole items of a noun in one statement: its row, and as JSON every list that is stored in another table. So an
 * edge of the graph costs one query, whatever it includes.
 */
export const selectItems = (session: Session, noun: Noun) =>
  session.select({ item: selections[noun], sort: tables[noun].sort }).from(tables[noun]).$dynamic()

/** An item with its place among all items of its noun and track. */
export interface Row<N extends Noun = Noun> {
  item: Item<N>
  sort: number
}

const parse = (text: unknown): unknown => JSON.parse(String(text))
const json = (query: SQL): SQL => sql`${query}`.mapWith(parse)

/**
 * Builds a JSON array of an expression over ordered rows, as `json_group_array(… order by …)` does since SQLite 3.44. libSQL
 * refuses that form. A subquery loses the mark that a text is JSON, so `json()` marks an object again.
 */
const jsonArray = (expression: string, from: string, order: string): SQL => {
  const element = expression.startsWith('json_object(') ? 'json(element)' : 'element'
  const rows = `select ${expression} as element from ${from} order by ${order}`
  return json(sql.raw(`(select json_group_array(${element}) from (${rows}))`))
}

/** Selects the keys at the other end of a link, in curriculum order. */
const linkedKeys = ({ noun, target, table, near, symmetric }: Link): SQL => {
  const [link, owner, other] = [table, tables[noun], tables[target]].map(getTableName)
  const far = near === 'from' ? 'to' : 'from'
  const order = 't.track, t.sort, t.key'
  return symmetric
    ? jsonArray(
        't.key',
        `${other} t where t.key in (select "to" from ${link} where "from" = ${owner}.key union all select "from" from ${link} where "to" = ${owner}.key)`,
        order,
      )
    : jsonArray(`l."${far}"`, `${link} l join ${other} t on t.key = l."${far}" where l."${near}" = ${owner}.key`, order)
}

/** `optional` is a number in SQLite and a boolean in items. */
const jsonObject = (names: string[]): string =>
  `json_object(${names.map(name => `'${name}', ${name === 'optional' ? `json(case l.optional when 1 then 'true' when 0 then 'false' else 'null' end)` : `l."${name}"`}`).join(', ')})`

const namesOf = (schema: Parameters<typeof fieldsOf>[0]): string[] => fieldsOf(schema).map(field => field.name)

const mentions = (noun: Noun): SQL => {
  const table = getTableName(tables[noun])
  return jsonArray(
    jsonObject(namesOf(Mention)),
    `outline_lines l join sources s on s.key = l.source where l.of = ${table}.track || '.${noun}.' || ${table}.slug`,
    's.track, s.sort, l.position',
  )
}

const outline = jsonArray(
  jsonObject(namesOf(OutlineLine)),
  'outline_lines l where l.source = sources.key',
  'l.position',
)

const pictures = jsonArray(
  `json_object('path', p.path, 'mediaType', p.media_type, 'size', p.size, 'hash', p.hash)`,
  'pictures p where p.track = tracks.key',
  'p.path',
)

/** The expression of each field that is stored outside the row of its noun. */
const listExpressions = (noun: Noun): Record<string, SQL> => ({
  mentions: mentions(noun),
  outline,
  pictures,
  ...Object.fromEntries(links.filter(link => link.noun === noun).map(link => [link.field, linkedKeys(link)])),
})

/** The expressions that each noun selects, in the order of its fields. */
const selections = Object.fromEntries(
  nouns.map(noun => {
    const selectable: Record<string, SQLiteColumn | SQL> = {
      ...listExpressions(noun),
      ...getTableColumns(tables[noun]),
    }
    return [noun, Object.fromEntries(fieldsOf(schemas[noun]).map(({ name }) => [name, selectable[name]]))]
  }),
) as Record<Noun, Record<string, SQLiteColumn | SQL>> // the types in tables.ts and links.ts leave no field out

/** Reads all items of one noun in a track, in order. */
export const itemsOfTrack = async <N extends Noun>(session: Session, noun: N, track: string): Promise<Row<N>[]> => {
  const table = tables[noun]
  const rows = await selectItems(session, noun).where(eq(table.track, track)).orderBy(table.sort, table.key)
  return rows as unknown as Row<N>[] // `selections` has the fields of the noun
}

/** Reads the items with these keys or ids in chunks, because SQLite limits the number of parameters of a statement. */
export const itemsBy = async <N extends Noun>(
  session: Session,
  noun: N,
  column: 'key' | 'id',
  values: readonly string[],
): Promise<Item<N>[]> => {
  const items: Item<N>[] = []
  const { track, sort, key, [column]: selected } = tables[noun]
  for (const chunk of chunks(values, 1000)) {
    const rows = await selectItems(session, noun).where(inArray(selected, chunk)).orderBy(track, sort, key)
    items.push(...rows.map(row => row.item as Item<N>)) // the columns are those of the noun
  }
  return items
}
