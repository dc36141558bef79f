import Database from 'better-sqlite3'
import t from 'tap'
import { documentOf, emptyApp, testApp } from './app.ts'
import { importOutcomes } from './fixtures/canvas-importer.ts'
import { hostileApp, hostileTitles } from './fixtures/hostile-track.ts'
import { textOf } from './fixtures/moodle-importer.ts'

t.test('Canvas imports every category as a group and every skill as an outcome below it', async t => {
  const { app, catalog } = await testApp(t)
  const whole = await catalog.document('python')
  for (const by of ['category', 'tier']) {
    const rows = importOutcomes((await app.inject(`/v1/tracks/python/export/canvas.csv?by=${by}`)).body)
    t.match(rows.get('python'), { object_type: 'group', title: 'Python', parents: [] })
    for (const { slug, tier, category, title } of whole?.skills ?? []) {
      const group = `python.category.${category.slice('python.'.length)}`
      const parent = by === 'tier' ? `${group}.${tier}` : group
      t.match(rows.get(`python.skill.${slug}`), {
        object_type: 'outcome',
        workflow_state: 'active',
        parents: [parent],
        title: title.replaceAll('`', ''),
      })
      t.match(rows.get(parent), { object_type: 'group', parents: [by === 'tier' ? group : 'python'] })
    }
  }
})

t.test('titles and descriptions of a hostile track come back whole from Canvas', async t => {
  const { text, whole } = await hostileApp(t)
  const rows = importOutcomes(await text('canvas.csv'))
  for (const { slug, summary } of whole.skills) {
    const row = rows.get(`hostile.skill.${slug}`)
    const title = String(hostileTitles[slug])
    t.equal(row?.title, names[slug] ?? title, slug)
    if (summary !== null && !(slug in names))
      t.ok(textOf(String(row?.description)).includes(title.replace('\uffff', '\ufffd')), slug)
  }
})

const names: Record<string, string> = {
  nothing: '` `',
  long: `${[...String(hostileTitles.long)].slice(0, 254).join('').trimEnd()}…`,
  'two-lines': 'Two lines and a tab',
  heading: '# no *heading*, no [link](x) | no ~~line~~ $x$ _y_ code <T> a`b `open',
}

const versions = {
  before: documentOf(
    { slug: 'small', title: 'Small' },
    {
      category: [{ slug: 'kept' }, { slug: 'going', title: 'Going' }],
      skill: [
        { slug: 'same', category: 'kept', tier: 'beginner' },
        { slug: 'needs', category: 'kept', tier: 'senior', prerequisites: ['changes'] },
        { slug: 'changes', category: 'kept', tier: 'beginner', title: 'Before' },
        { slug: 'learns', category: 'kept', tier: 'beginner', resources: ['book'] },
        { slug: 'old', category: 'kept', tier: 'beginner' },
        { slug: 'goes', category: 'going', tier: 'beginner', title: 'Goes' },
      ],
      resource: [{ slug: 'book', kind: 'book' }],
    },
  ),
  after: documentOf(
    { slug: 'small', title: 'Small' },
    {
      category: [{ slug: 'kept' }, { slug: 'made' }],
      skill: [
        { slug: 'same', category: 'kept', tier: 'beginner' },
        { slug: 'needs', category: 'kept', tier: 'senior', prerequisites: ['changes'] },
        { slug: 'changes', category: 'kept', tier: 'beginner', title: 'After' },
        { slug: 'learns', category: 'kept', tier: 'beginner', resources: ['book'] },
        { slug: 'new', category: 'kept', tier: 'beginner', formerly: ['old'] },
      ],
      resource: [{ slug: 'book', kind: 'book', title: 'Another title' }],
    },
  ),
}

t.test(
  'an export since a cursor has what has changed, the groups above it, and what was removed as deleted',
  async t => {
    const { app, load, catalog } = await emptyApp(t)
    await load(versions.before)
    const whole = await app.inject('/v1/tracks/small/export/canvas.csv')
    const cursor = String(whole.headers['curriculum-cursor'])
    const since = async (at: string, more = '') => {
      const response = await app.inject(`/v1/tracks/small/export/canvas.csv?since=${at}${more}`)
      t.equal(response.statusCode, 200, response.body)
      return importOutcomes(response.body)
    }
    t.same([...(await since(cursor)).keys()], ['small'], 'nothing has changed yet')
    t.same(
      [...(await since('0')).keys()],
      [...importOutcomes(whole.body).keys()],
      'from the beginning it is all there is',
    )
    await load(versions.after)
    const rows = await since(cursor)
    t.same(
      [...rows].map(([guid, { workflow_state: state, title }]) => `${guid} ${state} ${title}`),
      [
        'small active Small',
        'small.category.kept active A title',
        'small.skill.changes active After',
        'small.skill.learns active A title',
        'small.skill.new active A title',
        'small.skill.needs active A title',
        'small.category.made active A title',
        'small.skill.goes deleted Goes',
        'small.skill.old deleted A title',
        'small.category.going deleted Going',
      ],
    )
    t.same(
      [...(await since(cursor, '&tier=senior')).keys()],
      [
        'small',
        'small.category.kept',
        'small.skill.needs',
        'small.skill.goes',
        'small.skill.old',
        'small.category.going',
      ],
      'what is only out of scope is not taken away',
    )
    t.ok(rows.get('small.skill.goes')?.parents.length === 0)
    const { track, ...parts } = versions.after
    await load({ track: { ...track, title: 'Larger' }, ...parts })
    t.equal((await since(String(await catalog.cursor()))).size, 1)
    t.equal(
      (await since(String(Number(await catalog.cursor()) - 1))).size,
      8,
      'a change to the track itself is shown by all',
    )
  },
)

t.test('a slug that another skill has now is not deleted', async t => {
  const { app, load } = await emptyApp(t)
  await load(versions.after)
  const cursor = String((await app.inject('/v1/tracks/small/export/canvas.csv')).headers['curriculum-cursor'])
  const { skills, ...parts } = versions.after
  const [first] = skills
  if (first === undefined) throw new Error('there are skills')
  await load({
    ...parts,
    skills: [{ ...first, slug: 'new', title: 'Another' }, ...skills.filter(({ slug }) => slug !== 'new')],
  })
  const rows = importOutcomes((await app.inject(`/v1/tracks/small/export/canvas.csv?since=${cursor}`)).body)
  t.match(rows.get('small.skill.new'), { title: 'Another', workflow_state: 'active' })
})

t.test('a cursor that was never given is refused, and one that is too old is gone', async t => {
  const { app, load, file } = await emptyApp(t)
  await load(versions.before)
  await load(versions.after)
  const answer = async (since: string) => (await app.inject(`/v1/tracks/small/export/canvas.csv?since=${since}`)).json()
  for (const [since, message] of [
    ['99', /a cursor that was never given: the last change has the number \d+/],
    ['x', /it takes a cursor as Curriculum-Cursor had it/],
    ['-1', /it takes a cursor/],
    ['', /it takes a cursor/],
  ] as const)
    t.match(await answer(since), { status: 400, errors: [{ parameter: 'since', message }] }, since)
  const database = new Database(file)
  database.exec('UPDATE changes SET title = NULL')
  const untitled = await app.inject('/v1/tracks/small/export/canvas.csv?since=0')
  t.equal(
    importOutcomes(untitled.body).get('small.skill.goes')?.title,
    'goes',
    'what has no title any more is called by its slug',
  )
  database.exec('INSERT INTO forgotten (number, seq) VALUES (1, 5)')
  database.close()
  t.match(await answer('4'), {
    status: 410,
    code: 'GONE',
    errors: [{ parameter: 'since', message: /Take the whole export/ }],
  })
  t.equal((await app.inject('/v1/tracks/small/export/canvas.csv?since=5')).statusCode, 200)
})
