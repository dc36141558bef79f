/** One condition: a field (a path with dots), an operator and a value. */
interface Condition {
  field: string
  predicate: Predicate
  value: string
}
type Predicate = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~'

/** One condition, or two joined by AND or OR. */
export interface Filter {
  conditions: readonly Condition[]
  every: boolean
}

const conditionPattern = "([A-Za-z][A-Za-z_.]*)(!=|>=|<=|=|>|<|~)'"
const filterPattern = new RegExp(`^${conditionPattern}(.*?)'(?: (AND|OR) ${conditionPattern}(.*)')?$`, 's')
/** Matches a value that contains a further condition: an unknown operator or a third condition. */
const furtherCondition = new RegExp(`'\\s*\\w+\\s+${conditionPattern}`)

/** Parses a filter; undefined when it is invalid. An apostrophe in a value is not escaped. */
export const parseFilter = (text: string): Filter | undefined => {
  const [, field, predicate, value, word, secondField, secondPredicate, secondValue] = filterPattern.exec(text) ?? []
  if (field === undefined || furtherCondition.test(`${value} ${secondValue}`)) return undefined
  const first = { field, predicate, value } as Condition // all three match where one does
  if (word === undefined) return { conditions: [first], every: true }
  const second = { field: secondField, predicate: secondPredicate, value: secondValue } as Condition // as above
  return { conditions: [first, second], every: word === 'AND' }
}

/** Ignores case but not accents (Unicode Collation Algorithm, root collation). */
export const collator = new Intl.Collator('en', { sensitivity: 'accent' })

/** Fields compared as points in time, whatever their time zone. */
const timeFields = ['lastChangeDateTime', 'statusStartDate', 'statusEndDate']

/** Returns the conditions that compare a time with something else. */
export const invalidConditions = ({ conditions }: Filter): Condition[] =>
  conditions.filter(
    ({ field, predicate, value }) => timeFields.includes(field) && predicate !== '~' && Number.isNaN(Date.parse(value)),
  )

export const matchesFilter = (filter: Filter, record: object): boolean => {
  const matches = (one: Condition) => matchesCondition(one, valuesAt(record, one.field.split('.')))
  return filter.every ? filter.conditions.every(matches) : filter.conditions.some(matches)
}

/** Returns the texts at a path; several when the path passes through an array. */
export const valuesAt = (value: unknown, [name, ...rest]: readonly string[]): string[] => {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.flatMap(one => valuesAt(one, name === undefined ? [] : [name, ...rest]))
  if (name === undefined) return [String(value)]
  return valuesAt((value as Record<string, unknown>)[name], rest) // only objects have what is named
}

/** Tests one condition. A missing field only matches `!=`. Arrays compare as their values joined by commas; `~` tests each value. */
const matchesCondition = ({ field, predicate, value }: Condition, values: readonly string[]): boolean => {
  if (values.length === 0) return predicate === '!='
  if (predicate === '~') return value.split(',').some(part => values.some(one => contains(one, part)))
  const order = timeFields.includes(field)
    ? Math.sign(Date.parse(values.join()) - Date.parse(value))
    : collator.compare(values.join(), value)
  return comparisons[predicate](order)
}

const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())

const comparisons: Record<Exclude<Predicate, '~'>, (order: number) => boolean> = {
  '=': order => order === 0,
  '!=': order => order !== 0,
  '>': order => order > 0,
  '>=': order => order >= 0,
  '<': order => order < 0,
  '<=': order => order <= 0,
}
