import { z } from 'zod'
import { orNull } from './text.ts'
import { Unit } from './vocabulary.ts'

const amount = z.int().min(0).max(10_000)

/** The fields of a span of time, counted from the start of learning. */
export const spanFields = {
  unit: Unit.meta({ description: 'The unit of `from` and `to`.' }),
  from: amount.meta({ description: 'The beginning, in units.' }),
  to: orNull(amount).meta({ description: 'The end, in units; null if open-ended.' }),
}

export const Duration = z
  .strictObject({
    ...spanFields,
    approximate: z.boolean().default(false).meta({ description: 'True if the end is an estimate.' }),
  })
  .meta({ id: 'Duration', description: 'A span of time.' })
export type Duration = z.infer<typeof Duration>

const total = z.int32().min(0)

export const TotalDuration = z
  .strictObject({
    unit: z.enum(['minute', 'hour']).meta({ description: 'Hours if both ends are whole hours, else minutes.' }),
    from: total.meta({ description: 'The sum of the shortest durations, in units.' }),
    to: total
      .nullable()
      .meta({ description: 'The sum of the longest durations, in units; null if one of them is open-ended.' }),
    approximate: z.boolean().meta({ description: 'True if one of the durations is an estimate.' }),
    known: z.int().min(0).max(100_000).meta({ description: 'The number of durations in the sum.' }),
    unknown: z.int().min(0).max(100_000).meta({ description: 'The number of items without a duration.' }),
  })
  .meta({
    id: 'TotalDuration',
    description:
      'A sum of durations, in hours of full-time study: a day has 8 hours, a week 5 days, a month 4 weeks and a year 12 months.',
  })
export type TotalDuration = z.infer<typeof TotalDuration>
