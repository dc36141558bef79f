/** Shortens an answer to an example: one element is enough of a list, but not of the tiers that all skills stand in. Times are fixed, so that only what matters changes it. */
export const exampleOf = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return (name === 'tiers' ? value : value.slice(0, 1)).map(one => exampleOf(one))
  if (name === 'updatedAt' || name === 'changedAt') return '2026-11-01T00:00:00.000Z'
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, exampleOf(one, field)]))
}
