import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import type { CellValue, WriteSheet } from 'hucre'
import { writeXlsx } from 'hucre/xlsx'
import t, { type Test } from 'tap'
import { addExport } from '../../src/cli/export.ts'
import { addImport } from '../../src/cli/import.ts'
import { addValidate } from '../../src/cli/validate.ts'
import { csvRow } from '../../src/exports/csv.ts'
import { filesIn, type Tree } from '../fixtures/author.ts'
import { createRunner } from '../fixtures/command.ts'
import { hostileApp } from '../fixtures/hostile-track.ts'

const run = createRunner(addImport, addExport, addValidate)

/** Creates a folder for tracks, and a function that imports a table into it. */
const startImporting = (t: Test, tracks: Tree = {}) => {
  const folder = t.testdir({ tracks })
  const dir = join(folder, 'tracks')
  return {
    dir,
    files: () => filesIn(dir),
    importTable: (text: string | Uint8Array, ...args: string[]) => {
      const source = join(folder, 'table')
      writeFileSync(source, text)
      return run('import', 'csv', source, '--track', 'web', '--dir', dir, ...args)
    },
    exportRows: async () => {
      const { out } = await run('export', 'csv', '--track', 'web', '--from', dir)
      return parse(out, { columns: true }) as Record<string, string>[]
    },
  }
}

const toCsv = (rows: readonly Record<string, string>[]): string =>
  [Object.keys(rows[0] ?? {}), ...rows.map(row => Object.values(row))].map(csvRow).join('')

const webTrack = {
  web: {
    'track.yaml':
      'title: Web\ntiers:\n  - { tier: beginner, title: Foundations }\n  - { tier: senior, title: Mastery }\n',
    'roadmap.yaml': `categories:
  - { slug: html, title: HTML, skills: { beginner: [elements, forms], senior: [parsing] } }
  - slug: css
    title: CSS
  - { slug: layout, title: "\`grid\` & friends", parent: css, skills: { beginner: [boxes], senior: [grids] } }
`,
    skills: {
      'elements.yaml':
        'title: "The `<p>` element"\nsummary: "=1+1 is `2`."\noutcomes: [Use `<p>`., Nest elements.]\nexamples: ["`div`", -x]\n',
      'forms.yaml': 'title: Forms\nprerequisites: [elements]\nresources: [mdn, guide]\nrelated: [boxes]\n',
      'parsing.yaml':
        'title: Parsing\ncode: H-3\nduration: { unit: hour, from: 2, to: 4, approximate: true }\nalignments:\n  - { framework: ESCO, code: S1.2, title: use markup languages, url: "http://data.europa.eu/esco/1" }\n',
      'boxes.yaml': 'title: Boxes\nkind: theoretical\noptional: true\n',
      'grids.yaml': 'title: Grids\nnotes: |\n  Some **notes**.\n',
    },
    'resources.yaml':
      '- { slug: mdn, kind: documentation, title: "MDN `docs`", url: "https://developer.mozilla.org/" }\n- { slug: guide, kind: book, title: Guide }\n',
  },
}

const nothing = { out: 'web: no changes\nweb: the files are up to date\n', err: '', code: 0 }

t.test('a CSV export comes back without a change', async t => {
  const { dir, files, importTable, exportRows } = startImporting(t, webTrack)
  t.match((await run('validate', dir)).out, 'no mistakes')
  const before = files()
  const rows = await exportRows()
  for (const text of [toCsv(rows), `\ufeff${toCsv(rows).replaceAll('\r\n', '\n')}`])
    t.strictSame(await importTable(text), nothing)
  t.strictSame(files(), before)
})

t.test('a CSV export of a served track with every kind of trouble comes back without a change', async t => {
  const { file } = await hostileApp(t)
  const content = join(dirname(file), 'tracks')
  mkdirSync(content)
  const database = ['--database', file]
  for (const track of ['elsewhere', 'hostile'])
    t.match(await run('export', 'files', '--track', track, '--output', content, ...database), { code: 0 })
  const served = join(content, 'served.csv')
  t.equal((await run('export', 'csv', '--track', 'hostile', '--output', served, ...database)).code, 0)
  t.strictSame(await run('import', 'csv', served, '--track', 'hostile', '--dir', content), {
    out: 'hostile: no changes\nhostile: the files are up to date\n',
    err: '',
    code: 0,
  })
})

t.test('an edited cell of an export changes its field, and nothing else', async t => {
  const cases: [slug: string, edits: Record<string, string>, changes: string[]][] = [
    ['elements', { title: 'The <p> element' }, []],
    ['elements', { summary: '=1+1 is 2.' }, []],
    ['elements', { title: 'Elements' }, ['1 skill changed: Elements (title)']],
    [
      'forms',
      { title: 'Web forms' },
      ['1 skill renamed: Web forms (formerly forms)', '1 skill changed: Web forms (title)'],
    ],
    ['elements', { summary: "'=2+2" }, ['1 skill changed: The `<p>` element (summary)']],
    ['elements', { outcomes: 'Nest elements.\nUse <p>.' }, ['1 skill changed: The `<p>` element (outcomes)']],
    ['forms', { category: 'CSS' }, ['1 skill moved from html to css: Forms']],
    ['forms', { category: 'layout' }, ['1 skill moved from html to layout: Forms']],
    ['forms', { category: 'web.css' }, ['1 skill moved from html to css: Forms']],
    ['forms', { category: 'CSS > grid & friends' }, ['1 skill moved from html to layout: Forms']],
    ['forms', { category: 'grid & friends', parents: 'CSS' }, ['1 skill moved from html to layout: Forms']],
    ['boxes', { category: 'HTML' }, ['1 skill moved from layout to html: Boxes']],
    [
      'boxes',
      { category: 'Flex', parents: 'CSS\nModules' },
      ['2 categories added: Modules; Flex', '1 skill moved from layout to flex: Boxes'],
    ],
    ['forms', { tier: 'Mastery' }, ['1 skill moved from beginner to senior: Forms']],
    ['forms', { tier: 'advanced' }, ['1 skill moved from beginner to senior: Forms']],
    ['forms', { tier: '3' }, ['1 skill moved from beginner to senior: Forms']],
    ['forms', { kind: 'Theory' }, ['1 skill changed: Forms (kind)']],
    ['boxes', { kind: '', optional: '' }, ['1 skill changed: Boxes (kind, optional)']],
    ['forms', { optional: 'x' }, ['1 skill changed: Forms (optional)']],
    ['parsing', { duration: '2–4 h' }, ['1 skill changed: Parsing (duration)']],
    ['parsing', { duration: '' }, ['1 skill changed: Parsing (duration)']],
    ['parsing', { code: 'H-4', externalId: '17' }, ['1 skill changed: Parsing (externalId, code)']],
    ['parsing', { code: '' }, ['1 skill changed: Parsing (code)']],
    ['parsing', { alignments: 'SFIA: PROG' }, ['1 skill changed: Parsing (alignments)']],
    ['grids', { prerequisites: 'the <p> element\nboxes\nH-3\nweb.forms' }, ['1 skill changed: Grids (prerequisites)']],
    ['forms', { prerequisites: '' }, ['1 skill changed: Forms (prerequisites)']],
    ['elements', { related: 'Grids' }, ['2 skills changed: The `<p>` element (related); Grids (related)']],
    [
      'forms',
      { resources: 'MDN docs', urls: 'https://developer.mozilla.org/' },
      ['1 skill changed: Forms (resources)'],
    ],
    ['grids', { resources: 'Guide' }, ['1 skill changed: Grids (resources)']],
    ['grids', { urls: 'https://developer.mozilla.org/' }, ['1 skill changed: Grids (resources)']],
    [
      'grids',
      { resources: 'Grid garden\nGuide', urls: 'https://cssgridgarden.com/\n' },
      ['1 skill changed: Grids (resources)', '1 resource added: Grid garden'],
    ],
    ['forms', { urls: 'https://mdn.example/\n' }, ['1 resource changed: MDN `docs` (url)']],
  ]
  const exported = await startImporting(t, webTrack).exportRows()
  for (const [slug, edits, changes] of cases) {
    const { importTable } = startImporting(t, webTrack)
    const rows = structuredClone(exported)
    Object.assign(rows.find(({ key }) => key === `web.${slug}`) ?? {}, edits)
    const expected = changes.length === 0 ? 'web: no changes\n' : `web:\n${changes.map(line => `  ${line}\n`).join('')}`
    t.strictSame(
      await importTable(toCsv(rows), '--dry-run'),
      { out: expected, err: '', code: 0 },
      JSON.stringify(edits),
    )
    t.equal((await importTable(toCsv(rows))).code, 0)
    t.match(
      await importTable(toCsv(rows)),
      { ...nothing, err: /^$|warning: not imported: / },
      `${JSON.stringify(edits)} twice`,
    )
  }
})

t.test('rows are added with all their fields, and removed only with --prune', async t => {
  const { dir, files, importTable, exportRows } = startImporting(t, webTrack)
  const rows = await exportRows()
  const row = { ...rows[0], key: '', title: 'Tables', summary: 'Rows and cells.', prerequisites: 'Forms', code: 'H-9' }
  const copied = { ...rows[0], title: 'Lists', tier: '', category: '' }
  const keyed = { ...rows[0], key: 'web.my-media', title: 'Media' }
  const { err, out } = await importTable(toCsv([...rows, row, copied, keyed]))
  t.equal(
    out,
    `web:
  1 category added: General
  3 skills added: Tables (html, beginner); Media (html, beginner); Lists (general, beginner)
web: wrote 4 files in ${dir}
`,
  )
  t.match(err, 'table:14:1 note: another row has the key "web.elements" too: this one becomes a new skill\n')
  t.match(err, ' note: 1 new skill has no tier: "beginner" is taken; --tier names another\n')
  t.match(files()['web/skills/tables.yaml'], 'code: H-9\ntitle: Tables\nsummary: Rows and cells.\n')
  t.match(files()['web/skills/tables.yaml'], 'prerequisites: [forms]')
  t.ok('web/skills/my-media.yaml' in files())
  const fewer = await exportRows()
  t.strictSame(await importTable(toCsv(fewer.slice(1))), nothing)
  t.match((await importTable(toCsv(fewer.slice(1)), '--prune')).out, 'web:\n  1 skill removed: The `<p>` element\n')
})

t.test('an emptied cell of an export is refused where a skill needs a value, and the others are imported', async t => {
  const { importTable, exportRows } = startImporting(t, webTrack)
  const rows = await exportRows()
  Object.assign(rows[0] ?? {}, { title: '', tier: '', category: '', examples: '' })
  const { out, err } = await importTable(toCsv(rows))
  t.match(out, 'web:\n  1 skill changed: The `<p>` element (examples)\n')
  for (const field of ['title', 'tier', 'category']) t.match(err, `warning: not imported: a skill needs a ${field}\n`)
})

const table = `Our curriculum;;;;
Module name;Name;Level;Hours;Notes for us;Requires;Link
Basics;HTTP;Junior;2;x;;https://developer.mozilla.org/docs/http
;Status codes;Junior;0,5;;HTTP;Overview https://example.org/a, https://example.org/b
Servers;"Routes; and ""params""";Senior;ca. 3-4;y;HTTP, Status codes;"[Guide](https://example.org/guide)"
Servers;Handlers;Wizard;long;;Nothing;www.example.org
`

t.test('the heads of any table say what is in its columns, and everything that is not imported is listed', async t => {
  const { dir, files, importTable } = startImporting(t)
  const { out, err, code } = await importTable(table, '--title', 'Web')
  t.equal(code, 0)
  t.equal(
    out,
    `web:
  1 track added: Web
  2 categories added: Basics; Servers
  4 skills added: HTTP (basics, beginner); Status codes (basics, beginner); Routes; and "params" (servers, senior); Handlers (servers, beginner)
  5 resources added: https://developer.mozilla.org/docs/http; https://example.org/a; https://example.org/b; Guide; https://www.example.org
web: wrote 7 files in ${dir}
`,
  )
  const lines = err.split('\n').flatMap(line => /table:(\d+:\d+ .*)/.exec(line)?.[1] ?? [])
  t.strictSame(lines, [
    '1:1 warning: not imported: it is above the heads of the columns',
    '2:1 note: columns: category from "Module name", title from "Name", tier from "Level", duration from "Hours", prerequisites from "Requires", urls from "Link"',
    '2:1 note: 1 new skill has no tier: "beginner" is taken; --tier names another',
    '2:30 warning: not imported: the column "Notes for us" (2 cells). --columns says which field a column is',
    '6:18 warning: not imported: "Wizard" names no tier',
    '6:25 warning: not imported: "long" is no duration, such as 2 hours or 30–45 minutes',
    '6:31 warning: not imported: there is no skill called "Nothing"',
  ])
  t.match(files()['web/track.yaml'], 'title: Junior')
  t.match(files()['web/skills/status-codes.yaml'], 'duration: { unit: minute, from: 30, to: 30 }')
  t.match(files()['web/skills/routes-and-params.yaml'], 'duration: { unit: hour, from: 3, to: 4, approximate: true }')
  t.match(files()['web/skills/routes-and-params.yaml'], 'prerequisites: [http, status-codes]')
  t.match(await importTable(table), { out: nothing.out })
  const renamed = table.replace('Status codes;Junior', 'Response codes;Junior').replace('HTTP, Status codes', 'HTTP')
  t.match((await importTable(renamed)).out, '1 skill added: Response codes (basics, beginner)\n')
})

t.test('a row with an id or a code of its own is the same skill under a new title', async t => {
  for (const head of ['ID', 'Code']) {
    const { importTable, files } = startImporting(t)
    await importTable(`${head},Title,Week\n7,Loops,1\n8,Lists,1\n`)
    t.match(files()['web/roadmap.yaml'], 'title: Week 1')
    t.match(
      (await importTable(`${head},Title,Week\n7,For loops,1\n8,Lists,2\n`)).out,
      `web:
  1 category added: Week 2
  1 skill renamed: For loops (formerly loops)
  1 skill changed: For loops (title)
  1 skill moved from week-1 to week-2: Lists
web: wrote 2 files`,
    )
  }
})

t.test('--columns names the columns, and wrong names are refused with what there is', async t => {
  const { importTable } = startImporting(t)
  const text = 'What you learn,Where,Who\nLoops,Basics,Ann\nLists,Basics,\n'
  t.match(await importTable(text), {
    code: 1,
    err: /has no column for the title: name it with --columns title=…; its columns are What you learn, Where, Who/,
  })
  t.match(await importTable(text, '--columns', 'title=What you learn,category=Where', '--tier', 'senior'), {
    out: /2 skills added: Loops \(basics, senior\); Lists \(basics, senior\)/,
    err: /table:1:22 warning: not imported: the column "Who" \(1 cell\)\. --columns says which field a column is/,
  })
  for (const [columns, message] of [
    ['title=What you lern', 'has no column "What you lern". Did you mean "What you learn"?'],
    ['title=Skill', 'has no column "Skill": its columns are What you learn, Where, Who'],
    ['titel=Where', '"titel=Where" in --columns is not a field and a head, such as title=Name. Did you mean "title"?'],
    [
      'title',
      '"title" in --columns is not a field and a head, such as title=Name: the fields are key, title, category',
    ],
  ] as const)
    t.match(await importTable(text, '--columns', columns), { code: 1, out: '', err: message })
})

t.test('many unreadable cells of a column, and columns without a head, are one line each', async t => {
  const { importTable } = startImporting(t)
  const rows = Array.from({ length: 30 }, (_, index) => `Skill ${index},soon,?\n`).join('')
  const { err } = await importTable(`Title,Duration\n${rows}`)
  t.equal(err.match(/"soon" is no duration/g)?.length, 20)
  t.match(err, 'table:1:7 warning: not imported: 10 more cells of this column\n')
  t.match(err, 'table:1:7 warning: not imported: column 3, which has no head (30 cells). --columns says')
  t.match(err, 'note: 30 new skills have no tier')
  const short = await importTable('Title,Owner\n\n,,\nA\nB,Ann\n')
  t.match(short.err, 'table:1:7 warning: not imported: the column "Owner" (1 cell)')
})

t.test('encodings and separators are those of the program that wrote the table', async t => {
  const text = 'Title\tCategory\nÜbung “1”\tCafé\n'
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
  const files: [Uint8Array | string, string][] = [
    [text, 'table:1:1 note: columns'],
    [`\ufeff${text.replaceAll('\t', ';')}`, 'table:1:1 note: columns'],
    [text.replaceAll('\t', '|').replaceAll('\n', '\r'), 'table:1:1 note: columns'],
    [utf16, 'table:1:1 note: columns'],
    [Buffer.from(utf16).swap16(), 'table:1:1 note: columns'],
    [
      Buffer.from(text.replace('“1”', '\x931\x94'), 'latin1'),
      'table:1:1 note: the file is not in UTF-8: it is read as Windows-1252\n',
    ],
  ]
  for (const [bytes, note] of files) {
    const { importTable } = startImporting(t)
    const { out, err } = await importTable(bytes)
    t.match(out, '1 category added: Café\n  1 skill added: Übung “1” (cafe, beginner)\n')
    t.match(err, note)
  }
})

t.test('tables that are none, or too large, are refused with a reason', async t => {
  const { importTable, files } = startImporting(t)
  for (const [text, reason] of [
    ['', 'table is empty'],
    ['<!DOCTYPE html><p>', 'table is an HTML page, and a table is expected: use the address that downloads it'],
    ['a\0b', 'table is not a text file'],
    ['\xd0\xcf\x11\xe0', 'table is a file of an old Excel, or has a password: save it as .xlsx or .csv without one'],
    ['Title,Level\nA,b\n"C,d\n', 'table:3: the row that begins here has a quotation mark that is not closed'],
    [`Title\n"${'x'.repeat(1_100_000)}"\n`, 'table:2: the row that begins here has more than a million bytes'],
    [`Title\n${','.repeat(1_000)}x\n`, 'table has a row of more than 1000 cells, in line 2'],
    [
      `Title\n${'x\n'.repeat(100_000)}`,
      'table has more than 20000 rows, and a track has at most 20000 skills: split it',
    ],
  ] as const)
    t.match(await importTable(Buffer.from(text, 'latin1')), { code: 1, out: '', err: reason })
  t.match(await importTable('Title\nx\n', '--sheet', '2'), { code: 1, err: 'table has no sheets: leave out --sheet' })
  t.strictSame(files(), {})
  t.match(await importTable('Title\na\x07b\nok\n'), {
    out: /1 skill added: ok/,
    err: /table:2:1 warning: not imported: the title must not have control characters/,
  })
})

t.test('--template writes a table that can be imported', async t => {
  const { importTable, dir } = startImporting(t)
  const { out, err } = await run('import', 'csv', '--template')
  t.equal(err, '')
  t.match(await importTable(out), { out: /1 skill added: Variables \(language, beginner\)/, code: 0 })
  const file = join(dir, '../template.csv')
  t.strictSame(await run('import', 'csv', '--template', '--output', file), { out: `wrote ${file}\n`, err: '', code: 0 })
  t.equal(readFileSync(file, 'utf8'), out)
  t.match(await run('import', 'csv'), {
    code: 1,
    err: 'name a file or a URL, or write a document to begin with: --template',
  })
  t.match(await run('import', 'csv', file), {
    code: 1,
    err: 'name the track with --track; it is created if there is none',
  })
})

/** Writes a workbook with these sheets. */
const workbook = (sheets: Record<string, CellValue[][]>, more: Partial<WriteSheet> = {}): Promise<Uint8Array> =>
  writeXlsx({ sheets: Object.entries(sheets).map(([name, rows]) => ({ name, rows, ...more })) })

t.test('a sheet of an .xlsx file is a table, with the last values of its formulas', async t => {
  const { importTable, files } = startImporting(t)
  const skills = [
    ['Skills of 2026', null, null, null],
    ['Title', 'Module', 'Hours', 'Optional', 'Id'],
    ['Loops', 'Basics', 0.1 + 0.2 + 1.2, true, 7],
    [null, null, null, null],
    ['Lists\r\nof lists', null, 2, false, new Date(Date.UTC(2026, 1, 3))],
  ]
  const cells = new Map([['5,0', { formulaResult: 'Computed', formula: 'CONCAT("Com","puted")' }]])
  const bytes = await workbook({ Plan: skills, Other: [['Title'], ['Maps']] }, { cells })
  const { out, err } = await importTable(bytes)
  t.match(
    out,
    '3 skills added: Loops (basics, beginner); Lists of lists (basics, beginner); Computed (basics, beginner)',
  )
  t.match(err, 'table:1:1 note: only the sheet "Plan" is imported: --sheet names another ("Other")')
  t.match(err, 'table:1:1 warning: not imported: it is above the heads of the columns')
  t.match(files()['web/skills/loops.yaml'], 'duration: { unit: minute, from: 90, to: 90 }')
  t.match(files()['web/skills/loops.yaml'], 'optional: true')
  t.match(files()['web/skills/loops.yaml'], 'externalId: "7"')
  t.match(files()['web/skills/lists-of-lists.yaml'], 'externalId: 2026-02-03')
  for (const sheet of ['other', '2'])
    t.match((await importTable(bytes, '--sheet', sheet)).out, /1 skill added: Maps|no changes/)
  t.match(await importTable(bytes, '--sheet', 'Plans'), {
    code: 1,
    err: 'table has no sheet "Plans". Did you mean "Plan"?',
  })
  t.match(await importTable(bytes, '--sheet', '3'), {
    code: 1,
    err: 'table has no sheet "3": its sheets are Plan, Other',
  })
})

t.test('a CSV export that was saved as .xlsx comes back without a change', async t => {
  const { importTable, exportRows } = startImporting(t, webTrack)
  const rows = await exportRows()
  t.strictSame(
    await importTable(await workbook({ Skills: [Object.keys(rows[0] ?? {}), ...rows.map(row => Object.values(row))] })),
    nothing,
  )
})

t.test('an .xlsx file that is damaged or unpacks to very much is refused quickly', async t => {
  const { importTable, files } = startImporting(t)
  const parts = unzipSync(await workbook({ A: [['Title'], ['x']] }))
  const sheet = 'xl/worksheets/sheet1.xml'
  const bomb = zipSync({ ...parts, [sheet]: new Uint8Array(150 * 1024 * 1024) })
  const lying = Buffer.from(bomb)
  for (let at = lying.indexOf('PK\x01\x02'); at >= 0; at = lying.indexOf('PK\x01\x02', at + 1))
    if (lying.toString('latin1', at + 46, at + 46 + sheet.length) === sheet) lying.writeUInt32LE(1_000, at + 24)
  const entities = `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(1_000)}">]>${strFromU8(parts[sheet] as Uint8Array).replace('<sheetData>', '<sheetData>&a;')}`
  for (const [bytes, reason] of [
    [bomb, /has more than 100 MiB when it is unpacked: no curriculum is that long/],
    [lying, /cannot be read as \.xlsx: .+\. Save it as \.csv/],
    [Buffer.from('PK\x03\x04 and nothing else'), /cannot be read as \.xlsx: it is damaged\. Save it as \.csv/],
    [zipSync({ 'a.txt': strToU8('x') }), /cannot be read as \.xlsx: .+\. Save it as \.csv/],
  ] as const) {
    t.match(await importTable(bytes), { code: 1, out: '', err: reason })
  }
  t.strictSame(files(), {})
  t.match((await importTable(zipSync({ ...parts, [sheet]: strToU8(entities) }))).err, /./)
  const rows = Array.from({ length: 100_000 }, (_, index) => [`Skill ${index}`])
  t.match(await importTable(await workbook({ A: [['Title'], ...rows] })), {
    code: 1,
    err: 'table has more than 20000 rows, and a track has at most 20000 skills: split it',
  })
})

t.test('a matrix in a spreadsheet has a column for each tier, and several skills in a cell', async t => {
  const { importTable, files } = startImporting(t)
  const matrix = `Team skills,,,
Week,Basic Skills,Advanced Skills (1 year),Owner
1,"Bread; Rolls, buns","[Sourdough](https://example.org/sour)",Ann
,Eggs;https://example.org/eggs,,
Pan,"- Crêpes",,
`
  const { out, err } = await importTable(matrix)
  t.match(out, '2 categories added: Week 1; Pan\n')
  t.match(
    out,
    '6 skills added: Bread (week-1, beginner); Rolls, buns (week-1, beginner); Eggs (week-1, beginner); https://example.org/eggs (week-1, beginner); Sourdough (week-1, senior); Crêpes (pan, beginner)\n',
  )
  t.match(err, 'table:3:64 warning: not imported: the head of this column names no tier\n')
  t.match(files()['web/track.yaml'], 'title: Basic')
  t.match(await importTable(matrix), { out: nothing.out })
  t.match((await importTable('Junior,Senior\nBread,"Sourdough\nRye"\n')).out, '1 skill added: Rye (general, senior)')
})

t.test('ticks in the columns of tiers are not taken for skills', async t => {
  const { importTable } = startImporting(t)
  const { out, err } = await importTable('Skill,Beginner,Senior\nBread,x,\nRye,,x\n')
  t.match(out, '2 skills added: Bread (general, beginner); Rye (general, beginner)\n')
  t.match(err, 'warning: not imported: the column "Senior" (1 cell)')
})

t.test('a row with only a category is the heading of the rows below it', async t => {
  const { importTable } = startImporting(t)
  const { out, err } = await importTable('Module,Name,Level\nBasics,,\n,Loops,1\nWeb,,\n,HTTP,2\n,,senior\n')
  t.match(out, '2 skills added: Loops (basics, beginner); HTTP (web, intermediate)\n')
  t.match(err, 'table:6:2 warning: not imported: a new skill needs a title\n')
})

t.test(
  'resources are added to those that a skill has, and notes and lists keep their values in an empty cell',
  async t => {
    const { importTable, files } = startImporting(t, webTrack)
    const { out } = await importTable(
      'Title,Resources,Notes,Prerequisites,Related,Outcomes,Standards,Examples\nGrids,"Guide; https://example.org/g; Nowhere",More,"Forms, Boxes",web.forms,"Draw grids.|Name areas.",ESCO,"a, b"\nForms,,,,,,,\nParsing,code.py https://example.org/code.py,,x.y,,,,\n',
    )
    t.match(
      out,
      '3 skills changed: Forms (related); Parsing (sample); Grids (outcomes, examples, notes, prerequisites, related, resources, alignments)\n  1 resource added: https://example.org/g\n',
    )
    t.match(files()['web/skills/grids.yaml'], 'resources: [guide, https-example-org-g]')
    t.match(files()['web/skills/forms.yaml'], 'title: Forms\nprerequisites: [elements]\n')
  },
)

t.test('a table of keys changes the fields that it has', async t => {
  const { importTable, files } = startImporting(t, webTrack)
  const { out, err } = await importTable(
    `key,hours,standards\nboxes,2,${'x'.repeat(5_000)}\nweb.grids,1.5,ESCO: layout\n`,
  )
  t.match(out, 'web:\n  2 skills changed: Boxes (duration); Grids (duration, alignments)\n')
  t.match(err, /table:2:9 warning: not imported: "x+…" is too long\n/)
  t.match(files()['web/skills/grids.yaml'], '- framework: ESCO\n    title: layout\n')
})

t.test('nothing is written if the track would have a mistake', async t => {
  const { importTable, files } = startImporting(t)
  const { out, err, code } = await importTable('Name,Requires\nLoops,Lists\nLists,Loops\n')
  t.match({ out, code }, { out: '', code: 1 })
  t.match(err, /table:[23]:1 error: skill "l(oop|ist)s": /)
  t.match(err, 'error: nothing was written: correct the errors in the document first')
  t.strictSame(files(), {})
})
