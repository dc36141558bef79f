import t, { type Test } from 'tap'
import { addCanvas } from '../../src/cli/canvas.ts'
import type { Document } from '../../src/model/document.ts'
import { documentOf } from '../fixtures/app.ts'
import { canvasSite } from '../fixtures/canvas-site.ts'
import { createRunner, createTerminalRunner } from '../fixtures/command.ts'
import { commandDatabase, setEnvironment } from '../fixtures/environment.ts'
import { elsewhere, hostile } from '../fixtures/hostile-track.ts'
import { nestedTrack } from '../fixtures/nested-track.ts'

const run = createRunner(addCanvas)

type Fields = Record<string, unknown>

const skill = (slug: string, more: Fields = {}) => ({
  slug,
  title: `Skill ${slug}`,
  category: 'one',
  tier: 'beginner',
  ...more,
})

const small = (skills: Fields[], more: { track?: Fields; category?: Fields[]; resource?: Fields[] } = {}): Document =>
  documentOf(
    { slug: 'small', title: 'Small', ...more.track },
    { category: more.category ?? [{ slug: 'one', title: 'One' }], resource: more.resource ?? [], skill: skills },
  )

const first = () => small([skill('a'), skill('b', { prerequisites: ['a'], summary: '"Quoted" & <tagged>' })])

/** A Canvas account, a database, and `canvas sync` between them. */
const together = async (t: Test, ...documents: Document[]) => {
  const site = await canvasSite(t)
  const { load } = commandDatabase(t)
  setEnvironment(t, { CANVAS_TOKEN: site.token })
  for (const one of documents) await load(one)
  const slug = String(documents.at(-1)?.track.slug)
  const sync = (...args: string[]) =>
    run('canvas', 'sync', '--track', slug, '--url', site.url, '--account', '1', ...args)
  return { site, load, sync }
}

t.test('a track becomes outcomes, and a second run imports nothing', async t => {
  const { site, sync } = await together(t, first())
  t.same(await sync('--dry-run'), {
    out: `small:
  create small (Small)
  create small.category.one (One)
  create small.skill.a (Skill a)
  create small.skill.b (Skill b)
`,
    err: '4 changes to make: run it again without --dry-run\n',
    code: 3,
  })
  t.same(site.files, [])
  t.same(await sync(), { out: 'small: 4 imported\n', err: '', code: 0 })
  t.match(site.outcome('small.skill.b'), { title: 'Skill b', groups: [{ vendor_guid: 'small.category.one' }] })
  t.same(await sync('--dry-run'), { out: 'small: up to date\n', err: '', code: 0 })
  t.same(await sync(), { out: 'small: up to date\n', err: '', code: 0 })
  t.equal(site.files.length, 1)
})

t.test('only differing rows are imported, with their parent groups, and removed ones are deleted', async t => {
  const { site, load, sync } = await together(t, first())
  await sync()
  await load(
    small([skill('a', { resources: ['book'] }), skill('beta', { formerly: ['b'], category: 'two' })], {
      category: [
        { slug: 'one', title: 'One' },
        { slug: 'two', title: 'Two' },
      ],
      resource: [{ slug: 'book', kind: 'book', title: 'A book', url: 'https://example.org/1' }],
    }),
  )
  t.match(await sync('--dry-run'), {
    out: `small:
  update small.skill.a (Skill a)
  create small.category.two (Two)
  create small.skill.beta (Skill beta)
  delete small.skill.b (Skill b)
`,
    code: 3,
  })
  t.match(await sync(), { out: 'small: 4 imported\n', err: '', code: 0 })
  t.same(
    site.files[1]?.map(([guid]) => guid),
    ['small', 'small.category.one', 'small.skill.a', 'small.category.two', 'small.skill.beta', 'small.skill.b'],
  )
  t.equal(site.outcome('small.skill.b'), undefined)
  // Another link target is a difference, though the text is the same.
  await load(
    small([skill('a', { resources: ['book'] })], {
      resource: [{ slug: 'book', kind: 'book', title: 'A book', url: 'https://example.org/2' }],
    }),
  )
  t.match(await sync(), { out: 'small: 3 imported\n' })
  t.match(site.outcome('small.skill.a')?.description, /example\.org\/2/)
  t.same(
    site.groups.map(one => one.vendor_guid),
    [null, 'small', 'small.category.one'],
  )
  t.same(await sync(), { out: 'small: up to date\n', err: '', code: 0 })
})

t.test('a category is a group in that of its parent, and moves with all that is in it', async t => {
  const { site, load, sync } = await together(t, nestedTrack())
  const parentOf = (slug: string) => site.group(`web.category.${slug}`)?.parent?.vendor_guid
  t.match(await sync(), { code: 0, err: '' })
  t.same(['markup', 'forms', 'dates'].map(parentOf), ['web', 'web.category.markup', 'web.category.forms'])
  t.same(await sync('--dry-run'), { out: 'web: up to date\n', err: '', code: 0 })

  await load(nestedTrack({ forms: { parent: 'web.style' } }))
  t.match(await sync('--dry-run'), { out: 'web:\n  update web.category.forms (Forms)\n', code: 3 })
  t.match(await sync(), { code: 0, err: '' })
  t.equal(parentOf('forms'), 'web.category.style')

  const { categories, skills, principles, ...rest } = nestedTrack({
    dates: { parent: null },
    markup: { parent: 'web.dates' },
    tables: { parent: 'web.dates' },
  })
  const removed = ['forms', 'style', 'layout']
  const stays = ({ category }: { category: string | null }) => !removed.some(slug => category === slug)
  await load({
    ...rest,
    categories: categories.filter(({ slug }) => !removed.includes(slug)),
    skills: skills.filter(stays),
    principles: principles.filter(stays),
  })
  const { out } = await sync('--dry-run')
  t.same(
    out.split('\n').filter(line => line.includes('delete') && line.includes('category')),
    [
      '  delete web.category.forms (Forms)',
      '  delete web.category.layout (Layout)',
      '  delete web.category.style (Style)',
    ],
    'the deepest first',
  )
  t.match(await sync(), { code: 0, err: '' })
  t.same(['markup', 'dates', 'tables'].map(parentOf), ['web.category.dates', 'web', 'web.category.dates'])
  t.ok(site.outcome('web.skill.calendar'), 'what moved out of a removed category is still there')
  t.same(await sync('--dry-run'), { out: 'web: up to date\n', err: '', code: 0 })
})

t.test('changes made in Canvas by hand are reverted', async t => {
  const { site, sync } = await together(t, first())
  await sync()
  const [a, b] = [site.outcome('small.skill.a'), site.outcome('small.skill.b')]
  const group = site.group('small.category.one')
  if (a === undefined || b === undefined || group === undefined) throw new Error('they were just made')
  a.title = 'Mine'
  b.description = null
  b.groups.push(site.groups[0] as typeof group)
  t.match(await sync(), { out: 'small: 2 imported\n' })
  t.equal(a.title, 'Skill a')
  t.same(b.groups, [group])
})

t.test('objects that no sync imported stay, with their groups', async t => {
  const { site, load, sync } = await together(t, small([skill('a')], { category: [{ slug: 'one', title: 'One' }] }))
  await sync('--by', 'tier')
  site.make('By hand', 'small.category.one.beginner')
  site.groups.push({ id: 99, vendor_guid: null, title: 'Ours', description: null, parent: site.group('small') })
  await load(small([skill('b', { category: 'two' })], { category: [{ slug: 'two', title: 'Two' }] }))
  t.same(await sync('--by', 'tier'), {
    out: 'small: 4 imported\n',
    err: 'small.category.one (One): no longer in the track, but stays in Canvas because it contains something else\nsmall.category.one.beginner (Beginner): no longer in the track, but stays in Canvas because it contains something else\n',
    code: 0,
  })
  t.same(
    site.outcomes.map(one => one.title),
    ['By hand', 'Skill b'],
  )
  t.ok(site.group('small.category.one.beginner'))
  t.match(await sync('--by', 'tier'), { out: 'small: up to date\n', code: 0 })
})

t.test('a sync of a part of a track does not change the rest', async t => {
  const { site, sync } = await together(t, small([skill('a'), skill('b', { tier: 'senior', title: 'Ends with \\' })]))
  await sync()
  t.match(await sync('--tier', 'senior'), { out: 'small: up to date\n' })
  t.equal(site.outcomes.length, 2)
})

t.test('rejected rows are reported with the title of their skill', async t => {
  const { site, load, sync } = await together(t, first())
  await sync()
  site.elsewhere.add('small.skill.c')
  await load(small([skill('a', { title: 'Skill A' }), skill('c')]))
  t.same(await sync(), {
    out: '',
    err: 'error: Canvas rejected part of the import:\n  small.skill.c (Skill c): Outcome with ID small.skill.c already exists in another unrelated course or account (Elsewhere)\n',
    code: 1,
  })
  t.equal(site.outcome('small.skill.a')?.title, 'Skill A', 'the others are taken')
  const imported = (more: object) => ({
    status: 200,
    body: JSON.stringify({ id: 1, workflow_state: 'failed', ...more }),
  })
  site.trouble = path =>
    path.endsWith('outcome_imports') ? imported({ processing_errors: [[1, 'Invalid fields']] }) : undefined
  t.match(await sync(), { err: /\n {2}row 1: Invalid fields\n/, code: 1 })
  site.trouble = path => (path.endsWith('outcome_imports') ? imported({}) : undefined)
  t.match(await sync(), { err: 'error: the import failed, and Canvas gives no reason\n', code: 1 })
})

t.test('a run with 25 errors reports that there may be more', async t => {
  for (const [count, sentence] of [
    [24, ''],
    [30, 'Canvas reports 25 errors at most, so there may be more: correct these and run it again.\n'],
  ] as const) {
    const { site, sync } = await together(t, small(Array.from({ length: count }, (_, index) => skill(`s${index}`))))
    for (let index = 0; index < count; index++) site.elsewhere.add(`small.skill.s${index}`)
    const { err, code } = await sync()
    t.equal(code, 1)
    t.equal(err.split('\n').filter(line => line.startsWith('  small.skill.s')).length, Math.min(count, 25))
    t.ok(err.endsWith(`(Elsewhere)\n${sentence}`), err)
  }
})

t.test('an aligned outcome stays with its group, and is not deleted in every run', async t => {
  const { site, load, sync } = await together(t, first())
  await sync()
  site.aligned.add('small.skill.b')
  await load(small([skill('c', { category: 'two' })], { category: [{ slug: 'two', title: 'Two' }] }))
  const err =
    'small.category.one (One): no longer in the track, but stays in Canvas because it contains something else\nsmall.skill.b (Skill b): no longer in the track, but stays in Canvas because something is aligned to it or the token may not delete it\n'
  t.same(await sync(), { out: 'small: 3 imported\n', err, code: 0 })
  t.same(await sync('--dry-run'), { out: 'small: up to date\n', err, code: 0 })
  t.same(site.outcomes.map(one => one.vendor_guid).sort(), ['small.skill.b', 'small.skill.c'])
  site.aligned.clear()
  t.same(await sync(), { out: 'small: 2 imported\n', err: '', code: 0 })
  t.same(
    site.outcomes.map(one => one.vendor_guid),
    ['small.skill.c'],
  )
})

t.test('a hostile track is read back unchanged, page by page', async t => {
  const { site, sync } = await together(t, elsewhere(), hostile())
  t.match(await sync(), { err: '', code: 0 })
  t.match(await sync('--dry-run'), { out: 'hostile: up to date\n', code: 0 })
  const many = await together(t, small(Array.from({ length: 250 }, (_, index) => skill(`s${index}`))))
  const { err, out } = await createTerminalRunner(
    60,
    addCanvas,
  )(...['canvas', 'sync', '--track', 'small', '--url', many.site.url, '--account', '1'])
  t.match(out, 'small: 252 imported\n')
  t.match(err, /\[#+ *\] 40\/100 percent imported\r/)
  t.match(await many.sync(), { out: 'small: up to date\n' })
  t.equal(site.outcomes.length, hostile().skills.length)
})

t.test('a renamed track leaves no objects under its former slug', async t => {
  const { site, load } = await together(t, first())
  const renamed = first()
  const sync = (track: string) => run('canvas', 'sync', '--track', track, '--url', site.url, '--account', '1')
  await sync('small')
  await load({ ...renamed, track: { ...renamed.track, slug: 'tiny', formerly: ['small'] } })
  t.match(await sync('tiny'), { out: 'tiny: 8 imported\n', code: 0 })
  t.same(
    site.groups.map(one => one.vendor_guid),
    [null, 'tiny', 'tiny.category.one'],
  )
  t.same(site.outcomes.map(one => one.vendor_guid).sort(), ['tiny.skill.a', 'tiny.skill.b'])
})

t.test('mistakes on the command line or in Canvas are reported with the way to correct them', async t => {
  const { site, sync } = await together(t, first())
  const refuses = async (args: string[], err: RegExp) => t.match(await sync(...args), { out: '', err, code: 1 })
  await refuses(['--course', '2'], /name either an account with --account or a course with --course/)
  t.match(await run('canvas', 'sync', '--track', 'small', '--url', site.url), {
    err: /name either an account/,
    code: 1,
  })
  await refuses(['--account', '1/2'], /--account must be the id in the URL of its page/)
  await refuses(['--account', '2'], /rejects the request: The specified resource does not exist. \(404\)/)
  await refuses(['--url', 'ftp://canvas.example'], /--url must be the URL of a Canvas site, such as/)
  await refuses(['--url', 'http://localhost:2'], /http:\/\/localhost:2 cannot be reached \(ECONNREFUSED\)/)
  await refuses(['--by', 'step'], /"by" cannot be "step"/)
  site.trouble = () => ({ status: 500, body: '<html>' })
  await refuses([], /rejects the request: the response is not one of the Canvas API \(500\)/)
  site.trouble = () => ({ status: 403, body: '{"message":"user not authorized"}' })
  await refuses([], /rejects the request: user not authorized \(403\)/)
  site.trouble = () => ({ status: 400, body: '{"errors":[null,{"message":"Not so."}]}' })
  await refuses([], /rejects the request: Not so\. \(400\)/)
  site.trouble = () => ({ status: 200, body: '[]', headers: { link: '<https://other.example/2>; rel="next"' } })
  await refuses([], /links to its next page at https:\/\/other\.example: use that address as --url/)
  site.trouble = () => undefined
  setEnvironment(t, { CANVAS_TOKEN: '' })
  await refuses([], /Canvas needs a token: put it into the environment as CANVAS_TOKEN/)
})

t.test('outcomes can be imported into a course', async t => {
  const { site } = await together(t, first())
  const paths: string[] = []
  site.trouble = path => {
    paths.push(path)
    return { status: 404, body: '{"errors":"not here"}' }
  }
  await run('canvas', 'sync', '--track', 'small', '--url', `${site.url}/`, '--course', 'sis_course_id:py-1')
  t.same(paths, ['/api/v1/courses/sis_course_id:py-1/outcome_groups'])
})
