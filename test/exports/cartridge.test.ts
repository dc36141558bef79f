import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { type Cartridge, elementOf, every, type Line, readCartridge, xml } from '../fixtures/cartridge-reader.ts'
import { everywhere, hostileApp, hostileTitles } from '../fixtures/hostile-track.ts'
import { type Activity, type Course, htmlIn, restore, shown } from '../fixtures/moodle-course.ts'

t.test('a cartridge of the shipped track has a module for each category, with a page for every skill', async t => {
  const { app, catalog } = await testApp(t)
  const whole = await catalog.document('python')
  const cartridge = await readCartridge((await app.inject('/v1/tracks/python/export/cartridge.imscc')).rawPayload)
  t.equal(cartridge.version, '1.1.0')
  t.ok(cartridge.manifest.indexOf('xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"') < 1_000)
  t.same(
    cartridge.modules.map(({ title }) => title),
    ['About this course', ...(whole?.categories ?? []).map(({ title }) => title), 'Projects'],
  )
  const pages = every(cartridge.modules).filter(({ resource }) => resource?.path.startsWith('pages/'))
  t.same(
    pages.map(({ title }) => title),
    whole?.skills.map(({ title }) => title.replaceAll('`', '')),
  )
  t.equal(
    every(cartridge.modules).filter(({ resource }) => resource?.type === 'imsdt_xmlv1p1').length,
    whole?.projects.length,
  )
})

t.test('titles of a hostile track are unchanged in a cartridge, each on its own page', async t => {
  const { bytes, whole } = await hostileApp(t)
  for (const query of ['', '?by=plan', '?version=1.3', '?by=plan&version=1.3']) {
    const { modules, files } = await readCartridge(await bytes(`cartridge.imscc${query}`))
    const pages = every(modules).filter(({ resource }) => resource?.path.startsWith('pages/'))
    t.equal(pages.length, whole.skills.length, 'each skill stands once')
    for (const { title, resource } of pages) {
      const slug = String(/pages\/(.*)\.html/.exec(String(resource?.path))?.[1])
      t.equal(title, names[slug] ?? hostileTitles[slug])
      t.match(files.get(String(resource?.path)), '<meta charset="utf-8"/>')
    }
    t.match(files.get('pages/1-1.html'), /<p>R&amp;D &lt;(<span><\/span>)?1&gt;, Start /)
    t.match(files.get('pages/snakes.html'), '>S1.2 use "snakes"</a></li><li>Of the house</li></ul>')
  }
})

/** Titles in which platforms would see a tag or an entity. */
const names: Record<string, string> = {
  '1-1': 'List‹T› and Map‹K, List‹V››',
  '1-10': 'R&D, and ＆lt;b＆gt; as it is',
  script: '‹script›alert(1)‹/script›',
  less: 'a < b, c->d and e ‹',
  long: `${[...String(hostileTitles.long)].slice(0, 254).join('').trimEnd()}…`,
  'two-lines': 'Two lines and a tab',
  heading: '# no *heading*, no [link](x) | no ~~line~~ $x$ _y_ code ‹T› a`b `open',
  forbidden: 'not\ufffd allowed in XML',
}

t.test('Moodle restores the shipped track with every page, topic and link unchanged', async t => {
  const { app } = await testApp(t)
  for (const query of ['', '?by=plan'])
    await restored(t, (await app.inject(`/v1/tracks/python/export/cartridge.imscc${query}`)).rawPayload)
})

const dangerous = [
  '`<script>alert(1)</script>` and <form> and <module> and (?P<host>.+) and /hello/<name>',
  '`&nbsp;` and &nbsp; and &lt;b&gt; and &#60; and &amp;lt; and &lbrace; and Sign&notify and R&D',
  '"q" onerror="alert(1)" \'x\' and "open',
  'a < b and <3 and -> <i> and >= <u> and a<b',
  '<!-- no --> <?php x ?> </body> </html> <br/>',
  '\\ and \\" and % and %24 and ]]> and $@NULL@$',
]

t.test('Moodle shows markup, entities and quotes in any title or text as text', async t => {
  for (const text of [...dangerous, dangerous.join(' ').slice(0, 240)]) {
    const { app, load } = await emptyApp(t, { cacheBytes: 0 })
    await load(everywhere(text))
    for (const query of ['', '?by=plan']) {
      const { rawPayload } = await app.inject(`/v1/tracks/everywhere/export/cartridge.imscc${query}`)
      const { fullName, summary, sections } = await restored(t, rawPayload)
      const activities = sections.flatMap(section => section.activities)
      const shownTexts = activities.flatMap(({ type, html }) => (type === 'url' ? [] : [shown(html).text]))
      const texts = [fullName, summary, ...activities.map(({ name }) => name), ...shownTexts].map(lookalike)
      const plain = text.replaceAll('`', '')
      t.same(
        texts.filter(shownText => !shownText.includes(plain)),
        [],
        'every text is whole',
      )
    }
  }
})

/** Restores a cartridge as Moodle does, and checks that all of it is shown unchanged. */
const restored = async (t: Test, bytes: Buffer): Promise<Course> => {
  const { modules, files, ...cartridge } = await readCartridge(bytes)
  const course = restore({ modules, files, ...cartridge })
  t.same(
    course.sections.map(({ summary, activities }) => ({ summary: shown(summary), activities: activities.map(seen) })),
    modules.map(({ title, lines }) => ({
      summary: { text: title, elements: [], attributes: [] },
      activities: every(lines).map(line => expected(line, files)),
    })),
  )
  const html = course.sections.flatMap(({ activities }) => activities.map(activity => activity.html)).join('')
  t.same(
    [...new Set(shown(html).elements)].filter(element => !written.has(element)),
    [],
    'no text is markup',
  )
  t.notMatch(html, /[\u200b\u2060]/, 'code is copied without invisible characters')
  return course
}

const seen = ({ name, html, url }: Activity) => ({ name, url, ...shown(html) })

const expected = ({ title, resource }: Line, files: Cartridge['files']) => {
  if (resource === undefined)
    return {
      name: title,
      url: '',
      text: ` ${title}`,
      elements: ['img'],
      attributes: ['src=files.gif', 'alt=Folder', `title=${title}`],
    }
  const link = resource.type === 'imswl_xmlv1p1' ? elementOf(xml(String(files.get(resource.path))).webLink) : undefined
  const html = link === undefined ? htmlIn(resource.path, files) : ''
  return { name: title, url: link === undefined ? '' : elementOf(link.url)['@href'], ...shown(html) }
}

/** The elements of the pages of skills, projects and labels. */
const written = new Set('p h3 ul ol li a code pre div strong em img table thead tbody tr th td'.split(' '))

/** Replaces look-alike characters by those they stand for. */
const lookalike = (text: string): string =>
  text
    .replaceAll('‹', '<')
    .replaceAll('›', '>')
    .replaceAll('＆', '&')
    .replaceAll(/[“”]/g, '"')
    .replaceAll('\u00a0', ' ')

t.test('web links are ASCII only, and a resource without a URL is named on the page', async t => {
  const { bytes } = await hostileApp(t)
  for (const [version, number] of [
    ['1.1', 'v1p1'],
    ['1.3', 'v1p3'],
  ] as const) {
    const { files, modules } = await readCartridge(await bytes(`cartridge.imscc?version=${version}`))
    t.same(
      [...files.keys()].filter(path => path.startsWith('weblinks/')),
      ['weblinks/web.xml'],
    )
    t.same(xml(String(files.get('weblinks/web.xml'))), {
      '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
      webLink: {
        '@xmlns': `http://www.imsglobal.org/xsd/imscc${number}/imswl_${number}`,
        title: 'Käse & ‹Wein›',
        url: { '@href': 'https://example.org/k%C3%A4se%20b?q=%C3%BC%7C%5B1%5D%22#%C3%9F', '@target': '_blank' },
      },
    })
    t.equal(
      every(modules).filter(({ resource }) => resource?.id === 'hostile.resource.web').length,
      9,
      'once a tier of a category',
    )
    t.match(files.get('pages/1-1.html'), '<li>A book (book)</li>')
  }
})

t.test('projects are discussions, and assignments in version 1.3', async t => {
  const { bytes } = await hostileApp(t)
  const old = await readCartridge(await bytes('cartridge.imscc'))
  const topic = String(old.files.get('topics/tool.xml'))
  t.match(topic, '<title>A tool ‹for› R&amp;D</title><text texttype="text/html">&lt;p&gt;Small.&lt;/p&gt;')
  for (const text of ['C', 'Runs', 'Begin', 'End', 'It runs']) t.match(topic, `&lt;li&gt;${text}&lt;/li&gt;`)
  t.match(old.files.get('topics/growing.xml'), '&lt;h3&gt;First&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;One')
  const cartridge = await readCartridge(await bytes('cartridge.imscc?version=1.3'))
  t.equal(cartridge.version, '1.3.0')
  t.match(cartridge.manifest, 'xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"')
  t.match(xml(String(cartridge.files.get('assignments/tool.xml'))), {
    assignment: {
      '@xmlns': 'http://www.imsglobal.org/xsd/imscc_extensions/assignment',
      '@identifier': 'hostile.project.tool',
      gradable: { '#text': 'true', '@points_possible': '100' },
    },
  })
  t.match(every(cartridge.modules).find(({ resource }) => resource?.id === 'hostile.project.tool')?.resource, {
    type: 'assignment_xmlv1p0',
    path: 'assignments/tool.xml',
  })
})

t.test('a platform without assignments shows the page of a project', async t => {
  const { bytes, whole } = await hostileApp(t)
  const zip = await bytes('cartridge.imscc?version=1.3')
  const { manifest, modules, files } = await readCartridge(zip, /^assignment/)
  t.match(manifest, 'xmlns:cpx="http://www.imsglobal.org/xsd/imsccv1p3/imscp_extensionv1p2"')
  const projects = modules.at(-1)?.lines ?? []
  t.same(
    projects.map(({ resource }) => resource),
    whole.projects.map(({ slug }) => ({
      id: `hostile.project.${slug}.page`,
      type: 'webcontent',
      path: `projects/${slug}.html`,
    })),
  )
  t.match(files.get('projects/tool.html'), '<p>Small.</p><h3>Built with</h3><ul><li>C</li></ul>')
  const old = await readCartridge(await bytes('cartridge.imscc'))
  t.notMatch(old.manifest, 'cpx:')
})

t.test(
  'a quiz is an assessment, which Moodle restores with its choices, right answers, feedback and explanations',
  async t => {
    const { bytes } = await hostileApp(t)
    const { sections } = restore(await readCartridge(await bytes('cartridge.imscc')))
    const quiz = sections.flatMap(({ activities }) => activities).find(({ type }) => type === 'quiz')
    t.equal(quiz?.name, 'What is ‹T›?')
    const questions = quiz?.questions?.map(question => ({
      ...question,
      text: lookalike(shown(question.text).text),
      generalFeedback: lookalike(shown(question.generalFeedback).text.trim()),
      answers: question.answers.map(({ text, fraction, feedback }) => [
        question.type === 'multichoice' ? shown(text).text : text,
        fraction,
        shown(feedback).text.trim(),
      ]),
    }))
    t.strictSame(questions, [
      {
        type: 'multichoice',
        name: '1. What is ‹T›?',
        text: 'Which of a<b> & c?',
        single: true,
        generalFeedback: 'Because so: if a < b:    return "&amp;"   <b>',
        answers: [
          ['a<b> & "this"', 1, 'Right & <good>.'],
          ['=1+1', 0, 'No.'],
          ['<script>alert(1)</script>', 0, ''],
        ],
      },
      {
        type: 'multichoice',
        name: '2. What is ‹T›?',
        text: 'Several?',
        single: false,
        generalFeedback: '',
        answers: [
          ['One', 0.5, ''],
          ['Two', 0.5, ''],
          ['Three', 0, ''],
        ],
      },
      {
        type: 'shortanswer',
        name: '3. What is ‹T›?',
        text: 'Which word?',
        single: false,
        generalFeedback: 'It is.',
        answers: [['λ & <T>', 1, '']],
      },
      {
        type: 'multichoice',
        name: '4. What is ‹T›?',
        text: 'Code: while x<y:     x = "&lt; %24"    <T>',
        single: false,
        generalFeedback: '',
        answers: [
          ['0', 0, '0'],
          ['R&D &lt;b&gt;', 1, ''],
        ],
      },
      ...[
        ['0', 'Answer: *args© it'],
        ['Nothing?', 'Answer: 0'],
        ['Entity?', 'Answer: &amp;'],
      ].map(([text, generalFeedback], index) => ({
        type: 'essay',
        name: `${index + 5}. What is ‹T›?`,
        text,
        single: false,
        generalFeedback,
        answers: [],
      })),
      {
        type: 'shortanswer',
        name: '8. What is ‹T›?',
        text: 'Code?',
        single: false,
        generalFeedback: '',
        answers: [['None', 1, '']],
      },
    ])
  },
)

t.test('the idents of a quiz are stable, and its type names the version', async t => {
  const { bytes } = await hostileApp(t)
  for (const [version, number] of [
    ['1.1', 'v1p1'],
    ['1.3', 'v1p3'],
  ]) {
    const { modules, files } = await readCartridge(await bytes(`cartridge.imscc?version=${version}`))
    t.match(every(modules).find(({ resource }) => resource?.id === 'hostile.exercise.asked')?.resource, {
      type: `imsqti_xmlv1p2/imscc_xml${number}/assessment`,
      path: 'quizzes/asked.xml',
    })
    t.match(files.get('quizzes/asked.xml'), '<assessment ident="hostile.exercise.asked" title="What is ‹T›?">')
    t.match(files.get('quizzes/asked.xml'), '<item ident="hostile.exercise.asked.1" title="1. What is ‹T›?">')
  }
})

t.test('an exercise is a page, and in version 1.3 an assignment, after the skills of its cell', async t => {
  const { bytes } = await hostileApp(t)
  const old = await readCartridge(await bytes('cartridge.imscc'))
  const cell = every(old.modules).find(({ id }) => id === 'item.hostile.category.twin.beginner')
  t.same(
    cell?.lines.map(({ resource }) => resource?.path.replace(/\/.*/, '')),
    ['pages', 'pages', 'pages', 'exercises', 'weblinks'],
  )
  const page = String(old.files.get('exercises/twin.html'))
  t.match(page, '<p>Small &amp; &lt;<span></span>short&gt;.</p><p>Time: 20–45 minutes</p><h3>What to do</h3>')
  t.match(page, '<h3>Done when</h3><ul><li>It runs &amp; &lt;<span></span>stops&gt;.</li><li>=1+1</li></ul>')
  const cartridge = await readCartridge(await bytes('cartridge.imscc?version=1.3'))
  t.match(every(cartridge.modules).find(({ resource }) => resource?.id === 'hostile.exercise.twin')?.resource, {
    type: 'assignment_xmlv1p0',
    path: 'assignments/exercise-twin.xml',
  })
  const without = await readCartridge(await bytes('cartridge.imscc?version=1.3'), /^assignment/)
  t.equal(without.files.get('exercises/twin.html'), page)
})

t.test('no page, assignment or question contains a hint, a solution or a right answer', async t => {
  const { app, load } = await emptyApp(t, { cacheBytes: 0 })
  const skills = ['a']
  const secret = (name: string) => `SECRET-${name}`
  await load(
    documentOf(
      { slug: 'go' },
      {
        category: [{ slug: 'c' }],
        skill: [{ slug: 'a', category: 'c', tier: 'senior' }],
        exercise: [
          ...(['exercise', 'assignment'] as const).map(kind => ({
            slug: kind,
            kind,
            skills,
            instructions: 'Do it.',
            hints: [secret('hint')],
            solution: secret('solution'),
            files: [
              { path: 'main.go', role: 'starter' as const, text: 'package main\n\nfunc main() {}\n' },
              { path: 'main.go', role: 'solution' as const, text: secret('file') },
            ],
          })),
          {
            slug: 'quiz',
            kind: 'quiz',
            skills,
            instructions: 'Think.',
            questions: [
              { text: 'Why?', answer: secret('answer') },
              { text: 'Which?', choices: [{ text: 'A', correct: true }, { text: 'B' }, { text: 'C' }] },
            ],
          },
        ],
      },
    ),
  )
  for (const version of ['1.1', '1.3']) {
    const { rawPayload } = await app.inject(`/v1/tracks/go/export/cartridge.imscc?version=${version}`)
    const { files } = await readCartridge(rawPayload)
    const quiz = String(files.get('quizzes/quiz.xml'))
    files.delete('quizzes/quiz.xml')
    t.notMatch([...files.values()].join(), 'SECRET')
    t.match(
      files.get('exercises/assignment.html'),
      '<h3>To begin with</h3><p><code>main.go</code></p><pre><code>package main\n\nfunc main',
    )
    t.match(quiz, /<rubric>.*Think\..*<\/rubric>/)
    t.strictSame(quiz.match(/SECRET-\w+/g), ['SECRET-answer'], 'only where the platform compares it')
    t.match(quiz, '<varequal respident="answer" case="No">SECRET-answer</varequal>')
  }
})

t.test('an exercise whose skills are in other tracks is in a module of its own', async t => {
  const { app, load } = await emptyApp(t, { cacheBytes: 0 })
  await load(
    documentOf({ slug: 'base' }, { category: [{ slug: 'c' }], skill: [{ slug: 'a', category: 'c', tier: 'senior' }] }),
  )
  const put = await app.inject({
    method: 'PUT',
    url: '/v1/tracks/go/document',
    headers: { ...asAdmin, 'if-none-match': '*' },
    payload: {
      track: { slug: 'go', title: 'Go' },
      exercises: [{ slug: 'x', kind: 'exercise', title: 'X', skills: ['base.a'] }],
    },
  })
  t.equal(put.statusCode, 201, put.body)
  const { modules } = await readCartridge((await app.inject('/v1/tracks/go/export/cartridge.imscc')).rawPayload)
  t.match(modules[1], { title: 'Exercises', lines: [{ title: 'X' }] })
})

t.test('a module can be a plan: its steps, then the skills of its tier; other skills follow by category', async t => {
  const { bytes } = await hostileApp(t)
  const { modules, files } = await readCartridge(await bytes('cartridge.imscc?by=plan'))
  t.same(
    modules.map(({ title }) => [...title].slice(0, 20).join('')),
    ['About this course', 'First weeks', 'The same weeks', 'All', '@category & ‹T›', 'Nothing in it', 'Projects'],
  )
  const [, first, again, all, category] = modules as [Line, Line, Line, Line, Line]
  t.same(
    first.lines.map(({ title }) => title.slice(0, 22)),
    [
      'First weeks',
      'Weeks 1–2: Start ‹T›.',
      '@category & ‹T›',
      String(hostileTitles.long).slice(0, 22),
      '‹/h4› # “Third” & [level](x)'.slice(0, 22),
    ],
  )
  t.same(
    first.lines[1]?.lines.map(({ title }) => title),
    [
      '🐍 snakes, 👩‍👩‍👧 and "quotes"',
      'List‹T› and Map‹K, List‹V››',
      'Hand ‹in› & "go"',
      'What is ‹T›?',
      'A tool ‹for› R&D',
      'Käse & ‹Wein›',
    ],
    'the skills of the step in its order, their exercises, its projects, then links to their resources',
  )
  const everyLine = every(modules).map(({ resource }) => resource?.path ?? '')
  for (const path of ['pages/snakes.html', 'pages/1-1.html', 'topics/tool.xml'])
    t.equal(everyLine.filter(one => one === path).length, 1, `${path} is there once`)
  t.same(
    again.lines.map(({ title }) => title),
    ['The same weeks'],
  )
  t.same(
    all.lines.map(({ title }) => title),
    ['All', 'Month 3: Go on.', 'From month 12 on: Never end.'],
  )
  t.same(
    category.lines.map(({ title }) => title.slice(0, 3)),
    ['xxx', 'Sen', 'Ä l'],
  )
  t.match(
    files.get('plans/first.html'),
    '<p>5–10 hours a week</p><h3>Steps</h3><ul><li>Weeks 1–2: Start &lt;<span></span>T&gt;.<ul><li>🐍 snakes, 👩‍👩‍👧 and "quotes"</li>',
  )
})

t.test('a course of one tier has no module for a category whose skills are in a plan', async t => {
  const { bytes } = await hostileApp(t)
  const { modules } = await readCartridge(await bytes('cartridge.imscc?by=plan&tier=beginner'))
  t.same(
    modules.map(({ title }) => title),
    ['About this course', 'First weeks', 'The same weeks', 'All', 'Projects'],
  )
})

t.test('a track with few fields is a valid course', async t => {
  const { app } = await hostileApp(t)
  const bare = await app.inject('/v1/tracks/elsewhere/export/cartridge.imscc')
  const { modules, manifest } = await readCartridge(bare.rawPayload)
  t.match(modules[1], { title: 'A title', lines: [{ title: 'Beginner', lines: [{ title: 'A title', lines: [] }] }] })
  t.notMatch(manifest, /<lomimscc:(description|rights)>/)
})

t.test('a part of a track is a smaller course, and one with too many files for a zip is rejected', async t => {
  const { bytes, catalog, options, whole } = await hostileApp(t)
  const { modules, files } = await readCartridge(await bytes('cartridge.imscc?source=talk'))
  t.same(
    modules.map(({ id }) => id),
    ['item.about', 'item.hostile.category.twin'],
  )
  t.same(
    [...files.keys()].filter(path => path.startsWith('pages/')),
    ['pages/1-10.html', 'pages/10.html'],
  )
  const [skill] = whole.skills
  if (skill === undefined) throw new Error('there are skills')
  const many = Array.from({ length: 70_000 }, () => skill)
  const app = await buildApp(
    { ...catalog, document: async () => ({ ...whole, skills: many }) },
    { ...options, cacheBytes: 0 },
  )
  t.teardown(() => app.close())
  const rejected = await app.inject('/v1/tracks/hostile/export/cartridge.imscc')
  t.equal(rejected.statusCode, 400)
  t.match(rejected.json(), {
    detail: /at most 65535 files, and this one would have 700\d\d: limit it with tier, category or source/,
  })
})
