import { relative } from 'node:path'
import { unzipSync } from 'fflate'
import t, { type Test } from 'tap'
import { readFolder } from '../../src/content/read-folder.ts'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'
import { smallTrack } from '../fixtures/small-track.ts'

/** Returns the places and messages of the findings in the small track if a skill has these lines. */
const foundIn = async (t: Test, lines: string, more: Record<string, string> = {}) => {
  const track = smallTrack()
  const skills = { ...track.skills, 'variables.yaml': `title: V\nresources: [fluent-python]\n${lines}` }
  const folder = t.testdir({ python: { ...track, skills, ...more } })
  const { tracks, findings } = await readFolder(folder)
  return {
    isServed: tracks.length === 1,
    found: findings.map(
      ({ severity, file, line, column, message }) =>
        `${severity} ${relative(`${folder}/python`, file)}:${line}:${column} ${message}`,
    ),
  }
}

t.test('HTML within code is not reported', async t => {
  for (const notes of [
    '- An item:\n\n    ```html\n    <form action="/">\n    ```\n',
    'Text:\n\n    <div class="indented">\n    </div>\n\nMore.\n',
    '`<b>` ``<i> ` <u>`` \\<b 1 < 2 <https://example.org> <a@example.org>\n\n~~~\n<b>\n',
    '> ```\n> <br>\n> ```\n',
    'a < b and c > d, `List<String>`\n',
  ]) {
    const block = notes.replaceAll(/^(?=.)/gm, '  ')
    t.strictSame(await foundIn(t, `notes: |\n${block}`), { isServed: true, found: [] }, notes)
  }
})

t.test(
  'a tag that is shown as text is a warning at its place, in every style of YAML text, and the track is served',
  async t => {
    for (const [lines, ...places] of [
      ['notes: |\n  One.\n\n  Two <u>bold</u>.\n', '6:7 <u>'],
      ['notes: a<u and c>d\n', '3:9 <u and c>'],
      ['notes: "a <T> b"\n', '3:11 <T>'],
      ['notes: |\n  <!DOCTYPE x>\n', '4:3 <!DOCTYPE x>'],
      ['notes: |\n  \\`<u>\\`\n', '4:5 <u>'],
      ['notes: |\n  ```html\n  <u>\n  ```\n  <u>\n', '7:3 <u>'],
      ['notes: |\n  1. Item\n\n     <form>\n     x\n     </form>\n', '6:6 <form>'],
      ['notes: |\n  > quoted\n  > `<u>` <u>x\n', '5:11 <u>'],
      ['notes: |\n  | a | b |\n  | - | - |\n  | x | <u> |\n', '6:9 <u>'],
      ['notes: |2\n    One\n  <u>\n', '5:3 <u>'],
      ['notes: >-\n  One\n  two\n\n  three <u>\n  four.\n', '7:9 <u>'],
      ['notes: "One\n  two \\"quoted\\" \\u00e9\\x41\\U0001F600\n\n  three\\n \\\n  four <u>"\n', '7:8 <u>'],
      ["notes: 'It''s\n\n  two <u>'\n", '5:7 <u>'],
      ['notes: One\n  two\n  three <u>\n', '5:9 <u>'],
      ['notes: "one\\r\\ntwo <u>"\n', '3:20 <u>'],
      ['notes: "`a` <u>x</u> <u>y</u> </x>"\n', '3:13 <u>', '3:22 <u>', '3:31 </x>'],
    ] as [string, ...string[]][]) {
      const { isServed, found } = await foundIn(t, lines)
      t.ok(isServed, lines)
      t.equal(found.length, places.length, `${lines} ${found.join('\n')}`)
      for (const [index, place] of places.entries()) {
        const [at, ...tag] = place.split(' ')
        t.ok(
          found[index]?.startsWith(`warning skills/variables.yaml:${at} the tag ${tag.join(' ')} is shown as text`),
          `${place}: ${found[index]}`,
        )
      }
    }
  },
)

t.test('harmless HTML and comments are not reported', async t => {
  for (const notes of [
    'Press <kbd>Ctrl</kbd>+<KBD>C</KBD>, H<sub>2</sub>O<br/> <b>bold</b> </i> <!-- a <u> -->',
    '<details open>\n<summary>More</summary>\n\nText <ins>here</ins>.\n\n</details>\n',
    '<!-- hidden\n\n<form> -->\n\n<table align="center"><tr><td colspan=2>x</td></tr></table>\n',
    '<a href="functions">F</a> <a>x</a> <a title="x">x</a> <img alt="x"> <img src="https://example.org/x.png"> <a href="mailto:a&#64;example.org">m</a>\n',
    'Text[^1] and <https://example.org>.\n\n[^1]: A note with [a link](functions).\n',
  ]) {
    const block = notes.replaceAll(/^(?=.)/gm, '  ')
    t.strictSame(await foundIn(t, `notes: |\n${block}`), { isServed: true, found: [] }, notes)
  }
})

t.test('links and pictures in HTML and in footnotes are checked like those in Markdown', async t => {
  const { found } = await foundIn(
    t,
    'notes: |\n  <div>\n  <a title="x" href="funktions">F</a> <T>\n  <img src=\'gone.png\'></div>\n\n' +
      '  A <a href=" java&#10;script:x">b</a> <IMG SRC="javascript:x">[^1]\n\n  [^1]: See [f](function).\n',
  )
  const mend = 'write a whole URL, https:// included, or the slug of a skill'
  t.strictSame(found, [
    'warning skills/variables.yaml:5:3 this link is broken: no skill is called "funktions". Did you mean "functions"?',
    'warning skills/variables.yaml:5:39 the tag <T> is shown as text, because it is not one of the HTML tags that Markdown may have here: use Markdown, or put code between backticks',
    'warning skills/variables.yaml:6:3 "gone.png" is no picture of the track: put the file into the folder images/, and write images/gone.png',
    `warning skills/variables.yaml:8:5 this link is broken: no skill is called " java\nscript:x": ${mend}`,
    'warning skills/variables.yaml:8:40 a picture with an address that begins with "javascript:" is shown as its description: write an address that begins with https://',
    'warning skills/variables.yaml:10:13 this link is broken: no skill is called "function". Did you mean "functions"?',
  ])
})

t.test('a missing picture and a dead link are warnings', async t => {
  const { isServed, found } = await foundIn(
    t,
    'notes: |\n  [F](functions) [k](python.functions) [w](https://example.org) [m](mailto:a@example.org?subject=x) <a@example.org>\n' +
      '  [r][r] ![p](gone.png) [t](function) [f](functions.yaml) [x](/docs)\n\n  [r]: ../skills/decorators.md\n',
  )
  t.ok(isServed)
  const cure = 'write a whole URL, https:// included, or the slug of a skill'
  t.strictSame(found, [
    'warning skills/variables.yaml:5:3 this link is broken: no skill is called "../skills/decorators.md". Did you mean "decorators"?',
    'warning skills/variables.yaml:5:10 "gone.png" is no picture of the track: put the file into the folder images/, and write images/gone.png',
    'warning skills/variables.yaml:5:25 this link is broken: no skill is called "function". Did you mean "functions"?',
    'warning skills/variables.yaml:5:39 this link is broken: no skill is called "functions.yaml". Did you mean "functions"?',
    `warning skills/variables.yaml:5:59 this link is broken: no skill is called "/docs": ${cure}`,
  ])
})

t.test('a link or picture with a forbidden URL scheme is a warning at its place', async t => {
  const { isServed, found } = await foundIn(
    t,
    'notes: |\n  Text [js](javascript:alert(1)) [d](data:text/html,x) [f][f] [v](VBScript:x)\n' +
      '  [a](#x) [b](#skill-functions) [c](ftp://example.org) List<std::string> [e](mailto:) [g](https:x)\n' +
      '  ![p](javascript:x) ![q](data:text/html,x) ![r](data:image/png;base64,iVBORw0=) ![s](https://example.org/s.png)\n\n' +
      '  [f]: file:///etc/passwd\n',
  )
  t.ok(isServed)
  const at = (place: string, reason: string) => `warning skills/variables.yaml:${place} this link is broken: ${reason}`
  const scheme = (place: string, name: string) =>
    at(
      place,
      `an address that begins with "${name}" is shown as text: write an address that begins with https://, http:// or mailto:, or put code between backticks`,
    )
  const picture = (place: string, name: string) =>
    `warning skills/variables.yaml:${place} a picture with an address that begins with "${name}" is shown as its description: write an address that begins with https://`
  t.strictSame(found, [
    scheme('4:8', 'javascript:'),
    scheme('4:34', 'data:'),
    scheme('4:56', 'file:'),
    scheme('4:63', 'VBScript:'),
    at('5:3', 'no skill is called "#x": write a whole URL, https:// included, or the slug of a skill'),
    at('5:11', 'no skill is called "#skill-functions". Did you mean "functions"?'),
    scheme('5:33', 'ftp:'),
    scheme('5:60', 'std:'),
    scheme('5:74', 'mailto:'),
    scheme('5:87', 'https:'),
    picture('6:3', 'javascript:'),
    picture('6:22', 'data:'),
  ])
})

t.test(
  'a link with an address that is not followed is its text on the page and in a cartridge; e-mail works',
  async t => {
    const { app, load } = await emptyApp(t)
    const notes =
      '[js](javascript:alert(1)) [*data*](data:text/html,x) [part](#x) [file][f] ![p](javascript:x) [ftp](ftp://example.org) ' +
      '[mail](mailto:a@example.org?subject=x&body=y) <b@example.org> List<std::string>\n\n[f]: file:///etc/passwd'
    await load(
      documentOf(
        { slug: 'go' },
        { category: [{ slug: 'c' }], skill: [{ category: 'c', tier: 'senior', slug: 'a', notes }] },
      ),
    )
    const shown =
      '<p>js <em>data</em> part file p ftp <a href="mailto:a@example.org?subject=x&amp;body=y">mail</a> <a href="mailto:b@example.org">b@example.org</a> List&lt;std::string&gt;</p>'
    t.match((await app.inject('/tracks/go/skills/a')).body, shown)
    const cartridge = unzipSync((await app.inject('/v1/tracks/go/export/cartridge.imscc')).rawPayload)
    const text = Buffer.from(cartridge['pages/a.html'] as Uint8Array).toString()
    t.match(text.replaceAll('<span></span>', ''), shown)
  },
)

t.test('Markdown in a plain text is a warning, but code and an asterisk are not', async t => {
  const { isServed, found } = await foundIn(
    t,
    'summary: >-\n  Learn **variables**,\n  and [more](https://example.org).\n' +
      'outcomes: ["Uses ![x](x.png) and `*args`", "Calls f(*args, **kwargs), 2 * 3 * 4, a_b_c <form> x_y", "An *index*"]\n',
    { 'principles.yaml': '- slug: style\n  kind: rule\n  title: "**Style**"\n  statements: [__init__, "*So*"]\n' },
  )
  t.ok(isServed)
  const words = (what: string) =>
    `this text is plain, so ${what} is shown as it is written: remove the Markdown, or put code between backticks`
  t.strictSame(found, [
    `warning principles.yaml:3:11 ${words('**…**')}`,
    `warning principles.yaml:4:27 ${words('*…*')}`,
    `warning skills/variables.yaml:4:9 ${words('**…**')}`,
    `warning skills/variables.yaml:5:7 ${words('[…](https://example.org)')}`,
    `warning skills/variables.yaml:6:18 ${words('![…](x.png)')}`,
    `warning skills/variables.yaml:6:105 ${words('*…*')}`,
  ])
})

t.test('a byte order mark is not counted as a column of the first line', async t => {
  const track = smallTrack()
  const skills = {
    ...track.skills,
    'variables.yaml': '\ufeffsummary: a **b**\ntitle: "*V*"\nresources: [fluent-python]\n',
  }
  const { findings } = await readFolder(t.testdir({ python: { ...track, skills } }))
  t.match(findings, [
    { line: 1, column: 12, excerpt: /^summary: a/ },
    { line: 2, column: 9, excerpt: /^title/ },
  ])
})

t.test('in a text that is not valid, Markdown is not reported as well', async t => {
  const { found } = await foundIn(t, `summary: "*${'x'.repeat(4_000)}* <b>"\n`)
  t.match(found, [/at most 4,?000/])
  t.equal(found.length, 1)
})

t.test('a control character is reported at its place', async t => {
  const { found } = await foundIn(t, 'notes: "One\n  two \\u0007"\n')
  t.strictSame(found, ['error skills/variables.yaml:4:7 "notes" must not have control characters'])
})

t.test('notes with HTML are accepted through the API, and a page shows unknown tags as text', async t => {
  const { app, load, catalog } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'c' }] }))
  const notes = 'a<T and c>d <script>alert(1)</script>\n\n<details open>\n\n- x\n\n</details>'
  const response = await app.inject({
    method: 'PUT',
    url: '/v1/skills/go.s',
    headers: asAdmin,
    payload: { title: 'S', category: 'c', tier: 'senior', notes },
  })
  t.equal(response.statusCode, 201, response.body)
  t.equal(response.json<{ notes: string }>().notes, notes)
  const document = await catalog.document('go')
  const html = exportHtml(document as NonNullable<typeof document>) // it was just written
  t.match(html, '<p>a&lt;T and c&gt;d &lt;script&gt;alert(1)&lt;/script&gt;</p>')
  t.match(html, '<details open="open">\n<ul>\n<li>x</li>\n</ul>\n</details></div>')
})

t.test('a link to a skill works on the page and in a cartridge; a link to an unknown skill is text', async t => {
  const { app, load } = await emptyApp(t)
  const notes =
    '[own](b) [key](go.b) [former](old-b) [other](rust.ownership) [gone](nothing) ![p](p.png) ![w](https://example.org/w.png) **[own](b "title")**'
  const skill = { category: 'c', tier: 'senior' }
  await load(
    documentOf(
      { slug: 'go' },
      {
        category: [{ slug: 'c' }],
        skill: [
          { ...skill, slug: 'a', notes },
          { ...skill, slug: 'b', formerly: ['old-b'] },
        ],
      },
    ),
  )
  const page = await app.inject('/tracks/go/skills/a')
  const b = '<a href="../../../tracks/go/skills/b">'
  t.match(
    page.body,
    `<p>${b}own</a> ${b}key</a> ${b}former</a> other gone p <img src="https://example.org/w.png" alt="w" loading="lazy"> <strong>${b}own</a></strong></p>`,
  )
  const cartridge = unzipSync((await app.inject('/v1/tracks/go/export/cartridge.imscc')).rawPayload)
  const text = Buffer.from(cartridge['pages/a.html'] as Uint8Array).toString()
  const place = (key: string) => `https://curriculum.example/tracks/${key.replace('.', '/skills/')}`
  t.match(
    text,
    `<p><a href="${place('go.b')}">own</a> <a href="${place('go.b')}">key</a> <a href="${place('go.b')}">former</a> <a href="${place('rust.ownership')}">other</a> gone p <img src="https://example.org/w.png" alt="w" /> <strong><a href="${place('go.b')}">own</a></strong></p>`,
  )
})
