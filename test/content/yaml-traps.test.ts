import t, { type Test } from 'tap'
import { findingIn, offsetAt, parseYaml } from '../../src/content/yaml/yaml-file.ts'

/** A file, and the line, column and a part of the message of each reported mistake. */
type Trap = [yaml: string | Buffer, ...mistakes: [place: string, words: string][]]

const explains = async (t: Test, traps: Trap[]) => {
  for (const [yaml, ...mistakes] of traps) {
    const file = parseYaml('skill.yaml', Buffer.from(yaml))
    const findings = file.problems.map(problem => findingIn(file, problem))
    const reported = findings.map(({ line, column, message }) => `${line}:${column} ${message}`)
    const name = JSON.stringify(String(yaml)).slice(0, 60)
    t.equal(reported.length, mistakes.length, `${name}: ${reported.join(' / ')}`)
    for (const [index, [place, words]] of mistakes.entries()) {
      t.ok(reported[index]?.startsWith(`${place} `), `${name} at ${place}: ${reported[index]}`)
      t.ok(reported[index]?.includes(words), `${name} says ${words}: ${reported[index]}`)
    }
  }
}

t.test('a text that begins with a special character of YAML needs quotes', t =>
  explains(t, [
    ['title: `try/except` blocks\n', ['1:8', 'in quotes: "`try/except` blocks"']],
    ['title: @dataclass\n', ['1:8', '"@dataclass"']],
    ['title: %s formatting\n', ['1:8', '"%s formatting"']],
    ['title: *args and **kwargs\n', ['1:8', '"*args and **kwargs"']],
    ['examples: [*args, **kwargs]\n', ['1:12', '"*args"'], ['1:19', '"**kwargs"']],
    ['examples: [@a, b]\n', ['1:12', ': "@a"']],
    ['title: &rest\n', ['1:8', '"&rest"']],
    ['title: & rest\n', ['1:8', '"& rest"']],
    ['title: !important thing\n', ['1:8', '"!important thing"']],
    ['examples: &all [a]\n', ['1:11', 'begins an anchor']],
    ['title: | or\n', ['1:8', '"| or"']],
    ['title: >X%\n', ['1:8', '">X%"']],
    ['examples:\n  - >X% coverage\n', ['2:5', '- ">X% coverage"'.slice(2)]],
    ['title: [a] b\n', ['1:8', '"[a] b"']],
    ['title: {a} b\n', ['1:8', '"{a} b"']],
    ['title: - foo\n', ['1:8', '"- foo"']],
    ['title: ? foo\n', ['1:8', '"? foo"']],
    ['title: , foo\n', ['1:8', '", foo"']],
    ['%YAML 1.1\n---\ntitle: yes\n', ['1:1', 'begins a directive']],
  ]),
)

t.test('a text cut by a comment is reported', t =>
  explains(t, [
    ['title: # 1 priority\n', ['1:8', 'title: "# 1 priority"']],
    ['examples:\n  - #pragma\n', ['2:5', '- "#pragma"']],
    ['title: C #sharp\n', ['1:10', '"C #sharp"; or, if it is a comment']],
    ['title: C # a comment\n'],
    ['to: 3 #months\n'],
  ]),
)

t.test('an item that is indented further than the one above is reported', t =>
  explains(t, [
    [
      'prerequisites:\n - lambdas\n  - generators\n',
      ['2:4', 'the line "- generators" below this one is indented further'],
    ],
    ['outcomes:\n  - a\n    - b\n    - c\n', ['2:5', 'begin all items of a list in the same column']],
    ['related: a\n  - b\n', ['1:10', 'the line "- b" below']],
    ['summary: a\n  -b - c\n'],
  ]),
)

t.test('a field or an item without a value is reported', t =>
  explains(t, [
    ['title:\nsummary: x\n', ['1:1', '"title" has no value']],
    ['examples:\n  -\n  - b\n', ['2:3', 'this item has no value']],
    ['title: null\n'],
  ]),
)

t.test('a text with a colon and a space needs quotes', t =>
  explains(t, [
    ['title: Errors: the basics\n', ['1:14', 'title: "Errors: the basics"']],
    ['title: foo:\nsummary: x\n', ['1:11', 'title: "foo:"']],
    ['title: "a": b\n', ['1:11', `title: '"a": b'`]],
    ['title: a: b\nsummary: c: d\n', ['1:9', 'a: b'], ['2:11', 'c: d']],
  ]),
)

t.test('mismatched quotes are reported', t =>
  explains(t, [
    ['title: x\nsummary: "foo\nkind: y\n', ['2:10', 'put a " at the end']],
    ["title: 'foo\n", ['1:8', "put a ' at the end"]],
    ['title: "foo" bar\n', ['1:14', `title: '"foo" bar'`]],
    ["title: 'don't'\n", ['1:13', `title: "don't"`]],
    ['title: "C:\\path"\n', ['1:11', "'C:\\path'"]],
  ]),
)

t.test('misplaced lines and brackets are reported once, without the errors that follow', t =>
  explains(t, [
    ['examples:\n\t- a\n', ['2:1', 'this is a tab']],
    ['notes: |\n\tfoo\ntitle: x\n', ['2:2', 'this is a tab']],
    ['title: x\n  summary: y\n', ['2:3', 'further than "title"']],
    ['sample:\n  label: x\n   url: y\n', ['3:4', 'further than "label"']],
    ['  title: x\nsummary: y\n', ['2:1', 'this field does not begin in the same column']],
    ['- slug: a\n  title: b\n title: c\n', ['3:2', 'this field does not begin in the same column']],
    ['examples:\n  - a\n - b\n', ['3:2', 'align the dashes']],
    ['title: x\n- slug: a\n', ['2:1', 'align the dashes']],
    ['examples:\n  - a\n  -b\n', ['3:3', 'a space is missing after the dash']],
    ['title:foo\nsummary: x\n', ['1:1', 'a space is missing after the colon']],
    ['title foo\nsummary: x\n', ['1:1', 'neither a field']],
    ['examples: [a, b\nsummary: x\n', ['1:11', 'the [ that begins here is not closed: put a ]']],
    ['sample: {label: x\ntitle: z\n', ['1:9', 'the { that begins here is not closed: put a }']],
    ['examples: ["c" "d"]\n', ['1:16', 'a comma is missing']],
    ['examples: [a,, b]\n', ['1:14', 'this comma separates no items']],
    ['title: x\ntitle: y\n', ['2:1', '"title" is here a second time']],
    ['[a]: b\n', ['1:1', 'this is not YAML']],
  ]),
)

t.test('a file that is not one document in UTF-8 is reported, and differences between editors do not matter', t =>
  explains(t, [
    [Buffer.from('title: x\nsummary: caf\xe9\n', 'latin1'), ['2:13', 'UTF-8']],
    [Buffer.from('\ufefftitle: x\n', 'utf16le'), ['1:1', 'UTF-8']],
    [
      Buffer.concat([Buffer.from('title: \ufffd é\nsummary: a'), Buffer.from([0xed, 0xa0, 0x80])]),
      ['2:11', 'byte 25 is 0xED'],
    ],
    ['title: "\\ud83d\\ude00"\nsummary: "a \\ud83d b"\nto: 3\n', ['2:10', 'half of a character']],
    ['title: "\\uD83D\\uDE00"\nto: 3\n'],
    ['title: x\n"\\U0000d800": y\n', ['2:1', 'half of a character']],
    ['title: a\u0000b\n', ['1:9', 'control character']],
    ['', ['1:1', 'empty']],
    ['# only a comment\n', ['1:1', 'empty']],
    ['title: x\n---\ntitle: y\n', ['2:1', 'a second document']],
    ['# '.padEnd(4_000_001), ['1:1', 'more than 4 MB']],
    ['\ufefftitle: x\n'],
    ['\ufefftitle:foo\nsummary: x\n', ['1:1', 'a space is missing after the colon']],
    ['\ufefftitle: x\ntitle: y\n', ['2:1', '"title" is here a second time']],
    ['title: x\r\nsummary: y\r\n'],
    ['---\ntitle: x\n'],
  ]),
)

t.test('a file that is nested more than 64 levels deep is rejected with the place', async t => {
  const indented = (levels: number) => Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`).join('\n')
  explains(t, [
    [`a: ${'['.repeat(63)}x${']'.repeat(63)}\n`],
    [`a: ${'['.repeat(64)}x${']'.repeat(64)}\n`, ['1:67', 'nested more than 64 levels deep']],
    [`a: ${'['.repeat(100_000)}\n`, ['1:67', 'nested more than 64 levels deep']],
    [`${'{a: '.repeat(64)}x${'}'.repeat(64)}\n`],
    [`${'{a: '.repeat(5_000)}x\n`, ['1:257', 'nested more than 64 levels deep']],
    [`${'- '.repeat(64)}x\n`],
    [`${'- '.repeat(50_000)}x\n`, ['1:129', 'nested more than 64 levels deep']],
    [`${'? '.repeat(50_000)}x\n`, ['1:129', 'nested more than 64 levels deep']],
    [`${'[a: '.repeat(32)}x${']'.repeat(32)}\n`],
    [`${'[a: '.repeat(5_000)}x\n`, ['1:129', 'nested more than 64 levels deep']],
    [`${indented(64)} x\n`],
    [`${indented(65)} x\n`, ['65:65', 'nested more than 64 levels deep']],
  ])
})

t.test('aliases are never expanded, and the rest of the file is still read', async t => {
  const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n<<: {d: 1}\n`
  t.strictSame(parseYaml('bomb.yaml', Buffer.from(bomb)).value, {
    a: ['x', 'x'],
    b: ['*a', '*a'],
    c: ['*b', '*b'],
    '<<': { d: 1 },
  })
})

t.test('every place in an empty file is its beginning', async t => {
  t.equal(offsetAt(parseYaml('empty.yaml', Buffer.from('')), ['tiers', 0]), 0)
})
