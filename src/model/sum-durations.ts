import type { Duration, TotalDuration } from './duration.ts'

/** Full-time study: a day has 8 hours, a week 5 days, a month 4 weeks and a year 12 months. */
const minutesPerUnit: { readonly [U in Duration['unit']]: number } = {
  minute: 1,
  hour: 60,
  day: 8 * 60,
  week: 5 * 8 * 60,
  month: 4 * 5 * 8 * 60,
  year: 12 * 4 * 5 * 8 * 60,
}

/** The largest number of a sum, in minutes: the largest `Int` of GraphQL. */
export const maxTotal = 2_147_483_647

/** Adds durations, and counts the items that have none. */
export const sumDurations = (durations: readonly (Duration | null | undefined)[]): TotalDuration =>
  addTotals(
    durations.map(duration => (duration ? { ...duration, known: 1, unknown: 0 } : { ...noTime, known: 0, unknown: 1 })),
  )

const noTime = { unit: 'minute', from: 0, to: 0, approximate: false } as const

export const addTotals = (totals: readonly (Duration & Pick<TotalDuration, 'known' | 'unknown'>)[]): TotalDuration => {
  let [from, to, approximate, known, unknown] = [0, 0, false, 0, 0]
  for (const total of totals) {
    from += total.from * minutesPerUnit[total.unit]
    to += (total.to ?? Number.POSITIVE_INFINITY) * minutesPerUnit[total.unit]
    approximate ||= total.approximate
    known += total.known
    unknown += total.unknown
  }
  const minutes = {
    from: Math.min(from, maxTotal),
    to: to === Number.POSITIVE_INFINITY ? null : Math.min(to, maxTotal),
  }
  const [unit, size] =
    minutes.from % 60 === 0 && (minutes.to ?? 0) % 60 === 0 ? (['hour', 60] as const) : (['minute', 1] as const)
  return {
    unit,
    from: minutes.from / size,
    to: minutes.to === null ? null : minutes.to / size,
    approximate,
    known,
    unknown,
  }
}
