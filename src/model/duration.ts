import { z } from 'zod'
import { orNull } from './text.ts'
import { Unit } from './vocabulary.ts'

const amount = z.int().min(0).max(10_000)

/** A stretch of time counted from the start of learning. */
export const span = {
  unit: Unit.meta({ description: 'What `from` and `to` count.' }),
  from: amount.meta({ description: 'Where it begins, in units.' }),
  to: orNull(amount).meta({ description: 'Where it ends, in units; null where it is open-ended.' }),
}

export const Duration = z
  .strictObject({
    ...span,
    approximate: z.boolean().default(false).meta({ description: 'Whether the end is a rough figure.' }),
  })
  .meta({ id: 'Duration', description: 'A stretch of time.' })
export type Duration = z.infer<typeof Duration>
