import type { Value } from './file-values.ts'

/** For each item of a list, which of the items it had before it was; undefined where it is new. */
export const matchItems = (before: readonly Value[], after: readonly Value[]): (number | undefined)[] => {
  const free = new Set(before.keys())
  const take = (index: number | undefined): number | undefined =>
    index !== undefined && free.delete(index) ? index : undefined
  const named = after.map(item => take(indexByName(before, item)))
  const bySame = Map.groupBy(free, index => JSON.stringify(before[index]))
  const same = after.map((item, index) => named[index] ?? take(bySame.get(JSON.stringify(item))?.shift()))
  const matched: (number | undefined)[] = []
  // One that stands where another stood is that one, changed; what has a name would have kept it.
  for (const [index, item] of after.entries()) {
    const place = index === 0 ? 0 : (matched[index - 1] ?? before.length) + 1
    matched.push(same[index] ?? (slugOf(item) === undefined ? take(place) : undefined))
  }
  return matched
}

const indexByName = (before: readonly Value[], item: Value): number | undefined => {
  const slug = slugOf(item)
  if (slug === undefined) return undefined
  const slugs = before.map(slugOf)
  return [slug, ...formerly(item)].map(name => slugs.indexOf(name)).find(index => index >= 0)
}

const slugOf = (item: Value | undefined): string | undefined => {
  const slug = fieldOf(item, 'slug')
  return typeof slug === 'string' ? slug : undefined
}

const formerly = (item: Value): string[] => {
  const names = fieldOf(item, 'formerly')
  return Array.isArray(names) ? names.map(String) : []
}

const fieldOf = (item: Value | undefined, name: string): Value | undefined =>
  typeof item === 'object' && !Array.isArray(item) ? item[name] : undefined
