interface Nested {
  key: string
  parent: string | null
}

/** Returns categories in reading order: after each one, those below it. The others keep their order. */
export const inReadingOrder = <C extends Nested>(categories: readonly C[]): C[] => {
  const children = Map.groupBy(categories, ({ parent }) => parent)
  const withChildren = (category: C): C[] => [category, ...(children.get(category.key) ?? []).flatMap(withChildren)]
  return (children.get(null) ?? []).flatMap(withChildren)
}

/** Returns a function from the key of a category to the categories that it is a part of, from the top down. */
export const createAncestorsOf = <C extends Nested>(categories: readonly C[]): ((key: string) => C[]) => {
  const byKey = new Map(categories.map(category => [category.key, category]))
  const ancestorsOf = (key: string): C[] => {
    const parent = byKey.get(byKey.get(key)?.parent ?? '')
    return parent === undefined ? [] : [...ancestorsOf(parent.key), parent]
  }
  return ancestorsOf
}
