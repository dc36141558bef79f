import t from 'tap'
import type { Duration } from '../../src/model/duration.ts'
import { formatDuration, formatSpan, formatTotal, weeksOf } from '../../src/model/duration-text.ts'
import { type Plan, skillsOfPlan } from '../../src/model/plan.ts'
import { addTotals, maxTotal, sumDurations } from '../../src/model/sum-durations.ts'

const duration = (unit: Duration['unit'], from: number, to: number | null = from, approximate = false): Duration => ({
  unit,
  from,
  to,
  approximate,
})

type Step = Plan['steps'][number]

t.test('durations are added exactly, in hours if both ends are whole hours and in minutes if not', async t => {
  for (const [durations, expected] of [
    [[], 'hour 0 0 false 0 0'],
    [[null, undefined], 'hour 0 0 false 0 2'],
    [[duration('hour', 1, 2), null], 'hour 1 2 false 1 1'],
    [[duration('minute', 30), duration('minute', 90)], 'hour 2 2 false 2 0'],
    [[duration('minute', 30), duration('hour', 1)], 'minute 90 90 false 2 0'],
    [[duration('hour', 1), duration('minute', 60, 90)], 'minute 120 150 false 2 0'],
    [[duration('day', 1)], 'hour 8 8 false 1 0'],
    [[duration('week', 1)], 'hour 40 40 false 1 0'],
    [[duration('month', 1)], 'hour 160 160 false 1 0'],
    [[duration('year', 1)], 'hour 1920 1920 false 1 0'],
    [[duration('hour', 1), duration('day', 2, null)], 'hour 17 null false 2 0'],
    [[duration('minute', 20, null)], 'minute 20 null false 1 0'],
    [[duration('hour', 1), duration('hour', 2, 3, true)], 'hour 3 4 true 2 0'],
    [[duration('year', 10_000), duration('year', 1, 10_000)], `minute 1152115200 ${maxTotal} false 2 0`],
  ] as const) {
    const { unit, from, to, approximate, known, unknown } = sumDurations(durations)
    t.equal(`${unit} ${from} ${to} ${approximate} ${known} ${unknown}`, expected, JSON.stringify(durations))
  }
})

t.test('the sum of sums is the sum of all', async t => {
  const all = [duration('minute', 10), null, duration('day', 1, 2, true), duration('minute', 50), duration('week', 1)]
  for (const at of [0, 1, 2, 4, 5])
    t.same(addTotals([sumDurations(all.slice(0, at)), sumDurations(all.slice(at))]), sumDurations(all))
})

t.test('durations and spans are written in words', async t => {
  for (const [given, expected] of [
    [duration('minute', 30, 45), '30–45 minutes'],
    [duration('hour', 1), '1 hour'],
    [duration('hour', 1, 2), '1–2 hours'],
    [duration('day', 2, 3), '2–3 days'],
    [duration('week', 4, 4, true), 'about 4 weeks'],
    [duration('day', 2, null), 'from 2 days'],
    [duration('year', 1, null, true), 'from about 1 year'],
    [duration('month', 0, 3), 'up to 3 months'],
    [duration('hour', 0, 1, true), 'up to about 1 hour'],
    [duration('hour', 0), '0 hours'],
  ] as const)
    t.equal(formatDuration(given), expected)
  for (const [span, expected] of [
    [duration('minute', 0, 30), 'Minutes 0–30'],
    [duration('hour', 1), 'Hour 1'],
    [duration('day', 1, 3), 'Days 1–3'],
    [duration('week', 1, 2), 'Weeks 1–2'],
    [duration('day', 4, null), 'From day 4 on'],
  ] as const)
    t.equal(formatSpan(span), expected)
})

t.test('a sum in words is rounded to hours from two hours on, and says how many skills it leaves out', async t => {
  for (const [durations, expected] of [
    [[null], undefined],
    [[duration('minute', 90)], '90 minutes'],
    [[duration('minute', 115), duration('minute', 20)], 'about 2 hours'],
    [[duration('minute', 100, 200)], 'about 2–3 hours'],
    [[duration('minute', 130, null)], 'from about 2 hours'],
    [[duration('day', 1, 2), null, null], '8–16 hours for 1 of 3 skills'],
  ] as const)
    t.equal(formatTotal(sumDurations(durations)), expected)
})

t.test('a complete sum at a number of hours a week is a number of weeks', async t => {
  for (const [durations, weekly, expected] of [
    [[duration('hour', 100, 130)], [10, 15], 'about 7–13 weeks'],
    [[duration('minute', 90)], [1, 1], 'about 2 weeks'],
    [[duration('hour', 8)], [8, 8], 'about 1 week'],
    [[duration('hour', 20, null)], [10, 10], 'from about 2 weeks'],
    [[duration('hour', 20)], [0, 10], 'from about 2 weeks'],
    [[duration('hour', 20)], [0, 0], undefined],
    [[duration('hour', 20), null], [5, 5], undefined],
    [[], [5, 5], undefined],
  ] as const) {
    const weeks = weeksOf(sumDurations(durations), { from: weekly[0], to: weekly[1] })
    t.equal(weeks && formatDuration(weeks), expected)
  }
})

t.test('a plan that several steps build on counts once, and one that does not exist counts as empty', async t => {
  const step = (plan: string | null, skills: string[] = []) => ({ plan, skills }) as unknown as Step // the other fields do not matter
  const plans: Record<string, { steps: Step[] }> = {
    all: { steps: [step('first', ['a']), step('first', ['b']), step('gone')] },
    first: { steps: [step(null, ['c', 'a'])] },
  }
  t.same(
    skillsOfPlan('all', key => plans[key]),
    ['c', 'a', 'b'],
  )
})
