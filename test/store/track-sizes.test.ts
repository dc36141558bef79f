import t from 'tap'
import { tables } from '../../src/store/tables.ts'
import { documentOf, emptyApp } from '../fixtures/app.ts'

t.test('the sizes of tracks count items and add durations, also while stored JSON is rebuilt', async t => {
  const { catalog, load, database } = await emptyApp(t)
  const skill = { category: 'c0', tier: 'senior' }
  const category = Array.from({ length: 600 }, (_, index) => ({ slug: `c${index}` }))
  await load(
    documentOf(
      { slug: 'go' },
      {
        category,
        skill: [
          { ...skill, slug: 'a', duration: { unit: 'hour', from: 2, to: 3 } },
          { ...skill, slug: 'b' },
        ],
      },
    ),
  )
  await load(documentOf({ slug: 'empty' }, {}))
  const before = await catalog.trackSizes()
  t.match(before.get('go'), {
    counts: { track: 1, category: 600, skill: 2, project: 0 },
    durations: {
      senior: { unit: 'hour', from: 2, to: 3, known: 1, unknown: 1 },
      beginner: { known: 0, unknown: 0 },
    },
  })
  t.match(before.get('empty'), { counts: { track: 1, skill: 0 }, durations: { senior: { known: 0, unknown: 0 } } })
  await database.write(async session => void (await session.update(tables.category).set({ jsonFormat: 'other' })))
  t.same(await catalog.trackSizes(), before)
})
