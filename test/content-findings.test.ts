import t from 'tap'
import { type Finding, inOrder, printFindings } from '../src/content/finding.ts'

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

t.test('errors and warnings are counted apart', async t => {
  const warning: Finding = { severity: 'warning', file: 'seed/b.yaml', line: 1, column: 1, message: 'no picture' }
  t.equal(printFindings([warning]), 'seed/b.yaml:1:1 warning: no picture\n\n1 warning in 1 file\n')
  t.ok(printFindings([mistake, mistake, warning]).endsWith('\n2 errors, 1 warning in 2 files\n'))
})

t.test('of a long line only the part around the place is printed', async t => {
  const printed = printFindings([{ ...mistake, column: 201, excerpt: `${'a'.repeat(200)}b${'c'.repeat(200)}` }]).split(
    '\n',
  )
  const [, excerpt = '', caret = ''] = printed
  t.ok(excerpt.length < 130)
  t.match(excerpt, /^ {2}12 \| … a+bc+ …$/)
  t.equal(excerpt.charAt(caret.indexOf('^')), 'b')
})

t.test('a file cannot steer the terminal of whoever reads about it', async t => {
  t.notMatch(printFindings([{ ...mistake, excerpt: 'a\u001b[2Jb' }]), '\u001b')
})

t.test('colours are there only where they are asked for', async t => {
  t.notMatch(printFindings([mistake]), '\u001b[')
  t.match(printFindings([mistake], true), '\u001b[31merror')
  t.match(printFindings([{ ...mistake, severity: 'warning' }], true), '\u001b[33mwarning')
})

t.test('findings are told in the order of files, lines and columns, each once', async t => {
  const at = (file: string, line: number, column: number): Finding => ({
    severity: 'error',
    file,
    line,
    column,
    message: '',
  })
  const [first, second, third, fourth] = [at('a', 1, 1), at('a', 1, 2), at('a', 2, 1), at('b', 1, 1)] as const
  t.strictSame(inOrder([fourth, third, second, first, second]), [first, second, third, fourth])
})
