import Database from 'better-sqlite3'
import t from 'tap'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { importOutcomes } from '../fixtures/canvas-importer.ts'
import { hostileApp, hostileTitles } from '../fixtures/hostile-track.ts'
import { textOf } from '../fixtures/moodle-importer.ts'

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

t.test('titles and descriptions of a hostile track are unchanged in Canvas', async t => {
  const { text, whole } = await hostileApp(t)
  const rows = importOutcomes(await text('canvas.csv'))
  for (const { slug, summary } of whole.skills) {
    const row = rows.get(`hostile.skill.${slug}`)
    const title = String(hostileTitles[slug])
    t.equal(row?.title, names[slug] ?? title, slug)
    if (summary !== null && !(slug in names && slug !== '1-1'))
      t.ok(textOf(String(row?.description)).includes(title.replace('\uffff', '\ufffd')), slug)
  }
  t.match(
    rows.get('hostile.skill.snakes')?.description,
    '<h3>In other frameworks</h3><ul><li>ESCO &amp; &lt;co&gt;: <a href="http://data.europa.eu/esco/skill/1?a=1&amp;b=%C3%BC">S1.2 use "snakes"</a></li><li>Of the house</li></ul>',
  )
})

const names: Record<string, string> = {
  '1-1': 'R&D <1> List<T> and Map<K, List<V>>',
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

t.test('an export since a cursor has the changed rows, their parent groups, and removed rows as deleted', async t => {
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
    'rows outside the scope are not deleted',
  )
  t.ok(rows.get('small.skill.goes')?.parents.length === 0)
  const { track, ...parts } = versions.after
  await load({ track: { ...track, title: 'Larger' }, ...parts })
  t.same(
    [...(await since(String(await catalog.latestCursor()))).keys()],
    ['small'],
    'Canvas takes no file without a row',
  )
  t.same(
    [...(await since(String(Number(await catalog.latestCursor()) - 1))).keys()],
    ['small'],
    'only the group has a new title',
  )
})

/** A track, and ways to change it, each with the rows that are deleted. */
const changing = () => {
  const skill = (slug: string, more: object = {}) => ({ slug, title: slug, category: 'one', tier: 'beginner', ...more })
  const tiers = (more: object) => [
    { tier: 'beginner', title: 'Start' },
    { tier: 'senior', title: 'End', ...more },
  ]
  const outline = (...slugs: string[]) => [
    { slug: 'book', outline: slugs.map(slug => ({ label: slug, of: `skill.${slug}` })) },
  ]
  const first = {
    track: { slug: 'small', title: 'Small', tiers: tiers({}) },
    source: outline('a', 'c'),
    category: [{ slug: 'one' }, { slug: 'two' }],
    skill: [
      skill('a', { formerly: ['long-ago'] }),
      skill('b', { prerequisites: ['a'], resources: ['guide'] }),
      skill('c', { prerequisites: ['a', 'b'], related: ['d'] }),
      skill('d', { tier: 'senior', prerequisites: ['b'] }),
      skill('e', { category: 'two', tier: 'senior', resources: ['guide'] }),
    ],
    project: [{ slug: 'p', tier: 'senior', skills: ['a'] }],
    resource: [{ slug: 'guide', kind: 'book' }],
  }
  type Parts = Partial<Record<keyof typeof first, object>>
  const only = (...slugs: string[]) => first.skill.filter(({ slug }) => slugs.includes(slug))
  const one = (slug: string, more: object) => ({
    skill: first.skill.map(each => (each.slug === slug ? { ...each, ...more } : each)),
  })
  const renamed = JSON.parse(
    JSON.stringify(first).replaceAll('"a"', '"aa"').replaceAll('.a"', '.aa"').replace('"long-ago"', '"long-ago","a"'),
  ) as Parts
  const of = (...slugs: string[]) => slugs.map(slug => `small.skill.${slug}`)
  const changes: [name: string, changes: Parts[], deleted?: string[]][] = [
    ['three skills are removed', [{ skill: only('a', 'b'), source: outline('a') }], of('c', 'd', 'e')],
    ['what Canvas does not show is changed', [one('a', { notes: 'Notes.', examples: ['x'] })]],
    ['a project takes up skills', [{ project: [{ slug: 'p', tier: 'senior', skills: ['a', 'b', 'e'] }] }]],
    [
      'skills and categories change places',
      [{ category: first.category.toReversed(), skill: first.skill.toReversed() }],
    ],
    ['a title is changed', [one('a', { title: 'A' })]],
    ['a title is changed there and back', [one('a', { title: 'A' }), {}]],
    ['a skill is renamed', [renamed], of('a')],
    ['a skill loses a dependent', [one('b', { prerequisites: [] })]],
    ['a skill moves to another category and tier', [one('b', { category: 'two', tier: 'senior' })]],
    ['a skill is new', [{ skill: [...first.skill, skill('f', { category: 'two', prerequisites: ['a'] })] }]],
    ['a skill is made and removed', [{ skill: [...first.skill, skill('f')] }, {}], of('f')],
    ['a resource has another title', [{ resource: [{ slug: 'guide', kind: 'book', title: 'Guide' }] }]],
    ['a resource has another summary', [{ resource: [{ slug: 'guide', kind: 'book', summary: 'Long.' }] }]],
    ['a category has another summary', [{ category: [{ slug: 'one', summary: 'One.' }, { slug: 'two' }] }]],
    ['a tier has another goal', [{ track: { ...first.track, tiers: tiers({ goal: 'All.' }) } }]],
    ['a tier has another title', [{ track: { ...first.track, tiers: tiers({ title: 'Last' }) } }]],
    ['the source names another skill', [{ source: outline('b') }]],
  ]
  const documentWith = (parts: Parts) => {
    const { track, ...rest } = { ...first, ...parts }
    return documentOf(track as { slug: string }, rest as never) // the parts of a document
  }
  return { changes, documentWith }
}

t.test('an export since a cursor has only the differing rows and their parent groups', async t => {
  const { app, load, catalog } = await emptyApp(t)
  const rows = async (query: string) =>
    importOutcomes((await app.inject(`/v1/tracks/small/export/canvas.csv?${query}`)).body)
  const { changes, documentWith } = changing()
  const queries = ['by=category', 'by=tier', 'tier=senior', 'source=book&by=tier']
  for (const [name, steps, deleted = []] of changes) {
    await load(documentWith({}))
    const allBefore = await Promise.all(queries.map(rows))
    const cursor = await catalog.latestCursor()
    for (const step of steps) await load(documentWith(step))
    for (const [index, query] of queries.entries()) {
      const before = allBefore[index]
      const after = await rows(query)
      const wanted = new Set(deleted)
      for (const [guid, row] of after) if (JSON.stringify(row) !== JSON.stringify(before?.get(guid))) wanted.add(guid)
      for (const guid of wanted) for (const parent of after.get(guid)?.parents ?? []) wanted.add(parent)
      if (wanted.size === 0) wanted.add('small')
      const sent = await rows(`${query}&since=${cursor}`)
      t.same([...sent.keys()].sort(), [...wanted].sort(), `${name}, ${query}`)
      for (const [guid, row] of sent) if (row.workflow_state === 'active') t.same(row, after.get(guid), guid)
    }
  }
})

t.test('an export since a cursor has the skills whose code or alignments changed', async t => {
  const { app, load } = await emptyApp(t)
  const skills = (more: Record<string, object>) =>
    documentOf(
      { slug: 'small' },
      {
        category: [{ slug: 'c' }],
        skill: ['coded', 'aligned', 'same'].map(slug => ({
          slug,
          title: slug,
          category: 'c',
          tier: 'senior',
          code: `${slug}-1`,
          alignments: [{ framework: 'SFIA', code: 'PROG' }],
          ...more[slug],
        })),
      },
    )
  await load(skills({}))
  const cursor = (await app.inject('/v1/tracks/small/export/canvas.csv')).headers['curriculum-cursor']
  await load(skills({ coded: { code: 'coded-2' }, aligned: { alignments: [] } }))
  const rows = importOutcomes((await app.inject(`/v1/tracks/small/export/canvas.csv?since=${cursor}`)).body)
  t.same([...rows.keys()], ['small', 'small.category.c', 'small.skill.coded', 'small.skill.aligned'])
  t.equal(rows.get('small.skill.coded')?.title, 'coded-2 coded')
})

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

t.test('an unknown cursor is 400, and an expired one is 410', async t => {
  const { app, load, file } = await emptyApp(t)
  await load(versions.before)
  await load(versions.after)
  const exportSince = async (since: string) =>
    (await app.inject(`/v1/tracks/small/export/canvas.csv?since=${since}`)).json()
  for (const [since, message] of [
    ['99', /a cursor that was never given: the last change has the number \d+/],
    ['x', /it must be a cursor from the header Curriculum-Cursor/],
    ['-1', /it must be a cursor/],
    ['', /it must be a cursor/],
  ] as const)
    t.match(await exportSince(since), { status: 400, errors: [{ parameter: 'since', message }] }, since)
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
  t.match(await exportSince('4'), {
    status: 410,
    code: 'GONE',
    errors: [{ parameter: 'since', message: /Take the whole export/ }],
  })
  t.equal((await app.inject('/v1/tracks/small/export/canvas.csv?since=5')).statusCode, 200)
})
