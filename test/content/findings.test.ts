import t from 'tap'
import { type Finding, printFindings, sortFindings } from '../../src/content/findings.ts'

const mistake: Finding = {
  severity: 'error',
  file: 'seed/a.yaml',
  line: 12,
  column: 8,
  message: 'put it in quotes',
  excerpt: 'title: `a`',
}

t.test('a mistake is printed with its line, a caret under the place, and a count at the end', async t => {
  t.equal(
    printFindings([mistake]),
    `seed/a.yaml:12:8 error: put it in quotes
  12 | title: \`a\`
     |        ^

1 error in 1 file
`,
  )
})

t.test('errors and warnings are counted separately', async t => {
  const warning: Finding = { severity: 'warning', file: 'seed/b.yaml', line: 1, column: 1, message: 'no picture' }
  t.equal(printFindings([warning]), 'seed/b.yaml:1:1 warning: no picture\n\n1 warning in 1 file\n')
  t.ok(printFindings([mistake, mistake, warning]).endsWith('\n2 errors, 1 warning in 2 files\n'))
})

t.test(
  'many warnings of one kind are one line with a count and three examples, and each is printed with verbose',
  async t => {
    const warnings = Array.from(
      { length: 5 },
      (_, index): Finding => ({
        severity: 'warning',
        kind: 'skills have no resource',
        file: `seed/${index}.yaml`,
        line: 1,
        column: 1,
        message: `"${index}" has no resource`,
      }),
    )
    const other: Finding = { ...mistake, severity: 'warning', kind: 'links are broken', message: 'a link' }
    t.equal(
      printFindings([mistake, ...warnings, other]),
      `seed/a.yaml:12:8 error: put it in quotes
  12 | title: \`a\`
     |        ^

seed/a.yaml:12:8 warning: a link
  12 | title: \`a\`
     |        ^

warning: 5 skills have no resource: seed/0.yaml:1:1, seed/1.yaml:1:1, seed/2.yaml:1:1 and 2 more

1 error, 6 warnings in 6 files; --verbose shows each
`,
    )
    const all = printFindings([mistake, ...warnings, other], { verbose: true })
    t.equal(all.match(/has no resource/g)?.length, 5)
    t.ok(all.endsWith('\n1 error, 6 warnings in 6 files\n'))
    t.equal(printFindings(warnings.slice(0, 3)).match(/has no resource/g)?.length, 3, 'a few are printed as they are')
  },
)

t.test('a note counts neither as an error nor as a warning', async t => {
  const note: Finding = { severity: 'note', kind: 'files', file: 'seed', line: 1, column: 1, message: 'ignored: a' }
  t.equal(printFindings([note]), 'seed:1:1 note: ignored: a\n')
  t.ok(printFindings([mistake, note]).endsWith('\n1 error in 1 file\n'))
})

t.test('only the part of a long line around the place is printed', async t => {
  const printed = printFindings([{ ...mistake, column: 201, excerpt: `${'a'.repeat(200)}b${'c'.repeat(200)}` }]).split(
    '\n',
  )
  const [, excerpt = '', caret = ''] = printed
  t.ok(excerpt.length < 130)
  t.match(excerpt, /^ {2}12 \| … a+bc+ …$/)
  t.equal(excerpt.charAt(caret.indexOf('^')), 'b')
})

t.test('control characters of a file are not printed', async t => {
  t.notMatch(printFindings([{ ...mistake, excerpt: 'a\u001b[2Jb' }]), '\u001b')
})

t.test('colours are printed only on request', async t => {
  t.notMatch(printFindings([mistake]), '\u001b[')
  t.match(printFindings([mistake], { colours: true }), '\u001b[31merror')
  t.match(printFindings([{ ...mistake, severity: 'warning' }], { colours: true }), '\u001b[33mwarning')
  t.match(printFindings([{ ...mistake, severity: 'note' }], { colours: true }), '\u001b[36mnote')
})

t.test('findings are sorted by file, line and column, without duplicates', async t => {
  const at = (file: string, line: number, column: number): Finding => ({
    severity: 'error',
    file,
    line,
    column,
    message: '',
  })
  const [first, second, third, fourth] = [at('a', 1, 1), at('a', 1, 2), at('a', 2, 1), at('b', 1, 1)] as const
  t.strictSame(sortFindings([fourth, third, second, first, second]), [first, second, third, fourth])
})
