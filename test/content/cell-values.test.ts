import t from 'tap'
import {
  parseAlignment,
  parseBoolean,
  parseDuration,
  parseKind,
  parseLinks,
  splitCell,
  unitOfHead,
} from '../../src/content/importing/cell-values.ts'
import { formatDuration } from '../../src/model/duration-text.ts'

t.test('durations are read as the export writes them, and as people do', async t => {
  for (const text of [
    '1 minute',
    '30–45 minutes',
    '2 hours',
    'about 4 weeks',
    'up to 2 days',
    'up to about 2 days',
    'from 2 days',
    'from about 3 months',
    '1–2 years',
    '0 hours',
  ]) {
    const duration = parseDuration(text, undefined)
    t.equal(duration && formatDuration(duration), text)
  }
  for (const [text, expected] of [
    ['2h', '2 hours'],
    ['2 hrs.', '2 hours'],
    ['30-45 min', '30–45 minutes'],
    ['30 to 45 mins', '30–45 minutes'],
    ['1:30', '90 minutes'],
    ['1 h 30 min', '90 minutes'],
    ['1h30', '90 minutes'],
    ['1.5 hours', '90 minutes'],
    ['1,5 days', '12 hours'],
    ['0.5 weeks', '20 hours'],
    ['~3 d', 'about 3 days'],
    ['ca. 2 wks', 'about 2 weeks'],
    ['2+ days', 'from 2 days'],
    ['1.5+ h', 'from 90 minutes'],
    ['2 days or more', 'from 2 days'],
    ['at least 1 year', 'from 1 year'],
    ['max. 3 months', 'up to 3 months'],
    ['1.5 years', '18 months'],
    ['2', undefined],
    ['soon', undefined],
    ['1.5 minutes', undefined],
    ['3 lessons', undefined],
    ['x'.repeat(200), undefined],
  ] as const) {
    const duration = parseDuration(text, undefined)
    t.equal(duration && formatDuration(duration), expected, text)
  }
  const unit = unitOfHead('Time (min.)')
  t.equal(unit, 'minute')
  t.equal(unitOfHead('Effort'), undefined)
  t.strictSame(parseDuration('20-30', unit), { unit: 'minute', from: 20, to: 30, approximate: false })
})

t.test('words, lists, links and alignments of cells are read', async t => {
  t.strictSame(['Yes', 'x', '✓', 'elective'].map(parseBoolean), [true, true, true, true])
  t.strictSame(['no', '0', 'core', 'perhaps'].map(parseBoolean), [false, false, false, undefined])
  t.strictSame(['Practice', 'theory', 'both'].map(parseKind), ['practical', 'theoretical', undefined])
  t.strictSame(splitCell('- a; b\n2. c\n\n', true), ['a; b', 'c'])
  t.strictSame(splitCell('a; b, c', true), ['a', 'b, c'])
  t.strictSame(splitCell('a, b', false), ['a, b'])
  for (const [text, label, ...urls] of [
    ['[The guide](https://a.example/x)', 'The guide', 'https://a.example/x'],
    ['The guide: https://a.example/x.', 'The guide', 'https://a.example/x'],
    ['The guide <https://a.example/x?a=1,2>', 'The guide', 'https://a.example/x?a=1,2'],
    ['https://a.example/x, www.b.example', '', 'https://a.example/x', 'https://www.b.example'],
    ['The guide (2nd edition)', 'The guide (2nd edition)'],
    ['(https://a.example/x)', '', 'https://a.example/x'],
    ['https://a.example/x_(y)', '', 'https://a.example/x_(y)'],
    ['https://a.example/x_(y)_z', '', 'https://a.example/x_(y)_z'],
  ] as const)
    t.strictSame(parseLinks(text), { label, urls }, text)
  t.strictSame(parseLinks('y'.repeat(5_000)).urls, [])
  const url = 'http://data.europa.eu/esco/skill/1'
  for (const [text, framework, code, title, address] of [
    [`ESCO: S1.2 use markup languages <${url}>`, 'ESCO', 'S1.2', 'use markup languages', url],
    ['SFIA: PROG4', 'SFIA', 'PROG4', null, null],
    ['ESCO: use markup', 'ESCO', null, 'use markup', null],
    [`Of the house ${url}`, 'Of the house', null, null, url],
    [url, url, null, null, url],
  ] as const)
    t.strictSame(parseAlignment(text), { framework, code, title, url: address, type: null })
  t.equal(parseAlignment('x'.repeat(5_000)), undefined)
})
