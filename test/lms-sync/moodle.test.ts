import t, { type Test } from 'tap'
import { addExport } from '../../src/cli/export.ts'
import { addMoodle } from '../../src/cli/moodle.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { connectToMoodle } from '../../src/lms-sync/moodle/site.ts'
import { runSteps } from '../../src/lms-sync/moodle/sync.ts'
import type { Document } from '../../src/model/document.ts'
import { documentOf, seed } from '../fixtures/app.ts'
import { createRunner, createTerminalRunner } from '../fixtures/command.ts'
import { commandDatabase, setEnvironment } from '../fixtures/environment.ts'
import { elsewhere, hostile, hostileTextsTrack } from '../fixtures/hostile-track.ts'
import { importFramework } from '../fixtures/moodle-importer.ts'
import { moodleSite } from '../fixtures/moodle-site.ts'
import { nestedTrack } from '../fixtures/nested-track.ts'

const run = createRunner(addMoodle, addExport)

const skill = (slug: string, more: object = {}) => ({
  slug,
  title: `Skill ${slug}`,
  category: 'one',
  tier: 'beginner',
  ...more,
})

type Fields = Record<string, unknown>

const small = (skills: Fields[], more: { track?: Fields; category?: Fields[] } = {}): Document =>
  documentOf(
    { slug: 'small', title: 'Small', summary: 'A small track.', ...more.track },
    { category: more.category ?? [{ slug: 'one', title: 'One' }], skill: skills },
  )

const first = () => small([skill('a'), skill('b', { prerequisites: ['a'] }), skill('c', { prerequisites: ['a', 'b'] })])

/** A Moodle site, a database, and `moodle sync` between them. */
const together = async (t: Test, document: Document = first(), ...others: Document[]) => {
  const site = await moodleSite(t)
  const { load } = commandDatabase(t)
  setEnvironment(t, { MOODLE_TOKEN: site.token })
  for (const one of [...others, document]) await load(one)
  const slug = document.track.slug
  const sync = (...args: string[]) => run('moodle', 'sync', '--track', slug, '--url', site.url, ...args)
  /** The site's competencies, as an operator would compare them. */
  const state = () => JSON.stringify([site.frameworks, site.competencies, [...site.relations].sort()])
  return { site, load, sync, state }
}

const group = 'small.category.one.beginner'

t.test('a track becomes a framework, and a second run has nothing to do', async t => {
  const { site, sync, state } = await together(t)
  t.same(await sync(), { out: 'small: 6 created, 2 related\n', err: '', code: 0 })
  t.match(site.frameworks, [
    {
      idnumber: 'small',
      shortname: 'Small',
      taxonomies: 'domain,level,skill',
      scaleid: '2',
      visible: '1',
      descriptionformat: '1',
    },
  ])
  t.same(JSON.parse(String(site.frameworks[0]?.scaleconfiguration)), [
    { scaleid: '2' },
    { id: 1, scaledefault: 1, proficient: 0 },
    { id: 2, scaledefault: 0, proficient: 1 },
  ])
  t.same(site.below(''), ['small.category.one'])
  t.same(site.below('small.category.one'), [group])
  t.same(site.below(group), ['small.skill.a', 'small.skill.b', 'small.skill.c'])
  t.match(site.byIdNumber('small.skill.b'), {
    shortname: 'Skill b',
    description: /What comes before.*Skill a.*Kept in step by curriculum/,
  })
  t.ok(site.related('small.skill.a', 'small.skill.b') && site.related('small.skill.b', 'small.skill.c'))
  t.equal(site.relations.size, 3)
  const before = state()
  site.calls.length = 0
  t.same(await sync('--dry-run'), { out: 'small: up to date\n', err: '', code: 0 })
  t.same(await sync(), { out: 'small: up to date\n', err: '', code: 0 })
  t.equal(state(), before)
  t.same(
    new Set(site.calls),
    new Set(site.calls.filter(name => /get_site_info|data_for|_list_/.test(name))),
    'it only reads',
  )
})

t.test('a dry run lists the steps and changes nothing', async t => {
  const { sync, state } = await together(t)
  const before = state()
  t.same(await sync('--dry-run'), {
    out: `small:
  create the framework small (Small), rated by: Not yet competent, Competent
  create small.category.one (One) at the top
  create small.category.one.beginner (One: Beginner) below small.category.one
  create small.skill.a (Skill a) below ${group}
  create small.skill.b (Skill b) below ${group}
  create small.skill.c (Skill c) below ${group}
  relate small.skill.b (Skill b) to small.skill.a
  relate small.skill.c (Skill c) to small.skill.a, small.skill.b
`,
    err: '8 changes to make: run it again without --dry-run\n',
    code: 3,
  })
  t.equal(state(), before)
})

t.test('changes of texts, names, parents, order and relations are synced', async t => {
  const { site, load, sync } = await together(t)
  await sync()
  const ids = new Map(site.competencies.map(({ id, idnumber }) => [idnumber, id]))
  await load(
    small(
      [
        skill('c', { prerequisites: ['a'], title: 'Skill c & <more>' }),
        skill('a', { tier: 'senior', category: 'two' }),
        skill('beta', { formerly: ['b'], prerequisites: ['a'] }),
        skill('new'),
      ],
      {
        track: { title: 'Small again' },
        category: [
          { slug: 'two', title: 'Two' },
          { slug: 'one', title: 'One' },
        ],
      },
    ),
  )
  t.same(await sync('--dry-run'), {
    out: `small:
  update the framework small (Small again)
  create small.category.two (Two) at the top
  create small.category.two.senior (Two: Senior) below small.category.two
  move small.skill.a (Skill a) below small.category.two.senior
  create small.skill.new (Skill new) below ${group}
  update small.skill.a (Skill a)
  update small.skill.c (Skill c & ‹more›): no longer related to small.skill.b
  update small.skill.beta (Skill beta): formerly small.skill.b
  put in order what stands at the top
  put in order what stands below ${group}
`,
    err: '10 changes to make: run it again without --dry-run\n',
    code: 3,
  })
  t.same(await sync(), { out: 'small: 4 updated, 3 created, 1 moved, 2 ordered\n', err: '', code: 0 })
  t.equal(site.frameworks[0]?.shortname, 'Small again')
  t.same(site.below(''), ['small.category.two', 'small.category.one'])
  t.same(site.below('small.category.two.senior'), ['small.skill.a'])
  t.same(site.below(group), ['small.skill.c', 'small.skill.beta', 'small.skill.new'])
  t.equal(site.byIdNumber('small.skill.beta')?.id, ids.get('small.skill.b'), 'what learners reached stays with it')
  t.equal(site.byIdNumber('small.skill.c')?.shortname, 'Skill c & ‹more›')
  t.notOk(site.related('small.skill.c', 'small.skill.beta'))
  t.ok(site.related('small.skill.a', 'small.skill.beta') && site.related('small.skill.a', 'small.skill.c'))
  t.same(await sync('--dry-run'), { out: 'small: up to date\n', err: '', code: 0 })
})

t.test('a category is a competency below that of its parent, and moves with all that is below it', async t => {
  const { site, load, sync } = await together(t, nestedTrack())
  await sync()
  t.same(site.below(''), ['web.category.markup', 'web.category.style'])
  t.same(site.below('web.category.markup'), [
    'web.category.markup.beginner',
    'web.category.forms',
    'web.category.tables',
  ])
  t.same(site.below('web.category.forms'), ['web.category.forms.senior', 'web.category.dates'])
  t.equal(site.frameworks[0]?.taxonomies, 'domain')
  t.same(await sync('--dry-run'), { out: 'web: up to date\n', err: '', code: 0 })
  const ids = new Map(site.competencies.map(({ id, idnumber }) => [idnumber, id]))

  await load(nestedTrack({ forms: { parent: 'web.style' } }))
  t.match(await sync('--dry-run'), {
    out: 'web:\n  move web.category.forms (Forms) below web.category.style\n  put in order what stands below web.category.style\n',
    code: 3,
  })
  t.match(await sync(), { err: '', code: 0 })
  t.same(site.below('web.category.style'), ['web.category.forms', 'web.category.layout'])
  t.same(site.below('web.category.forms'), ['web.category.forms.senior', 'web.category.dates'])

  await load(
    nestedTrack({
      dates: { parent: null },
      forms: { parent: 'web.dates' },
      markup: { parent: 'web.forms' },
      tables: { parent: null },
    }),
  )
  t.match(await sync(), { err: '', code: 0 })
  t.same(site.below(''), ['web.category.style', 'web.category.dates', 'web.category.tables'], 'upside down')
  t.same(site.below('web.category.dates'), ['web.category.dates.beginner', 'web.category.forms'])
  t.same(site.below('web.category.forms'), ['web.category.forms.senior', 'web.category.markup'])
  t.same(site.below('web.category.markup'), ['web.category.markup.beginner'])
  t.same(await sync('--dry-run'), { out: 'web: up to date\n', err: '', code: 0 })
  t.same(new Map(site.competencies.map(({ id, idnumber }) => [idnumber, id])), ids, 'no competency was created again')
})

t.test('a name changed in Moodle by hand is reverted', async t => {
  const { site, sync } = await together(t)
  await sync()
  Object.assign(site.byIdNumber('small.skill.a') as object, { shortname: 'Mine' })
  t.match(await sync('--dry-run'), { err: '1 change to make: run it again without --dry-run\n', code: 3 })
  t.match(await sync(), { out: 'small: 1 updated\n' })
  t.equal(site.byIdNumber('small.skill.a')?.shortname, 'Skill a')
  t.equal(site.relations.size, 3)
})

t.test('removed competencies move below "Retired", and are restored from there', async t => {
  const { site, load, sync } = await together(t)
  await sync()
  await load(small([skill('c')]))
  t.same(await sync(), { out: 'small: 1 updated, 2 retired\n', err: '', code: 0 })
  t.same(site.below(''), ['small.category.one', 'small.retired'])
  t.equal(site.byIdNumber('small.retired')?.shortname, 'Retired')
  t.same(site.below('small.retired').sort(), ['small.skill.a', 'small.skill.b'])
  t.same(await sync(), { out: 'small: up to date\n', err: '', code: 0 })
  // Skills of a removed category are retired before it, so they are not deleted with it.
  await load(small([skill('d', { category: 'two' })], { category: [{ slug: 'two', title: 'Two' }] }))
  t.match(await sync(), { out: 'small: 3 created, 3 retired, 1 ordered\n' })
  t.same(site.below(''), ['small.category.two', 'small.retired'])
  t.equal(site.below('small.retired').length, 5)
  await load(first())
  t.match(await sync(), { code: 0 })
  t.same(site.below(group), ['small.skill.a', 'small.skill.b', 'small.skill.c'])
  t.same(site.below(''), ['small.category.one', 'small.retired'])
  t.equal(site.relations.size, 3)
  t.same(await sync('--dry-run'), { out: 'small: up to date\n', err: '', code: 0 })
})

t.test('with --delete-unused, unused competencies are deleted, and others are retired', async t => {
  const { site, load, sync } = await together(t)
  await sync()
  site.used.add(Number(site.byIdNumber('small.skill.b')?.id))
  const mine = site.make('mine', 'small.skill.c')
  await load(small([], { category: [] }))
  t.match(await sync('--delete-unused', '--dry-run'), {
    out: /remove small.skill.a \(Skill a\), or retire it if it is in use\n/,
    code: 3,
  })
  t.same(await sync('--delete-unused'), { out: 'small: 3 removed, 2 retired\n', err: '', code: 0 })
  t.same(site.below(''), ['small.retired'])
  t.same(site.below('small.retired').sort(), ['small.skill.b', 'small.skill.c'])
  t.equal(site.competencies.find(({ id }) => id === mine.id)?.idnumber, 'mine', 'what others made stays')
})

t.test('each run with --delete-unused tries to delete retired competencies, and reports the deleted ones', async t => {
  const { site, load, sync, state } = await together(t)
  await sync()
  for (const slug of ['b', 'c']) site.used.add(Number(site.byIdNumber(`small.skill.${slug}`)?.id))
  await load(small([skill('a')]))
  t.match(await sync('--delete-unused'), { out: 'small: 2 retired\n', code: 0 })
  const before = state()
  for (const _ of [1, 2]) {
    t.same(await sync('--delete-unused', '--dry-run'), {
      out: `small: up to date
  remove small.skill.b (Skill b), retired earlier, unless it is still in use
  remove small.skill.c (Skill c), retired earlier, unless it is still in use
`,
      err: '',
      code: 0,
    })
    t.same(await sync('--delete-unused'), { out: 'small: up to date, 2 still in use\n', err: '', code: 0 })
  }
  t.equal(state(), before)
  site.used.clear()
  site.used.add(Number(site.byIdNumber('small.skill.c')?.id))
  await load(small([skill('a'), skill('d')]))
  t.match(await sync('--delete-unused', '--dry-run'), {
    out: /^small:\n {2}create small.skill.d .*\n {2}remove small.skill.b .*\n {2}remove small.skill.c .*\n$/,
    err: '1 change to make: run it again without --dry-run\n',
    code: 3,
  })
  t.match(await sync('--delete-unused'), { out: 'small: 1 created, 1 removed, 1 still in use\n', code: 0 })
  t.same(site.below('small.retired'), ['small.skill.c'])
})

t.test('competencies that no sync wrote stay unchanged and in place', async t => {
  const { site, load, sync } = await together(t)
  await sync()
  const mine = site.make('mine', group)
  Object.assign(site.make('small.skill.mine'), { parentid: 999 })
  site.relations.add(`${site.byIdNumber('small.skill.a')?.id}-${mine.id}`)
  const before = { ...mine }
  await load(small([skill('c'), skill('new'), skill('a', { summary: 'New.' }), skill('b', { prerequisites: ['a'] })]))
  t.match(await sync(), { out: 'small: 1 created, 2 updated, 1 ordered\n' })
  t.same(site.below(group), ['small.skill.c', 'small.skill.new', 'small.skill.a', 'mine', 'small.skill.b'])
  t.same(site.byIdNumber('mine'), before)
  t.ok(site.related('small.skill.a', 'mine'), 'a relation to it too')
  t.notOk(site.related('small.skill.a', 'small.skill.c'))
})

t.test('a competency with the same ID number that no sync wrote is not overwritten', async t => {
  const { site, load, sync } = await together(t)
  await sync()
  for (const slug of ['p', 'q', 'r', 's', 'u', 'v']) site.make(`small.skill.${slug}`)
  await load(small([...'abcpqrsuv'].map(slug => skill(slug))))
  t.match(await sync(), {
    err: 'error: the framework has these competencies that no sync wrote: small.skill.p, small.skill.q, small.skill.r, small.skill.s, small.skill.u and 1 more. --adopt takes them over\n',
    code: 1,
  })
  t.match(await sync('--adopt'), { code: 0 })
  t.match(await sync(), { out: 'small: up to date\n' })
  site.make('small.skill.w')
  await load(small([...'abcpqrsuvw'].map(slug => skill(slug))))
  t.match(await sync(), { err: /that no sync wrote: small\.skill\.w\. --adopt takes them over/ })
})

t.test('--adopt takes over a framework that was imported from a file', async t => {
  const { site, load, sync } = await together(t)
  const { out } = await run('export', 'moodle.csv', '--track', 'small')
  const { framework, competencies } = importFramework(Buffer.from(out))
  site.frameworks.push({ id: 1, ...framework })
  for (const { idnumber, shortname, description, parent } of competencies.values())
    Object.assign(site.make(idnumber, parent), { shortname, description })
  // A description from Moodle's editor, which the web services would reject.
  Object.assign(site.byIdNumber('small.skill.c') as object, { description: '<p><b>Edited</b>&nbsp;here</p>' })
  site.relations.add(`${site.byIdNumber('small.skill.a')?.id}-${site.byIdNumber('small.skill.b')?.id}`)
  site.make('other')
  await load(small([skill('a'), skill('b', { prerequisites: ['a'] })]))
  t.match(await sync(), {
    err: 'error: the site has a framework with the ID number small that no sync wrote: --adopt takes it over, --idnumber chooses another ID number\n',
    code: 1,
  })
  t.match(await sync('--adopt'), { out: 'small: 5 updated, 1 retired\n', code: 0 })
  t.same(site.below('small.retired'), ['small.skill.c'])
  t.equal(site.byIdNumber('small.skill.c')?.description, '<p><b>Edited</b>&nbsp;here</p>')
  t.equal(site.byIdNumber('other')?.description, '<p>By hand</p>')
  t.same(await sync(), { out: 'small: up to date\n', err: '', code: 0 })
  t.match(await sync('--idnumber', 'small-2', '--by', 'category'), { out: 'small: 4 created, 1 related\n' })
  t.match(site.frameworks[1], { idnumber: 'small-2', taxonomies: 'domain,skill' })
  await load(small([skill('a'), skill('b', { prerequisites: ['a'] }), skill('c')]))
  t.match(await sync(), { out: 'small: 1 moved, 1 updated\n' }, 'the retired competency comes back')
  t.same(site.below(group), ['small.skill.a', 'small.skill.b', 'small.skill.c'])
})

t.test('a renamed track stays the same framework', async t => {
  const { site, load, sync } = await together(t)
  await sync()
  const ids = site.competencies.map(({ id }) => id)
  const renamed = first()
  await load({ ...renamed, track: { ...renamed.track, slug: 'tiny', formerly: ['small'] } })
  const { code, out } = await run('moodle', 'sync', '--track', 'tiny', '--url', site.url)
  t.same({ code, out }, { code: 0, out: 'tiny: 6 updated\n' })
  t.equal(site.frameworks[0]?.idnumber, 'tiny')
  t.same(
    site.competencies.map(({ id }) => id),
    ids,
  )
  t.ok(site.byIdNumber('tiny.skill.a'))
})

t.test('an interrupted run is continued by the next one', async t => {
  const { site, sync, state } = await together(t)
  const whole = await together(t)
  await whole.sync()
  // The first calls only read.
  for (let calls = 4; ; calls++) {
    const fails = site.calls.length + calls
    site.trouble = () => (site.calls.length > fails ? 'hang up' : undefined)
    const { code, err } = await sync()
    site.trouble = () => undefined
    if (code === 0) break
    t.match(
      err,
      /could not (create|relate) .*cannot be reached.*\n\d of \d steps are done and stay\. Correct this and run it again/s,
    )
  }
  t.match(await sync(), { out: 'small: up to date\n' })
  const named = (text: string) => text.replace(/"id":\d+/g, '')
  t.equal(named(state()), named(whole.state()))
})

t.test('the shipped track and hostile ones are synced without any text rejected or changed', async t => {
  const { site, load } = await together(t, hostile(), elsewhere())
  await load(hostileTextsTrack())
  for (const track of ['hostile', 'texts']) {
    const args = ['--track', track, '--url', site.url]
    t.match(await run('moodle', 'sync', ...args), { code: 0, err: '' })
    t.same(await run('moodle', 'sync', ...args), { out: `${track}: up to date\n`, err: '', code: 0 })
    const file = importFramework(Buffer.from((await run('export', 'moodle.csv', '--track', track)).out))
    for (const { idnumber, shortname, description, parent } of file.competencies.values()) {
      const competency = site.byIdNumber(idnumber)
      t.equal(competency?.shortname, shortname)
      const imported = description.replaceAll('&#92;', '\\') // the file's reader also changes line ends
      t.ok(competency?.description.replaceAll('\r\n', '\n').startsWith(imported), idnumber)
      t.equal(competency?.parentid, parent === '' ? 0 : site.byIdNumber(parent)?.id)
    }
  }
  for (const { slug } of (await readFolder(seed)).tracks) {
    const args = ['moodle', 'sync', '--track', slug, '--from', seed, '--url', site.url]
    t.match(await run(...args), { code: 0, err: '' })
    t.same(await run(...args), { out: `${slug}: up to date\n`, err: '', code: 0 })
  }
})

t.test('a large framework is read page by page, and a terminal shows the progress', async t => {
  const { site, sync } = await together(t, small(Array.from({ length: 1_100 }, (_, index) => skill(`s${index}`))))
  const { err } = await createTerminalRunner(40, addMoodle)('moodle', 'sync', '--track', 'small', '--url', site.url)
  t.match(err, /\[#+ *\] 700\/1103 steps\r/)
  t.same(await sync(), { out: 'small: up to date\n', err: '', code: 0 })
})

t.test('mistakes on the command line or on the site are reported with the way to correct them', async t => {
  const { site, sync, state } = await together(t)
  const refuses = async (args: string[], err: RegExp) => t.match(await sync(...args), { out: '', err, code: 1 })
  const before = state()
  await refuses(['--url', 'moodle.example'], /--url must be the URL of a Moodle site, such as https:\/\/moodle.example/)
  await refuses(['--track', 'smal'], /Did you mean "small"\?/)
  await refuses(['--scale', 'two'], /Write the number of a scale/)
  await refuses(['--scale', '77'], /the site has no scale with the number 77/)
  await refuses(['--tier', 'none'], /"tier" cannot be "none"/)
  await refuses(['--idnumber', '1.1'], /"idnumber" cannot be "1.1"/)
  site.trouble = () => ({})
  await refuses([], /does not answer as a Moodle web service does/)
  site.trouble = () => 'Fatal error'
  await refuses([], /does not answer as a Moodle web service does \(200\)/)
  site.trouble = name => (name.endsWith('get_scale_values') ? 'hang up' : undefined)
  await refuses([], /cannot be reached/)
  site.trouble = () => undefined
  site.functions = site.functions.filter(name => !/update_competency$|related/.test(name))
  await refuses(
    [],
    /the service of the token lacks functions; add them to it:\n {2}core_competency_update_competency\n/,
  )
  site.functions = []
  await refuses(
    [],
    /Access control exception \(accessexception\); check that\n.*webservice\/rest:use.*\n.*authorised users\n.*these functions:\n {4}core_webservice_get_site_info\n/,
  )
  site.token = 'another'
  await refuses([], /Invalid token - token not found \(invalidtoken\); create one under/)
  setEnvironment(t, { MOODLE_TOKEN: undefined })
  await refuses([], /Moodle needs a token: put it into the environment as MOODLE_TOKEN/)
  t.equal(state(), before)
})

t.test('every state in which a site rejects all calls has an error sentence', async t => {
  const { site, sync } = await together(t)
  const { origin } = new URL(site.url)
  const exception = (errorcode: string, message: string) => ({ exception: 'core\\exception', errorcode, message })
  const cases: [object | number, string | RegExp][] = [
    [403, `${origin}/webservice/rest/server.php answers 403: enable web services under Site administration, Advanced`],
    [404, `${origin}/webservice/rest/server.php does not exist (404): --url must be the URL of the site's front page`],
    [503, `${origin} is under maintenance or overloaded (503): run it again later`],
    [
      exception('sitemaintenance', 'The site is undergoing maintenance and is currently not available'),
      'currently not available (sitemaintenance); run it again when the maintenance is over',
    ],
    [
      exception('competenciesarenotenabled', 'Competencies are not enabled.'),
      'Competencies are not enabled. (competenciesarenotenabled); enable them under Site administration, Advanced features',
    ],
    [
      { ...exception('accessexception', 'Access control exception'), debuginfo: 'missing capability' },
      'Access control exception missing capability (accessexception); check that',
    ],
    [
      exception('nopermissions', 'Sorry, but you do not currently have permissions to do that (View).'),
      "(nopermissions); the role of the token's user needs moodle/competency:competencymanage and",
    ],
  ]
  for (const [instead, sentence] of cases) {
    site.trouble = () => instead
    for (const args of [[], ['--dry-run']]) {
      const { err, code } = await sync(...args)
      t.ok(err.includes(String(sentence)), err)
      t.equal(code, 1)
    }
  }
})

t.test('a redirect is reported with the address that --url takes', async t => {
  const { site, sync } = await together(t)
  site.trouble = () => 303
  const cases: [string, string][] = [
    ['https://other.example/moodle/webservice/rest/server.php', 'use --url https://other.example/moodle\n'],
    ['/lms/webservice/rest/server.php?x=1', `use --url ${site.url}/lms\n`],
    [`${site.url}/login/index.php`, `redirects to ${site.url}/login/index.php: --url must be the URL of the site's`],
    ['http://[::1', 'redirects to "http://[::1", which is no address'],
  ]
  for (const [location, sentence] of cases) {
    site.location = location
    const { err } = await sync()
    t.ok(err.includes(sentence), err)
  }
  site.trouble = () => undefined
  t.match(await sync('--url', `${site.url}/webservice/rest/server.php`), { code: 0 }, 'the path is not doubled')
  t.match(await sync('--url', `${site.url}//`), { out: 'small: up to date\n' })
})

t.test('a dry run needs permission to write, like a run', async t => {
  const { site, sync, load } = await together(t)
  const lacks = {
    out: '',
    err: "error: the token's user may not change competency frameworks: give its role moodle/competency:competencymanage at system level\n",
    code: 1,
  }
  site.mayManage = false
  t.same(await sync('--dry-run'), lacks, 'for a new framework')
  t.same(await sync(), lacks)
  site.mayManage = true
  await sync()
  site.mayManage = false
  await load(small([skill('a')]))
  t.same(await sync('--dry-run'), lacks, 'for an existing one')
  t.same(await sync(), lacks)
})

t.test('a rejected text is shown with its field', async t => {
  const { site, sync } = await together(t)
  const rejected = (debuginfo?: string) => (name: string) =>
    name.endsWith('create_competency')
      ? { exception: 'e', errorcode: 'invalidparameter', message: 'Invalid parameter value detected', debuginfo }
      : undefined
  site.trouble = rejected()
  t.match(await sync(), {
    err: /could not create small.category.one .*\(invalidparameter\); its cleaner would change one of these texts:\n {2}shortname: One\n {2}description: <p><small>Kept in step .*\n1 of 8 steps/,
    code: 1,
  })
  site.trouble = rejected('competency => Invalid parameter value detected: description => Invalid …: the value is "…"')
  t.match(await sync(), { err: /; its cleaner would change this text:\n {2}description: <p>/, code: 1 })
  site.trouble = rejected('Unexpected keys (foo) detected in parameter array.')
  t.match(await sync(), { err: /value detected Unexpected keys \(foo\) .* \(invalidparameter\)\n/, code: 1 })
  site.trouble = name => (name.endsWith('_list_competencies') ? rejected()('create_competency') : undefined)
  t.match(await sync(), { err: /Invalid parameter value detected \(invalidparameter\)\n/, code: 1 })
})

t.test('--scale chooses another scale than the first with two values', async t => {
  const { site, sync } = await together(t)
  site.scales.delete(2)
  t.match(await sync(), {
    err: /the site has no scale of two values among its first: give the number of one with --scale/,
  })
  t.match(await sync('--scale', '1'), { code: 0 })
  t.equal(site.frameworks[0]?.scaleid, '1')
})

t.test('a call that the site silently ignores is an error', async t => {
  const { site, load, sync } = await together(t)
  await sync()
  await load(small([skill('c'), skill('a'), skill('b')]))
  site.trouble = name => (name === 'core_competency_update_competency' ? { answer: null } : undefined)
  t.match(await sync(), {
    err: /could not update small.skill.c .*core_competency_update_competency was not carried out, and Moodle gives no reason/,
    code: 1,
  })
})

t.test('an unexpected error is reported unchanged', async t => {
  const unforeseen = new Error('unforeseen')
  const steps = [{ words: 'move a', run: async () => Promise.reject(unforeseen) }]
  await t.rejects(
    runSteps(connectToMoodle('http://localhost', ''), steps, () => undefined),
    unforeseen,
  )
})
