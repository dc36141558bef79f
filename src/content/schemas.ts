import { z } from 'zod'
import { type Kind, type KindName, kinds } from './kinds.ts'

/** A JSON Schema a kind of file, by which an editor completes, explains and checks what is written. */
export const fileSchemas = (): Record<KindName, object> => {
  const schemas = Object.entries<Kind>(kinds).map(([name, kind]) => [name, jsonSchema(name, kind)] as const)
  return Object.fromEntries(schemas) as Record<KindName, object> // one a kind
}

const jsonSchema = (name: string, kind: Kind): object =>
  z.toJSONSchema(
    fileSchema(kind).meta({ title: `${name}.schema.json`, description: kind.description }),
    // The draft that editors' YAML support knows best.
    { io: 'input', target: 'draft-7' },
  )

/** What the whole file holds, from what one entry holds. */
const fileSchema = ({ entry, list }: Kind): z.ZodType => {
  if (list === undefined) return entry
  const [field] = list
  return field === undefined ? z.array(entry) : z.strictObject({ [field]: z.array(entry) })
}
