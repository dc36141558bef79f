import t from 'tap'
import type { Duration } from '../../src/model/duration.ts'
import { sumDurations } from '../../src/model/sum-durations.ts'
import { formatDuration, formatSpan, formatTotal, formatWeekly } from '../../src/web/messages/durations.ts'
import { messagesFor } from '../../src/web/messages/messages.ts'

const duration = (unit: Duration['unit'], from: number, to: number | null = from, approximate = false): Duration => ({
  unit,
  from,
  to,
  approximate,
})

const [english, german] = [messagesFor('en'), messagesFor('de-AT')]

t.test('durations are written in the language of the page', async t => {
  for (const [given, en, de] of [
    [duration('minute', 30, 45), '30–45 minutes', '30–45 Minuten'],
    [duration('hour', 1), '1 hour', '1 Stunde'],
    [duration('day', 2, 3), '2–3 days', '2–3 Tage'],
    [duration('week', 4, 4, true), 'about 4 weeks', 'etwa 4 Wochen'],
    [duration('day', 2, null), 'at least 2 days', 'mindestens 2 Tage'],
    [duration('year', 1, null, true), 'at least about 1 year', 'mindestens etwa 1 Jahr'],
    [duration('month', 0, 3), 'up to 3 months', 'bis zu 3 Monate'],
    [duration('hour', 1000), '1,000 hours', '1.000 Stunden'],
    [duration('hour', 0), '0 hours', '0 Stunden'],
  ] as const) {
    t.equal(formatDuration(english, given), en)
    t.equal(formatDuration(german, given), de)
  }
})

t.test('spans, weekly hours and sums are written in the language of the page', async t => {
  for (const [given, en, de] of [
    [duration('hour', 1), 'Hour 1', 'Stunde 1'],
    [duration('day', 1, 3), 'Days 1–3', 'Tage 1–3'],
    [duration('month', 12, null), 'From month 12 on', 'ab Monat 12'],
    [duration('month', 0, 3, true), 'Months 0–3 or so', 'ungefähr Monate 0–3'],
  ] as const) {
    t.equal(formatSpan(english, given), en)
    t.equal(formatSpan(german, given), de)
  }
  const { approximate, ...step } = duration('week', 1)
  t.equal(formatSpan(english, step), 'Week 1')
  t.equal(formatWeekly(english, { from: 10, to: 15 }), '10–15 hours a week')
  t.equal(formatWeekly(german, { from: 10, to: 15 }), '10–15 Stunden pro Woche')
  t.equal(formatTotal(english, sumDurations([null])), undefined)
  t.equal(formatTotal(english, sumDurations([duration('minute', 100, 200)])), 'about 2–3 hours')
  t.equal(formatTotal(german, sumDurations([duration('day', 1, 2), null])), '8–16 Stunden für 1 von 2 Themen')
})
