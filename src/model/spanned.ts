import type { Duration } from './duration.ts'

/** `Months 0–3`, `Week 4`, `From month 12 on`. */
export const spanned = ({ unit, from, to }: Pick<Duration, 'unit' | 'from' | 'to'>): string => {
  if (to === null) return `From ${unit} ${from} on`
  const word = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}`
  return from === to ? `${word} ${from}` : `${word}s ${from}–${to}`
}
