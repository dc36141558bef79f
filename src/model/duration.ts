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

/** Formats a span of time: `Months 0–3`, `Week 4`, `From month 12 on`. */
export const formatSpan = ({ unit, from, to }: Pick<Duration, 'unit' | 'from' | 'to'>): string => {
  if (to === null) return `From ${unit} ${from} on`
  const word = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}`
  return from === to ? `${word} ${from}` : `${word}s ${from}–${to}`
}
