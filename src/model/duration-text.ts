import type { Duration, TotalDuration } from './duration.ts'

/** Formats a span of time, counted from the start of learning: `Months 0–3`, `Week 4`, `From month 12 on`. */
export const formatSpan = ({ unit, from, to }: Pick<Duration, 'unit' | 'from' | 'to'>): string => {
  if (to === null) return `From ${unit} ${from} on`
  const word = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}`
  return from === to ? `${word} ${from}` : `${word}s ${from}–${to}`
}

/** Formats an amount of time: `1 hour`, `30–45 minutes`, `up to 2 days`, `about 4 weeks`, `from 2 days`. */
export const formatDuration = ({ unit, from, to, approximate }: Duration): string => {
  const about = approximate ? 'about ' : ''
  if (to === null) return `from ${about}${from} ${pluralOf(unit, from)}`
  if (from === to) return `${about}${to} ${pluralOf(unit, to)}`
  return from === 0 ? `up to ${about}${to} ${pluralOf(unit, to)}` : `${about}${from}–${to} ${pluralOf(unit, to)}`
}

const pluralOf = (unit: Duration['unit'], amount: number): string => (amount === 1 ? unit : `${unit}s`)

/** Formats hours a week: `10–15 hours a week`. */
export const formatWeekly = ({ from, to }: { from: number; to: number }): string =>
  `${formatDuration({ unit: 'hour', from, to, approximate: false })} a week`

/** Formats a sum: `12–20 hours`, `12–20 hours for 5 of 8 skills`; undefined if nothing in it has a duration. */
export const formatTotal = (total: TotalDuration): string | undefined => {
  if (total.known === 0) return undefined
  const text = formatDuration(roundToHours(total))
  return total.unknown === 0 ? text : `${text} for ${total.known} of ${total.known + total.unknown} skills`
}

/** Rounds a sum of two hours or more to hours. */
export const roundToHours = (total: TotalDuration): Duration =>
  total.unit === 'hour' || (total.to ?? total.from) < 120
    ? total
    : {
        unit: 'hour',
        from: Math.round(total.from / 60),
        to: total.to === null ? null : Math.round(total.to / 60),
        approximate: true,
      }

/** Returns the weeks that a complete sum takes at this number of hours a week; undefined if they are not known. */
export const weeksOf = (
  { unit, from, to, known, unknown }: TotalDuration,
  weekly: { from: number; to: number },
): Duration | undefined => {
  if (known === 0 || unknown > 0 || weekly.to === 0) return undefined
  const weeks = (amount: number, hours: number) => Math.ceil(amount / (unit === 'hour' ? 1 : 60) / hours)
  return {
    unit: 'week',
    from: weeks(from, weekly.to),
    to: to === null || weekly.from === 0 ? null : weeks(to, weekly.from),
    approximate: true,
  }
}
