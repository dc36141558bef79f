import { z } from 'zod'
import { type Kind, kindList } from './file-kinds.ts'

/** The JSON Schema of each kind of file, by name: editors complete, explain and check files with it. */
export const fileSchemas = (): Record<string, object> =>
  Object.fromEntries(kindList.map(kind => [kind.schema, jsonSchema(kind)]))

const jsonSchema = (kind: Kind): object =>
  z.toJSONSchema(
    fileSchema(kind).meta({ title: `${kind.schema}.schema.json`, description: kind.description }),
    // The draft that editors' YAML support knows best.
    { io: 'input', target: 'draft-7' },
  )

/** What the whole file holds, from what one entry holds. */
const fileSchema = ({ entry, list }: Kind): z.ZodType => {
  if (list === undefined) return entry
  const [field] = list
  return field === undefined ? z.array(entry) : z.strictObject({ [field]: z.array(entry) })
}
