import type { Duration } from '../model/duration.ts'

/** `1 skill`, `2 skills`, `0 skills`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `Months 0–3`, `Week 4`, `From month 12 on`. */
export const spanned = ({ unit, from, to }: Pick<Duration, 'unit' | 'from' | 'to'>): string => {
  if (to === null) return `From ${unit} ${from} on`
  const word = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}`
  return from === to ? `${word} ${from}` : `${word}s ${from}–${to}`
}

export const lasting = (duration: Duration | null): string | null =>
  duration && `${spanned(duration)}${duration.approximate ? ' or so' : ''}`
