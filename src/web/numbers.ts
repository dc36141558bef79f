import { type Duration, formatSpan } from '../model/duration.ts'

/** `1 skill`, `2 skills`, `0 skills`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

export const lasting = (duration: Duration | null): string | null =>
  duration && `${formatSpan(duration)}${duration.approximate ? ' or so' : ''}`
