import { globSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { createRandom } from '../../bench/tracks.ts'
import { parseSimpleYaml } from '../../src/content/yaml/simple-yaml.ts'
import { findTraps } from '../../src/content/yaml/traps.ts'
import { parseYamlDocument } from '../../src/text/yaml-document.ts'
import { allCases } from '../fixtures/scope.ts'

const texts = globSync('seed/**/*.yaml')
  .sort()
  .map(path => readFileSync(path, 'utf8'))

/** Returns what the YAML library reads; undefined if there is anything to report. */
const parseWithLibrary = (text: string): unknown => {
  const { tree } = parseYamlDocument(text)
  if (tree === undefined || tree.errors.length > 0 || tree.warnings.length > 0) return undefined
  return findTraps(text, tree).length > 0 ? undefined : tree.toJS()
}

t.test('most files are read without the YAML library', async t => {
  const simple = texts.filter(text => parseSimpleYaml(text) !== undefined)
  t.ok(simple.length > 0.75 * texts.length, `${simple.length} of ${texts.length}`)
  for (const text of simple) t.same(parseSimpleYaml(text), parseWithLibrary(text))
})

const examples: [text: string, value: unknown][] = [
  ['a: 1\nb: true\nc: false\nd: "x: #"\ne: \'"\'\n', { a: 1, b: true, c: false, d: 'x: #', e: '"' }],
  ['a:\n- b\n- c: d\n  e: 0\nf: []\n\ng: [h i, 2]\n', { a: ['b', { c: 'd', e: 0 }], f: [], g: ['h i', 2] }],
  ['a: >-\n  b\n  c\nd: |\n  e\n\n    f\n\ng: |-\n  h\n', { a: 'b c', d: 'e\n\n  f\n', g: 'h' }],
  ['# comment\n- 3 months\n- >-\n  x\n', ['3 months', 'x']],
]

t.test('common YAML is read as by the library', async t => {
  for (const [text, value] of examples) {
    t.same(parseSimpleYaml(text), value, text)
    t.same(parseWithLibrary(text), value, text)
  }
})

t.test('other YAML is left to the library', async t => {
  const others = [
    ...[
      '',
      '# comment\n',
      'a: b',
      'a: b\r\n',
      'a:\n',
      'a: b\n   \n',
      ' a: b\n',
      'a: b\n  c\n',
      'a: b\na: c\n',
      'null: a\n',
    ],
    ...[
      'a: null\n',
      'a: True\n',
      'a: 1.5\n',
      'a: b: c\n',
      'a: b # c\n',
      'a: b \n',
      'a: "\\n"\n',
      'a: [b,c]\n',
      'a: [[b]]\n',
    ],
    ...[
      'a: [null]\n',
      'a: >-\n\n  b\n',
      'a: >-\nb: c\n',
      'a: >-\n  b \n',
      'a: >-\n  b\n   c\n',
      'a: |\nb: c\n',
      'a: *b\n',
    ],
    ...['- - a\n', '- a\nb: c\n', 'a: b\n- c\n', '---\na: b\n', 'constructor: a\n', `a:\n${' '.repeat(41)}b: c\n`],
  ]
  for (const text of others) t.equal(parseSimpleYaml(text), undefined, JSON.stringify(text))
})

const insertions = [
  '\n',
  '\n\n',
  ' ',
  '  ',
  '- ',
  '-',
  ': ',
  ':',
  '#',
  ' #',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ',',
  ', ',
  '>-',
  '|',
]
insertions.push(
  '&a',
  '*a',
  '!',
  '%',
  '@',
  '`',
  '?',
  '---\n',
  '...\n',
  'null',
  'true',
  '1',
  '.5',
  '0x1',
  '~',
  'é',
  '\\',
  '\n  ',
)
insertions.push(
  '\n    ',
  'key: v\n',
  '- v\n',
  '>- \n',
  '<<: ',
  '\u00a0',
  '\u2028',
  '\n# c\n',
  'null: ',
  '=',
  '|-\n',
  '|2\n',
)

t.test('damaged YAML is read as by the library, or left to it', async t => {
  const random = createRandom(1)
  const below = (end: number): number => Math.floor(random() * end)
  const damaged = (): string => {
    const lines = (texts[below(texts.length)] as string).split('\n')
    const start = below(lines.length)
    let text = `${lines.slice(start, start + 1 + below(12)).join('\n')}\n`
    for (let left = below(4); left > 0; left--) {
      const place = below(text.length)
      text = text.slice(0, place) + insertions[below(insertions.length)] + text.slice(place + below(3))
    }
    return text
  }
  let simple = 0
  for (let left = allCases ? 100_000 : 2_000; left > 0; left--) {
    const text = damaged()
    const value = parseSimpleYaml(text)
    if (value === undefined) continue
    simple++
    if (!isDeepStrictEqual(value, parseWithLibrary(text))) t.same(value, parseWithLibrary(text), JSON.stringify(text))
  }
  t.ok(simple > 100, `${simple} are simple`)
})
