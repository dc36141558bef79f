/** One condition: a field by its name, nested ones with dots, and what it is compared with. */
interface Condition {
  field: string
  predicate: Predicate
  value: string
}
type Predicate = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~'

/** One condition, or two joined by a word. */
export interface Filter {
  conditions: readonly Condition[]
  every: boolean
}

const condition = "([A-Za-z][A-Za-z_.]*)(!=|>=|<=|=|>|<|~)'"
const whole = new RegExp(`^${condition}(.*?)'(?: (AND|OR) ${condition}(.*)')?$`, 's')
/** A value that holds one more condition: a word that joins none, or a third. */
const another = new RegExp(`'\\s*\\w+\\s+${condition}`)

/** Reads a filter; undefined where it is none. An apostrophe in a value stands for itself. */
export const readFilter = (text: string): Filter | undefined => {
  const [, field, predicate, value, word, secondField, secondPredicate, secondValue] = whole.exec(text) ?? []
  if (field === undefined || another.test(`${value} ${secondValue}`)) return undefined
  const first = { field, predicate, value } as Condition // all three match where one does
  if (word === undefined) return { conditions: [first], every: true }
  const second = { field: secondField, predicate: secondPredicate, value: secondValue } as Condition // as above
  return { conditions: [first, second], every: word === 'AND' }
}

/** Capitals make no difference, accents do (Unicode Collation Algorithm, root collation). */
export const collator = new Intl.Collator('en', { sensitivity: 'accent' })

/** What tells when something was: compared as points in time, however they are written. */
const times = ['lastChangeDateTime', 'statusStartDate', 'statusEndDate']

/** The conditions whose value is not what their field takes. */
export const wrongValues = ({ conditions }: Filter): Condition[] =>
  conditions.filter(
    ({ field, predicate, value }) => times.includes(field) && predicate !== '~' && Number.isNaN(Date.parse(value)),
  )

export const passes = (filter: Filter, record: object): boolean => {
  const holds = (one: Condition) => fits(one, valuesAt(record, one.field.split('.')))
  return filter.every ? filter.conditions.every(holds) : filter.conditions.some(holds)
}

/** The texts at a path; several where a list is on the way. */
export const valuesAt = (value: unknown, [name, ...rest]: readonly string[]): string[] => {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.flatMap(one => valuesAt(one, name === undefined ? [] : [name, ...rest]))
  if (name === undefined) return [String(value)]
  return valuesAt((value as Record<string, unknown>)[name], rest) // only objects have what is named
}

/** What is not there is unlike everything. A list is like its values joined by commas, and contains what any of them contains. */
const fits = ({ field, predicate, value }: Condition, found: readonly string[]): boolean => {
  if (found.length === 0) return predicate === '!='
  if (predicate === '~') return value.split(',').some(part => found.some(one => contains(one, part)))
  const order = times.includes(field)
    ? Math.sign(Date.parse(found.join()) - Date.parse(value))
    : collator.compare(found.join(), value)
  return holdsFor[predicate](order)
}

const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())

const holdsFor: Record<Exclude<Predicate, '~'>, (order: number) => boolean> = {
  '=': order => order === 0,
  '!=': order => order !== 0,
  '>': order => order > 0,
  '>=': order => order >= 0,
  '<': order => order < 0,
  '<=': order => order <= 0,
}
