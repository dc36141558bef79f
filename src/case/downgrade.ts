import type { Site } from './addresses.ts'

/** What CASE 1.1 added: 1.0 is closed, and a client of it refuses a package with any of these. */
export const newIn11 = ['caseVersion', 'frameworkType', 'extensions', 'targetType']

/** What became a text of several lines in 1.1. */
const oneLine = ['fullStatement', 'description']

/** An answer as the version asked for has it. */
export const inVersion = <T>({ version }: Site, answer: T): T =>
  version === 'v1p1' ? answer : (downgraded(answer) as T) // fields may be fewer

const downgraded = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(downgraded)
  if (typeof value !== 'object' || value === null) return value
  const fields: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value))
    if (!newIn11.includes(name))
      fields[name] = oneLine.includes(name) ? String(field).replace(/\s+/g, ' ') : downgraded(field)
  return fields
}
