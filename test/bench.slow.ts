import t from 'tap'
import { type Measured, median, percentile, ratioOf } from '../bench/measure.ts'
import { createReport, formatted, measuredRows } from '../bench/report.ts'
import { generatedTrack, rareWord } from '../bench/tracks.ts'
import { checkDocument } from '../src/model/check-document.ts'

t.test('a generated track is the same every time, and differs between numbers', async t => {
  const track = generatedTrack(7, 100)
  t.same(generatedTrack(7, 100), track)
  t.notSame(generatedTrack(8, 100).skills[0]?.summary, track.skills[0]?.summary)
  t.equal(track.skills.length, 100)
  t.same([...new Set(track.skills.map(({ tier }) => tier))], ['beginner', 'intermediate', 'senior'])
})

t.test('generated tracks have no mistakes, whatever their size', async t => {
  for (const skills of [1, 33, 100, 250])
    t.same(checkDocument(generatedTrack(3, skills), () => undefined).mistakes, [], `${skills} skills`)
})

t.test('every summary of a generated track has the version', async t => {
  const track = JSON.stringify(generatedTrack(1, 20))
  t.equal(track.match(/Version 0\./g)?.length, 20 + 4 + 2 + 1 + 1, 'skills, resources, categories, project and track')
})

t.test('a rare word is in one track only, and is not the prefix of another word', async t => {
  const words = Array.from({ length: 1_000 }, (_, index) => rareWord(index + 1))
  t.equal(new Set(words).size, 1_000)
  t.same(new Set(words.map(word => word.length)), new Set([6]))
  const [one, other] = [1, 2].map(number => JSON.stringify(generatedTrack(number, 100)))
  t.equal(one?.split(rareWord(1)).length, 6, 'five skills have it')
  t.notOk(other?.includes(rareWord(1)))
})

t.test('medians and percentiles are right, also of an empty list', async t => {
  t.equal(median([3, 1, 2]), 2)
  t.equal(percentile([5, 1, 4, 2, 3], 0.99), 5)
  t.equal(percentile([5, 1, 4, 2, 3], 0), 1)
  t.same([median([]), percentile([], 0.5)], [Number.NaN, Number.NaN])
})

const measured = (one: Partial<Measured>): Measured => ({ perSecond: 1_000, cpu: 100, busy: 1, p50: 1, p99: 2, ...one })

t.test('a ratio is measured by requests if the other kept a core busy, otherwise by CPU time', async t => {
  const ours = measured({ perSecond: 900, cpu: 125 })
  t.same(ratioOf(ours, measured({}), 'L'), { value: 0.9, unit: 'L', by: 'req/s' })
  t.same(ratioOf(ours, measured({ busy: 0.5 }), 'L'), { value: 0.8, unit: 'L', by: 'CPU' })
  t.same(measuredRows('skill', { limit: measured({}), ours })[1], [
    ...['skill, ours', '900', '125', '1.00', '1.00', '2.00', '0.900', '0.800'],
  ])
})

t.test('a report has the targets in order, and a target without a value is not reached', async t => {
  const report = createReport()
  report.table('Starts', ['', 'ms']).push(['one', '1'])
  report.atLeast('fast', { value: 0.95, unit: 'L', by: 'CPU' }, 0.9)
  report.atMost('slow', { value: 2, unit: 's' }, 1)
  report.atMost('unknown', { value: Number.NaN, unit: 'MB' }, 1)
  const text = report.text('npm run bench', new Date('2026-11-21'))
  t.match(text, 'Written by `npm run bench` on 2026-11-21. 1 of 3 targets are reached.')
  t.match(text, /fast .* 0\.950 L .* ≥ 0\.9 .* CPU \| +yes \|\n\| slow .* NO \|\n\| unknown .* – MB .* NO \|/)
  t.ok(text.endsWith('## Starts\n\n|     | ms |\n| :-- | -: |\n| one |  1 |\n'))
  t.match(text, /^\| node +\| +v\d/m)
  t.same([formatted(12_345.6), formatted(0.1234)], ['12,346', '0.123'])
})
