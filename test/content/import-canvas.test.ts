import t from 'tap'
import { fieldsBySlug, readTrack, startImporting } from '../fixtures/importing.ts'
import { seed } from '../fixtures/paths.ts'

const head =
  'canvas_id,vendor_guid,object_type,title,description,display_name,calculation_method,calculation_int,parent_guids,workflow_state,mastery_points,ratings\n'

t.test('the export canvas.csv comes back into its track without a change', async t => {
  const { importText, exportShipped, files } = startImporting(t, 'canvas', { shipped: true })
  const before = files()
  for (const by of ['tier', 'category'])
    t.strictSame(await importText(await exportShipped('--by', by)), {
      out: 'python: no changes\npython: the files are up to date\n',
      err: '',
      code: 0,
    })
  t.strictSame(files(), before)
})

t.test('the export canvas.csv makes a new track with everything that it contains', async t => {
  const { importText, exportShipped, track } = startImporting(t, 'canvas')
  t.equal((await importText(await exportShipped())).err, '')
  const [made, original] = [await track(), await readTrack(seed)]
  const fields = ['category', 'tier', 'summary', 'kind', 'optional', 'duration', 'outcomes', 'code'] as const
  t.strictSame(fieldsBySlug(made.skills, ...fields), fieldsBySlug(original.skills, ...fields))
  t.match(made.track, { title: original.track.title, summary: original.track.summary, externalId: null })
})

t.test('outcomes of a Canvas site become skills in the groups of the site', async t => {
  const { notesOf, track, importText } = startImporting(t, 'canvas')
  const text = `${head}1,canvas_outcome_group:1,group,Cooking,,,,,,active,
2,canvas_outcome_group:2,group,Advanced,Plain text.,,,,canvas_outcome_group:1,active,
3,canvas_outcome:3,outcome,Bread,<p>Bakes &amp; cuts.</p>,Loaf,decaying_average,65,canvas_outcome_group:2 canvas_outcome_group:1,active,3,5,Exceeds,3,Meets,0,Not
4,canvas_outcome:4,outcome,Soup,,Soup,highest,,,active,3,5,Exceeds
5,canvas_outcome:5,outcome,Gone,,,highest,,,deleted,3
6,,outcome,Nameless,,,,,,active,
7,canvas_x:7,rubric,Rubric,,,,,,active,
`
  t.strictSame(await notesOf(text, '--title', 'Food'), [
    '4:1 warning: the display_name of "Bread": "Loaf"',
    '4:1 warning: "Bread" is in "Advanced" and in "Cooking": an entry has one place, the first',
    '6:1 note: "Gone" is deleted in Canvas, and not imported; --prune removes it from the track',
    '7:1 warning: a row needs a vendor_guid and a title',
    '8:1 warning: "Rubric" is neither a group nor an outcome: its object_type is "rubric"',
  ])
  const { track: made, categories, skills } = await track()
  t.match(made, { title: 'Food', externalId: null })
  t.match(categories, [
    { slug: 'cooking', externalId: 'canvas_outcome_group:1', parent: null },
    { slug: 'advanced', summary: 'Plain text.', parent: 'python.cooking' },
    { slug: 'general', externalId: null },
  ])
  t.match(skills, [
    {
      slug: 'bread',
      externalId: 'canvas_outcome:3',
      category: 'python.advanced',
      tier: 'senior',
      summary: 'Bakes & cuts.',
    },
    { slug: 'soup', category: 'python.general', tier: 'beginner', summary: null },
  ])
  t.equal((await importText(text)).out, 'python: no changes\npython: the files are up to date\n')
  const { out } = await importText(
    `${head}3,canvas_outcome:3,outcome,Rye bread,,,,,canvas_outcome_group:1,active,\n1,canvas_outcome_group:1,group,Cooking,,,,,,active,\n`,
  )
  t.match(out, /1 skill renamed: Rye bread \(formerly bread\)/)
})

t.test('groups are folded into the third level of categories', async t => {
  const { notesOf, track } = startImporting(t, 'canvas')
  const groups = ['a', 'b', 'c', 'd', 'e']
  const rows = groups.map((id, index) => `,${id},group,${id.toUpperCase()},,,,,${groups[index - 1] ?? ''},active,\n`)
  t.strictSame(await notesOf(`${head}${rows.join('')},x,outcome,X,,,,,e,active,\n`), [
    '5:1 warning: "D" is on the fourth level of categories or below, and a track has three: its entries are in "C"',
    '6:1 warning: "E" is on the fourth level of categories or below, and a track has three: its entries are in "C"',
  ])
  t.match((await track()).skills, [{ slug: 'x', category: 'python.c' }])
})

t.test('the group of another track becomes the track', async t => {
  const { importText, track } = startImporting(t, 'canvas')
  const long = 'x'.repeat(4001)
  const { err } = await importText(
    `${head},snake,group,Snake,<p>About.</p>,,,,,active,\n,snake.category.c,group,C,${long},,,,snake,active,\n,snake.skill.s,outcome,S,${long},,,,snake.category.c,active,\n`,
  )
  t.match(err, /3:1 warning: the description of "C" has more than 4000 characters/)
  const { track: made, categories, skills } = await track()
  t.match(made, { slug: 'python', title: 'Snake', summary: 'About.', externalId: 'snake' })
  t.match(categories, [{ slug: 'c', externalId: null, summary: null }])
  t.match(skills, [{ slug: 's', externalId: null, summary: null, notes: long }])
})

t.test('a file that does not have outcomes is refused', async t => {
  const { importText } = startImporting(t, 'canvas')
  const refusals: [string, RegExp][] = [
    [
      'title,description\nA,B\n',
      /is not a file of Canvas's outcomes: it has no column vendor_guid and no column object_type/,
    ],
    ['', /it has no column vendor_guid and no column object_type and no column title/],
    [head, /source.txt has no outcomes/],
  ]
  for (const [text, message] of refusals) t.match((await importText(text)).err, message)
})

t.test('a group of the track without a description leaves it without a summary', async t => {
  const { importText, track } = startImporting(t, 'canvas')
  await importText(`${head},python,group,Python,,,,,,active,\n,python.category.c,group,C,,,,,python,active,\n`)
  t.match(await track(), { track: { summary: null, externalId: null }, categories: [{ slug: 'c', parent: null }] })
})
