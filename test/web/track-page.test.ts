import { cp, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import type { TrackDocument } from '../../src/catalog.ts'
import { parseFragment } from '../../src/web/browser/fragment.ts'
import { createSearch } from '../../src/web/browser/search.ts'
import { createStorage } from '../../src/web/browser/storage.ts'
import { readBundle } from '../../src/web/page/page-frame.ts'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { type ServedApp, served } from '../fixtures/served.ts'
import { serve } from '../fixtures/service.ts'
import { visibleText } from '../fixtures/visible-text.ts'

t.test('the page of a track has the titles of its items, and links to the pages of those that have one', async t => {
  const { app, catalog } = await testApp(t)
  const { statusCode, headers, body } = await app.inject('/tracks/python')
  t.equal(statusCode, 200)
  t.equal(headers['content-type'], 'text/html; charset=utf-8')
  const { skills, projects, exercises, principles, plans, checklists, resources } = await wholeTrack(catalog)
  const read = visibleText(body)
  t.same(
    [...skills, ...projects, ...exercises, ...principles, ...plans, ...checklists, ...resources]
      .map(({ title }) => title)
      .filter(title => !read.includes(bare(title))),
    [],
  )
  t.notOk(read.includes(skills[0]?.outcomes[0] ?? ''), 'the text of a skill is on its page')
  const [markup = ''] = body.split('id="data"')
  for (const [folder, items] of [
    ['skills', skills],
    ['projects', projects],
    ['exercises', exercises],
  ] as const)
    for (const { slug } of items) t.match(markup, `href="../tracks/python/${folder}/${slug}"`)
  const ids = [...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length, 'every id is unique')
  t.ok(ids.includes('skill-variables') && ids.includes('project-taskflow'), 'deep links have a place')
  t.same(
    [...markup.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter(id => !ids.includes(id)),
    [],
    'every fragment leads somewhere',
  )
})

t.test('the page of the shipped track is small', async t => {
  const { app } = await testApp(t)
  const { body } = await app.inject('/tracks/python')
  t.ok(Buffer.byteLength(body) < 250_000, `${Buffer.byteLength(body)} bytes`)
  const { rawPayload } = await app.inject({ url: '/tracks/python', headers: { 'accept-encoding': 'br' } })
  t.ok(rawPayload.length < 50_000, `${rawPayload.length} bytes compressed`)
  const elements = body.match(/<[a-z]/g)?.length ?? 0
  t.ok(elements < 3_800, `${elements} elements, to which the script adds a checkbox for each skill`)
})

t.test('the exported file contains all of a track, and is readable without a script', async t => {
  const { catalog } = await testApp(t)
  const document = await wholeTrack(catalog)
  const html = exportHtml(document)
  const read = visibleText(html)
  const texts = [
    ...document.skills.flatMap(({ title, summary, outcomes }) => [title, summary ?? '', ...outcomes]),
    ...document.projects.flatMap(({ title, features, milestones, acceptance }) => [
      title,
      ...features,
      ...milestones,
      ...acceptance,
    ]),
    ...document.principles.flatMap(({ title, statements }) => [title, ...statements]),
    ...[...document.plans, ...document.checklists, ...document.resources, ...document.sources].map(
      ({ title }) => title,
    ),
  ]
  t.same(
    texts.filter(text => !read.includes(bare(text))),
    [],
    'every text can be read',
  )
  const addresses = document.resources.flatMap(({ url }) => url ?? [])
  t.same(
    addresses.filter(url => !html.includes(`href="${url.replaceAll('&', '&amp;')}"`)),
    [],
  )
  const [markup = ''] = html.slice(html.indexOf('<body')).split('<script')
  const ids = new Set([...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  const links = [...markup.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  t.same(
    links.filter(id => !ids.has(id)),
    [],
    'every link leads somewhere',
  )
  t.notMatch(markup, /(src|href)="(?!https?:|#|data:)/, 'it needs no other file')
})

t.test('the page is sent like every response: with an ETag, compressed, and with the cursor', async t => {
  const { app } = await testApp(t)
  for (const url of ['/tracks/python', '/tracks/python.svg?tier=senior']) {
    const first = await app.inject({ url, headers: { 'accept-encoding': 'br' } })
    t.equal(first.headers['content-encoding'], 'br')
    t.match(first.headers['curriculum-cursor'], /^\d+$/)
    t.match(first.headers['cache-control'], 'public')
    const again = await app.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } })
    t.equal(again.statusCode, 304)
    const head = await app.inject({ method: 'HEAD', url })
    t.equal(head.statusCode, 200)
    t.equal(head.body, '')
    t.equal((await app.inject({ method: 'POST', url })).statusCode, 405)
  }
})

t.test(
  "the page's policy allows its own style and scripts of the service, and that of the file nothing from outside",
  async t => {
    const { app, catalog } = await testApp(t)
    const { headers, body } = await app.inject('/tracks/python')
    t.match(
      headers['content-security-policy'],
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'self'; connect-src 'self'; img-src /,
    )
    t.notMatch(headers['content-security-policy'], /unsafe/)
    t.notMatch(body, /<script(?! type="application\/(ld\+)?json"| type="module" src=)/, 'no script is inline')
    const file = exportHtml(await wholeTrack(catalog))
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(file) ?? []
    t.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src /)
    t.notMatch(policy, /unsafe|connect-src/)
    t.equal(file.match(/<script/g)?.length, 2, 'the data and one script')
  },
)

t.test("a track's id and former slugs redirect to its URL", async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'snakes', formerly: ['python'], title: 'Snakes' }, {}))
  const { id } = (await app.inject('/v1/tracks/snakes')).json<{ id: string }>()
  for (const ref of ['python', id])
    for (const ending of ['', '.svg', '.svg?tier=senior']) {
      const { statusCode, headers } = await app.inject(`/tracks/${ref}${ending}`)
      t.equal(statusCode, 308)
      t.equal(headers.location, `../tracks/snakes${ending}`)
    }
})

t.test('an unknown track is a page for a browser and problem details for a program', async t => {
  const { app } = await testApp(t)
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'
  const page = await app.inject({ url: '/tracks/pyhton', headers: { accept: browser } })
  t.equal(page.statusCode, 404)
  t.match(page.headers['content-type'], 'text/html')
  t.match(page.body, 'Did you mean <a href="../tracks/python">Python</a>?')
  t.match(page.headers['cache-control'], 'no-store')
  for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
    const problem = await app.inject({ url: '/tracks/pyhton', headers })
    t.equal(problem.statusCode, 404)
    t.equal(problem.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.match(problem.json<{ detail: string }>().detail, 'Did you mean "python"?')
  }
  t.match((await app.inject('/tracks/quite-another')).json<{ detail: string }>().detail, /called "quite-another"\.$/)
})

t.test('a removed track is 410, also when it is removed during the request', async t => {
  const { catalog, options } = await emptyApp(t)
  const respondWith = async (found: Awaited<ReturnType<typeof catalog.find>>) => {
    const find = async () => found
    const app = await buildApp({ ...catalog, find } as typeof catalog, options) // every noun is found alike
    t.teardown(() => app.close())
    return app.inject('/tracks/snakes')
  }
  const removed = await respondWith({ removedAt: '2026-01-31' })
  t.equal(removed.statusCode, 410)
  t.match(removed.json<{ detail: string }>().detail, 'The track "snakes" was removed on 2026-01-31.')
  t.equal((await respondWith({ item: { noun: 'track', key: 'snakes', json: '{}', hash: '' } })).statusCode, 404)
})

t.test('a document cannot add markup, scripts or unsafe URLs to the page', async t => {
  const bad = `<script>alert(1)</script><img src=x onerror=alert(2)>" onload='alert(3)`
  const notes = [
    bad,
    '[a](javascript:alert(4)) [b](JaVaScRiPt:alert(5)) [c](data:text/html,x) [d](//evil.example/x) [e](vbscript:x)',
    '![f](javascript:alert(6)) ![picture](local.png) ![g](https://example.com/g.png "g")',
    '<https://example.com/auto> [h](#skill-a) [i](https://example.com/i?a=1&b="2")',
    '    indented <b>',
    '# Heading',
    '```\n</code></pre><script>alert(7)</script>\n```',
  ].join('\n\n')
  const html = exportHtml(
    await served(
      t,
      documentOf(
        {
          slug: 'a',
          title: bad,
          summary: bad,
          introduction: bad,
          version: bad,
          license: bad,
          tiers: [{ tier: 'senior', title: bad, theme: bad, goal: bad, duration: { unit: 'week', from: 2 } }],
        },
        {
          category: [{ slug: 'c', title: bad, summary: bad }],
          skill: [
            {
              slug: 'a',
              category: 'c',
              tier: 'senior',
              title: `${bad} \`${bad}\``,
              summary: bad,
              outcomes: [bad],
              examples: [bad],
              notes,
              optional: true,
              kind: 'theoretical',
            },
          ],
          project: [{ slug: 'p', title: bad, skills: ['a'], stack: [bad], phases: [{ title: bad, parts: [] }] }],
          source: [
            { slug: 's', title: bad, outline: [{ label: bad, section: bad, says: bad, note: bad, of: 'skill.a' }] },
          ],
        },
      ),
    ),
  )
  t.equal(html.match(/<script/gi)?.length, 2, 'the data and the script of the page')
  t.notMatch(html, /<[^>"]*\son\w+=/i)
  t.notMatch(html, /(href|src)="(?!https?:|#|data:image)/i)
  t.match(html, ' picture <img', 'a picture beside the file is its description')
  t.match(html, '<img src="https://example.com/g.png" alt="g" title="g" loading="lazy" />')
  t.match(html, '> h <a href="https://example.com/i?a=1&amp;b=%222%22"')
  t.match(html, '<a href="https://example.com/auto" target="_blank" rel="noopener">')
  t.match(html, '<pre tabindex="0"><code>indented &lt;b&gt;\n</code></pre>')
  t.match(html, '<h6>Heading</h6>')
})

t.test('code between backticks is code in every text', async t => {
  const html = exportHtml(
    await served(t, lone({ title: 'Using `pip`', outcomes: ['Says `a < b`, ``a `b` c`` and a lone ` too.'] })),
  )
  t.match(html, '<a href="#skill-a">Using <code>pip</code></a>')
  t.match(html, '<li dir="auto">Says <code>a &lt; b</code>, <code>a `b` c</code> and a lone ` too.</li>')
  t.match(html, '<option value="c">Writing code</option>', 'where no markup can stand it is plain')
  t.match(
    html,
    '<h2 id="stage-beginner-title" dir="auto">Beginner</h2>',
    'a track without tiers has those of its skills',
  )
})

t.test('a page shows the fields a skill has and omits the others', async t => {
  const html = exportHtml(
    await served(
      t,
      documentOf(
        {
          slug: 'a',
          language: 'de',
          tiers: [
            { tier: 'beginner', title: 'Anfang' },
            { tier: 'senior', title: 'Ende' },
          ],
        },
        {
          category: [{ slug: 'c' }, { slug: 'd' }],
          skill: [
            {
              slug: 'a',
              category: 'c',
              tier: 'beginner',
              code: 'A<1>',
              title: 'Erste',
              externalId: 'legacy-7',
              alignments: [
                { framework: 'ESCO', code: 'S1', title: 'code', url: 'https://example.org/s1?a=1&b=2' },
                { framework: 'SFIA `9`', code: 'PROG' },
                { framework: 'O*NET' },
              ],
              sample: { label: 'Beispiel', url: 'x.py' },
              sameAs: [],
              resources: ['r', 'q'],
            },
            {
              slug: 'b',
              category: 'c',
              tier: 'senior',
              prerequisites: ['a'],
              related: ['a'],
              replacedBy: 'a',
              sample: { label: 'Lost', url: 'y.py' },
            },
          ],
          resource: [
            { slug: 'r', kind: 'book', title: 'Buch' },
            { slug: 'q', kind: 'site', title: 'Ort', summary: 'Gut.', url: 'https://example.com/' },
          ],
          plan: [
            {
              slug: 'l',
              kind: 'plan',
              title: 'Plan',
              weeklyHours: { from: 2, to: 4 },
              duration: { unit: 'month', from: 0, to: 3, approximate: true },
              steps: [
                { unit: 'week', from: 1, to: 1, text: 'Eins' },
                { unit: 'week', from: 2, text: 'Dann' },
              ],
            },
          ],
          checklist: [
            {
              slug: 'k',
              kind: 'commands',
              tier: 'beginner',
              title: 'Liste',
              items: [{ text: 'Tu es', command: 'ls <x>', note: 'oder nicht', group: 'Gruppe' }, { text: 'Und das' }],
            },
          ],
          principle: [{ slug: 'i', kind: 'pitfall', title: 'Falle', risk: 'Sturz', remedy: 'Schau', category: 'c' }],
          source: [
            {
              slug: 's',
              title: 'Quelle',
              sampleBase: 'https://example.com/code/',
              outline: [{ label: 'A', tier: 'senior', of: 'skill.a' }],
            },
          ],
        },
      ),
    ),
  )
  t.match(html, '<html lang="de" dir="ltr">')
  t.match(html, '<li data-skill="a" dir="auto"><a href="#skill-a"><b class="code">A&lt;1&gt;</b> Erste</a></li>')
  t.match(html, '<span class="title" dir="auto"><b class="code">A&lt;1&gt;</b> Erste</span>')
  t.match(
    html,
    '<li dir="auto">ESCO: <a href="https://example.org/s1?a=1&amp;b=2" target="_blank" rel="noopener">S1 code</a></li>',
  )
  t.match(html, 'SFIA <code>9</code>: <span>PROG</span></li><li dir="auto"><span>O*NET</span></li>')
  t.notMatch(html, 'legacy-7')
  t.match(html, '<a href="https://example.com/code/x.py" target="_blank" rel="noopener">Beispiel</a>')
  t.notMatch(html, 'y.py', 'a sample that has no address is not shown')
  t.match(html, 'Dieses Thema wurde ersetzt durch <a href="#skill-a"')
  t.match(html, '<span>Buch</span> <span class="aside">Buch</span>', 'what has no address is no link')
  t.match(html, 'ungefähr Monate 0–3')
  t.match(html, '<b>Woche 1</b>: Eins')
  t.match(html, '<b>ab Woche 2</b>: Dann')
  t.match(html, '2–4 Stunden pro Woche')
  t.match(html, '<code>ls &lt;x&gt;</code>')
  t.match(html, '<a href="#principle-i">Falle</a>')
  t.notMatch(html, 'Danach kannst du')
  t.notMatch(html, 'Projects</h2>')
})

const hours = (from: number, to: number | null = from) => ({ unit: 'hour', from, to })

/** A track with durations, a plan whose skills all have one, and plans of which that is not known. */
const timed = documentOf(
  { slug: 'timed', tiers: [{ tier: 'beginner', title: 'Start', duration: { unit: 'month', from: 0, to: 3 } }] },
  {
    category: [
      { slug: 'web', title: 'Web' },
      { slug: 'http', title: 'HTTP', parent: 'web' },
      { slug: 'rest', title: 'Rest' },
    ],
    skill: [
      { slug: 'html', title: 'HTML', category: 'web', tier: 'beginner', kind: 'theoretical', duration: hours(10, 20) },
      {
        slug: 'verbs',
        title: 'Verbs',
        category: 'http',
        tier: 'beginner',
        duration: { unit: 'minute', from: 90, to: 90 },
      },
      { slug: 'other', title: 'Other', category: 'rest', tier: 'beginner' },
    ],
    project: [{ slug: 'site', title: 'A site', tier: 'beginner', duration: { unit: 'day', from: 2, to: 3 } }],
    plan: [
      {
        slug: 'course',
        kind: 'plan',
        title: 'Course',
        weeklyHours: { from: 2, to: 5 },
        steps: [
          { unit: 'day', from: 1, to: 3, text: 'First', skills: ['verbs'], projects: ['site'] },
          { unit: 'hour', from: 4, text: 'Then', skills: ['html'] },
        ],
      },
      { slug: 'again', kind: 'plan', title: 'Again', steps: [{ ...hours(1), text: 'As before', plan: 'course' }] },
      {
        slug: 'all',
        kind: 'plan',
        title: 'All',
        weeklyHours: { from: 2, to: 2 },
        steps: [{ ...hours(1), text: 'All', skills: ['other', 'html'] }],
      },
    ],
  },
)

t.test(
  'the page shows the time of each skill and project, and its sum for categories, tiers and the track',
  async t => {
    const { catalog, load } = await emptyApp(t)
    await load(timed)
    const html = exportHtml(await wholeTrack(catalog, 'timed'))
    t.match(
      html,
      '<span class="title" dir="auto">HTML</span> <span class="aside"><bdi>Theory</bdi> · <bdi>10–20 hours</bdi></span>',
    )
    t.match(
      html,
      '<span class="title" dir="auto">A site</span> <span class="aside"><bdi>Start</bdi> · <bdi>2–3 days</bdi></span>',
    )
    t.match(html, '<li><bdi>about 12–22 hours for 2 of 3 skills</bdi></li>', 'the track')
    t.match(
      html,
      '<bdi>3 skills</bdi> · <bdi>Months 0–3</bdi> · <bdi>about 12–22 hours for 2 of 3 skills</bdi>',
      'the stage',
    )
    t.match(
      html,
      'Web</span> <span class="aside"><bdi>about 12–22 hours</bdi></span>',
      'a category with the one below it',
    )
    t.match(html, 'HTTP</span> <span class="aside"><bdi>90 minutes</bdi></span>')
    t.match(html, 'Rest</span> <span class="aside"></span>', 'nothing is known of it')
    const { skills } = JSON.parse(/id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '')
    t.same(skills[0].duration, { ...hours(10, 20), approximate: false }, 'the script adds the time of a path up')
    t.notOk('duration' in skills[2])
  },
)

t.test('the page shows a plan as steps with links to their skills and projects, and its time in weeks', async t => {
  const { catalog, load } = await emptyApp(t)
  await load(timed)
  const html = exportHtml(await wholeTrack(catalog, 'timed'))
  const plan = (slug: string) => html.split(`id="plan-${slug}">`)[1]?.split('</details>')[0] ?? ''
  t.match(
    plan('course'),
    '<b>Days 1–3</b>: First<ul class="links"><li dir="auto"><a href="#skill-verbs" data-tier="beginner"',
  )
  t.match(plan('course'), '<b>From hour 4 on</b>: Then<ul class="links">')
  t.match(plan('course'), '<p>Time: about 12–22 hours; at 2–5 hours a week: about 3–11 weeks</p>')
  t.match(plan('again'), 'As before<ul class="links"><li dir="auto"><a href="#plan-course">Course</a>')
  t.match(plan('again'), '<p>Time: about 12–22 hours</p>', 'with the plan that it builds on')
  t.match(plan('all'), '<p>Time: 10–20 hours for 1 of 2 skills</p>', 'an incomplete sum is no number of weeks')
})

t.test('references outside the document are shown by their key', async t => {
  const document = documentOf(
    { slug: 'a' },
    {
      category: [{ slug: 'c' }],
      skill: [{ slug: 'a', category: 'c', tier: 'beginner' }],
      source: [{ slug: 's', outline: [{ label: 'A', tier: 'senior', of: 'skill.a' }] }],
    },
  )
  const own = await served(t, document)
  const elsewhere = {
    prerequisites: ['base.z'],
    sameAs: ['base.z'],
    resources: ['base.r'],
    projects: ['base.p'],
    exercises: ['base.e'],
  }
  const html = exportHtml({ ...own, sources: [], skills: own.skills.map(skill => ({ ...skill, ...elsewhere })) })
  for (const key of ['base.z', 'base.r', 'base.p', 'base.e']) t.match(html, `<code>${key}</code>`)
  t.match(html, '<b>a.s</b>')
  t.match(html, '<span class="aside">Advanced</span>', 'a tier without a title of its own has its word')
  t.match(html, '"prerequisites":[]', 'and is no prerequisite for the script')
})

t.test('the same document gives the same bytes', async t => {
  const { catalog } = await testApp(t)
  const document = await wholeTrack(catalog)
  t.equal(exportHtml(document), exportHtml(structuredClone(document)))
})

t.test('only a server with --watch sends a page that polls for changes', async t => {
  const watching = await testApp(t, { watch: true })
  t.match((await watching.app.inject('/tracks/python')).body, 'assets/watch.js?')
  const { app } = await testApp(t)
  t.notMatch((await app.inject('/tracks/python')).body, 'watch.js')
})

t.test('the script of the page is small', async t => {
  const { size } = await stat(new URL('../../dist/track-page.js', import.meta.url))
  t.ok(size < 50_000, `${size} bytes`)
})

t.test('a checkout without the script of the page says how to make it', async t => {
  t.throws(() => readBundle('no-such-page.js'), { name: 'Refused', message: /^dist\/no-such-page\.js is missing/ })
  const folder = t.testdir()
  for (const name of ['src', 'package.json'])
    await cp(new URL(`../../${name}`, import.meta.url), join(folder, name), { recursive: true })
  const { exit, lines, stderr } = serve(t, folder, { program: join(folder, 'src/main.js') })
  t.same(await exit, { code: 1, signal: null })
  t.equal(stderr(), 'dist/site.css is missing or cannot be read: run npm run prepare in the folder of the service.\n')
  t.same(lines(), [])
})

t.test('the search of a page finds titles, codes and examples, with typing mistakes and by synonyms', async t => {
  const search = createSearch([
    { id: 'a', code: '', title: 'Generators', words: 'yield lazy iteration' },
    { id: 'b', code: 'PY-1011', title: 'Stacks of Decorators', words: '' },
    { id: 'c', code: 'PY-101', title: 'Decorators', words: 'functools.wraps' },
    { id: 'd', code: '', title: 'École', words: '' },
    { id: 'e', code: '', title: 'Regular Expressions', words: 're.sub' },
    { id: 'f', code: '', title: 'Object-Oriented Programming', words: 'class' },
    { id: 'g', code: '', title: 'Deploying to Kubernetes', words: 'kubectl' },
  ])
  for (const [query, expected] of [
    ['decorators', ['c', 'b']],
    ['decroators', ['c', 'b']],
    ['decorators stacks', ['b']],
    ['ecole', ['d']],
    ['py-101', ['c', 'b']],
    ['wraps', ['c']],
    ['regex', ['e']],
    ['regx', ['e']],
    ['regular expression', ['e']],
    ['OOP', ['f']],
    ['deploying k8s', ['g']],
    ['gene', ['a']],
    ['nothing', []],
    ['', []],
    ['?', []],
  ] as const)
    t.same(search(query), expected, query)
})

t.test('a fragment names an entry or a target; anything else is a place on the page', async t => {
  for (const [hash, expected] of [
    ['#skill-decorators', { entry: 'skill-decorators' }],
    ['#project-url-shortener', { entry: 'project-url-shortener' }],
    ['#to=decorators', { target: 'decorators' }],
    ['#to=project:url-shortener', { target: 'project:url-shortener' }],
    ['#roadmap', undefined],
    ['#skill-"]', undefined],
    ['', undefined],
  ] as const)
    t.same(parseFragment(hash), expected, hash)
})

t.test('ticks are stored if the browser allows it, and invalid ones are ignored', async t => {
  const items = new Map<string, string>()
  const storage = {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
  }
  const progress = createStorage(() => storage, 'track-id')
  t.same(progress.read(), { known: [], target: null })
  progress.write({ known: ['one'], target: 'b' })
  t.same(progress.read(), { known: ['one'], target: 'b' })
  for (const broken of ['{', 'null', '{"known":1,"target":2}', '{"known":[1]}']) {
    items.set(progress.name, broken)
    t.same(progress.read(), { known: [], target: null }, broken)
  }
  const refusing = createStorage(() => {
    throw new Error('no storage for you')
  }, 'track-id')
  refusing.write({ known: ['one'], target: null })
  t.same(refusing.read(), { known: [], target: null })
})

const lone = (skill: Record<string, unknown>) =>
  documentOf(
    { slug: 'a' },
    {
      category: [{ slug: 'c', title: 'Writing `code`' }],
      skill: [
        { slug: 'a', category: 'c', tier: 'beginner', ...skill },
        { slug: 'b', category: 'c', tier: 'beginner', prerequisites: ['a'] },
      ],
    },
  )

const wholeTrack = async (catalog: ServedApp['catalog'], track = 'python'): Promise<TrackDocument> => {
  const document = await catalog.document(track)
  if (document === undefined) throw new Error('the track is not there')
  return document
}

/** The visible text of a source text. */
const bare = (text: string): string => text.replaceAll('`', '')
