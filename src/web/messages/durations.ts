import type { Duration, TotalDuration } from '../../model/duration.ts'
import { roundToHours } from '../../model/duration-text.ts'
import type { Messages } from './en.ts'
import { format } from './format.ts'

/** The messages of durations; a script gets them with the data of its page. */
export type DurationMessages = Pick<Messages, 'language' | 'durations'>

/** Formats an amount of time: `1 hour`, `30–45 minutes`, `up to 2 days`, `about 4 weeks`, `at least 2 days`. */
export const formatDuration = (
  { language, durations }: DurationMessages,
  { unit, from, to, approximate }: Duration,
): string => {
  const number = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  const about = (time: string) => (approximate ? format(durations.about, { time }) : time)
  if (to === null) return format(durations.atLeast, { time: about(number.format(from)) })
  if (from === to) return about(number.format(to))
  return from === 0 ? format(durations.upTo, { time: about(number.format(to)) }) : about(number.formatRange(from, to))
}

/** Formats a span of time, counted from the start of learning: `Months 0–3`, `Week 4`, `From month 12 on`. */
export const formatSpan = (
  { durations }: DurationMessages,
  { unit, from, to, approximate = false }: Omit<Duration, 'approximate'> & { approximate?: boolean },
): string => {
  const forms = durations.spans[unit]
  const span = format(to === null ? forms.openEnded : from === to ? forms.one : forms.several, { from, to: to ?? '' })
  return approximate ? format(durations.approximateSpan, { span }) : span
}

/** Formats hours a week: `10–15 hours a week`. */
export const formatWeekly = (messages: DurationMessages, { from, to }: { from: number; to: number }): string =>
  format(messages.durations.weekly, {
    time: formatDuration(messages, { unit: 'hour', from, to, approximate: false }),
  })

/** Formats a sum: `12–20 hours`, `12–20 hours for 5 of 8 skills`; undefined if nothing in it has a duration. */
export const formatTotal = (messages: DurationMessages, total: TotalDuration): string | undefined => {
  if (total.known === 0) return undefined
  const time = formatDuration(messages, roundToHours(total))
  return total.unknown === 0
    ? time
    : format(messages.durations.incomplete, { time, known: total.known, all: total.known + total.unknown })
}
