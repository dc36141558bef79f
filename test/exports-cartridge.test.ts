import t from 'tap'
import { buildApp } from '../src/app.ts'
import { testApp } from './app.ts'
import { every, type Line, readCartridge, xml } from './fixtures/cartridge-reader.ts'
import { hostileApp, hostileTitles } from './fixtures/hostile-track.ts'

t.test('a cartridge of the shipped track has a module for each category, with a page for every skill', async t => {
  const { app, catalog } = await testApp(t)
  const whole = await catalog.document('python')
  const made = await readCartridge((await app.inject('/v1/tracks/python/export/cartridge.imscc')).rawPayload)
  t.equal(made.version, '1.1.0')
  t.ok(made.manifest.indexOf('xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"') < 1_000)
  t.same(
    made.modules.map(({ title }) => title),
    [...(whole?.categories ?? []).map(({ title }) => title), 'Projects'],
  )
  const pages = every(made.modules).filter(({ resource }) => resource?.type === 'webcontent')
  t.same(
    pages.map(({ title }) => title),
    whole?.skills.map(({ title }) => title.replaceAll('`', '')),
  )
  t.equal(
    every(made.modules).filter(({ resource }) => resource?.type === 'imsdt_xmlv1p1').length,
    whole?.projects.length,
  )
})

t.test('titles of a hostile track come back whole from a cartridge, and pages say all there is', async t => {
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
  }
})

const names: Record<string, string> = {
  long: `${[...String(hostileTitles.long)].slice(0, 254).join('').trimEnd()}…`,
  'two-lines': 'Two lines and a tab',
  heading: '# no *heading*, no [link](x) | no ~~line~~ $x$ _y_ code <T> a`b `open',
  forbidden: 'not\ufffd allowed in XML',
}

const entities = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

t.test('what looks like a tag survives in pages that Moodle reads once too often', async t => {
  const { bytes } = await hostileApp(t)
  const { files } = await readCartridge(await bytes('cartridge.imscc'))
  const page = String(files.get('pages/1-1.html'))
  const read = entities(page)
  t.match(read, 'List<<wbr/>T> and Map<<wbr/>K, List<<wbr/>V>>')
  t.match(page, '&lt;<wbr/>b&gt;raw&lt;<wbr/>/b&gt;', 'raw HTML stays text')
  t.notMatch(page, /href="(javascript|one)/)
  t.match(page, '<a href="https://example.org/?a=1&amp;b=2">good</a>')
  t.match(page, '<a href="https://example.org/samples/one.py">sample &lt;<wbr/>T&gt;</a>')
  t.match(page, '<h3>What comes before</h3><ul><li>elsewhere.basics</li></ul>')
  t.match(files.get('pages/1-10.html'), 'R&amp;D, and &amp;<wbr/>lt;b&amp;<wbr/>gt; as it is')
  t.match(files.get('pages/1-10.html'), 'nowhere too: <code>ten.py</code>', 'a sample that is nowhere is named')
  t.match(files.get('pages/snakes.html'), '<a href="https://example.org/s">web</a>')
})

t.test('web links are of ASCII alone, and a resource without an address is named on the page', async t => {
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
        title: 'Käse & <Wein>',
        url: { '@href': 'https://example.org/k%C3%A4se%20b?q=%C3%BC%7C%5B1%5D%22#%C3%9F', '@target': '_blank' },
      },
    })
    t.equal(
      every(modules).filter(({ resource }) => resource?.id === 'hostile.resource.web').length,
      6,
      'once a tier of a module',
    )
    t.match(files.get('pages/1-1.html'), '<li>A book (book)</li>')
  }
})

t.test('projects are discussions, and assignments in version 1.3', async t => {
  const { bytes } = await hostileApp(t)
  const old = await readCartridge(await bytes('cartridge.imscc'))
  const topic = String(old.files.get('topics/tool.xml'))
  t.match(topic, '<title>A tool &lt;for&gt; R&amp;D</title><text texttype="text/html">&lt;p&gt;Small.&lt;/p&gt;')
  for (const text of ['C', 'Runs', 'Begin', 'End', 'It runs']) t.match(topic, `&lt;li&gt;${text}&lt;/li&gt;`)
  t.match(old.files.get('topics/growing.xml'), '&lt;h3&gt;First&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;One')
  const made = await readCartridge(await bytes('cartridge.imscc?version=1.3'))
  t.equal(made.version, '1.3.0')
  t.match(made.manifest, 'xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"')
  t.match(xml(String(made.files.get('assignments/tool.xml'))), {
    assignment: {
      '@xmlns': 'http://www.imsglobal.org/xsd/imscc_extensions/assignment',
      '@identifier': 'hostile.project.tool',
      gradable: { '#text': 'true', '@points_possible': '100' },
    },
  })
  t.match(every(made.modules).find(({ resource }) => resource?.id === 'hostile.project.tool')?.resource, {
    type: 'assignment_xmlv1p0',
    path: 'assignments/tool.xml',
  })
})

t.test(
  'a module can be a plan: its steps, then the skills of its tier; what no plan has follows by category',
  async t => {
    const { bytes } = await hostileApp(t)
    const { modules, files } = await readCartridge(await bytes('cartridge.imscc?by=plan'))
    t.same(
      modules.map(({ title }) => [...title].slice(0, 20).join('')),
      ['First weeks', 'The same weeks', 'All', '@category & <T>', 'Ä long tale of a sna', 'Nothing in it', 'Projects'],
    )
    const [first, again, all, category] = modules as [Line, Line, Line, Line]
    t.same(
      first.lines.map(({ title }) => title.slice(0, 22)),
      ['First weeks', 'Weeks 1–2: Start <T>.', '@category & <T>', String(hostileTitles.long).slice(0, 22)],
    )
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
      ['xxx', 'Sen'],
    )
    t.match(
      files.get('plans/first.html'),
      '<p>5–10 hours a week</p><h3>Steps</h3><ul><li>Weeks 1–2: Start &lt;<wbr/>T&gt;.</li></ul>',
    )
  },
)

t.test('a course of one tier has no module for a category whose skills stand in a plan', async t => {
  const { bytes } = await hostileApp(t)
  const { modules } = await readCartridge(await bytes('cartridge.imscc?by=plan&tier=beginner'))
  t.same(
    modules.map(({ title }) => title),
    ['First weeks', 'The same weeks', 'All', 'Projects'],
  )
})

t.test('a track that says little of itself is a course too', async t => {
  const { app } = await hostileApp(t)
  const bare = await app.inject('/v1/tracks/elsewhere/export/cartridge.imscc')
  const { modules, manifest } = await readCartridge(bare.rawPayload)
  t.match(modules, [{ title: 'A title', lines: [{ title: 'Beginner', lines: [{ title: 'A title', lines: [] }] }] }])
  t.notMatch(manifest, /<lomimscc:(description|rights)>/)
})

t.test('a part of a track is a smaller course, and one that no zip could hold is refused in a sentence', async t => {
  const { bytes, catalog, options, whole } = await hostileApp(t)
  const { modules, files } = await readCartridge(await bytes('cartridge.imscc?source=talk'))
  t.same(
    modules.map(({ id }) => id),
    ['item.hostile.category.other'],
  )
  t.same(
    [...files.keys()].filter(path => path.startsWith('pages/')),
    ['pages/10.html', 'pages/1-10.html'],
  )
  const [skill] = whole.skills
  if (skill === undefined) throw new Error('there are skills')
  const many = Array.from({ length: 70_000 }, () => skill)
  const app = await buildApp(
    { ...catalog, document: async () => ({ ...whole, skills: many }) },
    { ...options, cacheBytes: 0 },
  )
  t.teardown(() => app.close())
  const refused = await app.inject('/v1/tracks/hostile/export/cartridge.imscc')
  t.equal(refused.statusCode, 400)
  t.match(refused.json(), {
    detail: /at most 65535 files, and this one would have 700\d\d: narrow it with tier, category or source/,
  })
})
