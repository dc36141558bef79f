import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { curveSvg } from '../bench/curve.ts'
import { type Figure, figureRows, formatted, isReached, measuredRow, ratioOf } from '../bench/figure.ts'
import { figuresOf, writeReport } from '../bench/report.ts'
import type { Measured } from '../bench/rounds.ts'
import { median, percentile } from '../bench/statistics.ts'
import { markdownTable, textTable } from '../bench/table.ts'
import { generatedTrack } from '../bench/tracks.ts'
import { rareWord } from '../bench/words.ts'
import { checkDocument } from '../src/model/check-document.ts'

t.test('a generated track is the same every time, and differs between numbers', async t => {
  const track = generatedTrack(7, { skills: 100 })
  t.same(generatedTrack(7, { skills: 100 }), track)
  t.notSame(generatedTrack(8, { skills: 100 }).skills[0]?.summary, track.skills[0]?.summary)
  t.equal(track.skills.length, 100)
  t.same([...new Set(track.skills.map(({ tier }) => tier))], ['beginner', 'intermediate', 'senior'])
})

t.test('generated tracks have no mistakes, whatever their size', async t => {
  for (const skills of [1, 33, 100, 250])
    t.same(checkDocument(generatedTrack(3, { skills }), () => undefined).mistakes, [], `${skills} skills`)
})

t.test('a version changes every summary and nothing else', async t => {
  const [first, second] = [1, 2].map(version => JSON.stringify(generatedTrack(1, { skills: 20, version })))
  t.equal(first?.replaceAll('Version 1.', 'Version 2.'), second)
  t.equal(second?.match(/Version 2\./g)?.length, 20 + 4 + 2 + 1 + 1, 'skills, resources, categories, project and track')
})

t.test('a rare word is in one track only, and is not the prefix of another word', async t => {
  const words = Array.from({ length: 1_000 }, (_, index) => rareWord(index + 1))
  t.equal(new Set(words).size, 1_000)
  t.same(new Set(words.map(word => word.length)), new Set([6]))
  const [one, other] = [1, 2].map(number => JSON.stringify(generatedTrack(number, { skills: 100 })))
  t.equal(one?.split(rareWord(1)).length, 6, 'five skills have it')
  t.notOk(other?.includes(rareWord(1)))
})

t.test('medians and percentiles are right, also of an empty list', async t => {
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([4, 1, 2, 3]), 2.5)
  t.equal(percentile([5, 1, 4, 2, 3], 0.99), 5)
  t.equal(percentile([5, 1, 4, 2, 3], 0), 1)
  t.same([median([]), percentile([], 0.5)], [Number.NaN, Number.NaN])
})

const measured = (one: Partial<Measured>): Measured => ({ perSecond: 1_000, cpu: 100, busy: 1, p50: 1, p99: 2, ...one })

t.test('a ratio is measured by requests if the other kept a core busy, otherwise by CPU time', async t => {
  const ours = measured({ perSecond: 900, cpu: 125 })
  t.same(ratioOf(ours, measured({})), { ratio: 0.9, by: 'req/s' })
  t.same(ratioOf(ours, measured({ busy: 0.5 })), { ratio: 0.8, by: 'CPU' })
  t.same(measuredRow('ours', ours, measured({})), ['ours', '900', '125', '1.00', '1.00', '2.00', '0.90', '0.80'])
})

const figures: Figure[] = [
  { target: 2, name: 'slow', value: 2, unit: 's', wanted: { most: 1 } },
  { target: 1, name: 'fast', value: 0.95, unit: 'L', wanted: { least: 0.9 }, by: 'CPU' },
]

t.test('a target without a value is not reached', async t => {
  t.same(figures.map(isReached), [false, true])
  t.notOk(isReached({ ...(figures[0] as Figure), value: Number.NaN }))
  t.same([formatted(Number.NaN), formatted(12_345.6), formatted(0.1234)], ['–', '12,346', '0.123'])
})

t.test('a table has the same rows as text and as Markdown', async t => {
  const rows = figureRows(figures)
  t.equal(
    textTable([
      ['', 'a'],
      ['long', '1'],
    ]),
    '      a\n────  ─\nlong  1',
  )
  t.equal(markdownTable(rows).split('\n')[2], '| 2 slow | 2.00 s | ≤ 1 |  | NO |')
  t.same([textTable([]), markdownTable([])], ['\n', '|  |\n|  |'])
})

const curves = [
  { name: 'one', kind: 'uncached', points: [1, 10].map(tracks => ({ tracks, perSecond: 500 / tracks })) },
  { name: 'other', kind: 'uncached', points: [1, 10].map(tracks => ({ tracks, perSecond: 500 / tracks })) },
]

t.test('a curve has a line for each name, and the names do not overlap', async t => {
  const svg = curveSvg('Growth', curves)
  t.equal(svg.match(/<polyline/g)?.length, 2)
  const heights = [...svg.matchAll(/y="([\d.]+)" fill="#[0-9a-f]+">(?:one|other)</g)].map(([, y]) => Number(y))
  t.equal(Math.abs((heights[0] ?? 0) - (heights[1] ?? 0)), 15)
  t.notOk(svg.includes('NaN'))
})

t.test('a report has the targets in order, the machine and, with curves, the picture', async t => {
  const folder = t.testdir()
  const section = { title: 'Answers', rows: [['', 'ms']], figures }
  const result = {
    date: '2026-11-21T00:00:00Z',
    command: 'npm run bench',
    machine: { node: 'v24' },
    sections: [section],
  }
  t.same(
    figuresOf(result).map(({ target }) => target),
    [1, 2],
  )
  writeReport(folder, result)
  t.notOk(existsSync(`${folder}/benchmarks.svg`))
  writeReport(folder, { ...result, sections: [section, { ...section, curves }] })
  const page = readFileSync(`${folder}/benchmarks.md`, 'utf8')
  for (const words of [
    'on 2026-11-21',
    '2 of 4 targets are reached',
    '| node | v24 |',
    '(benchmarks.svg)',
    '## Answers',
  ])
    t.match(page, words)
  t.match(readFileSync(`${folder}/benchmarks.svg`, 'utf8'), '<svg')
})
