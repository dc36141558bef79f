import t from 'tap'
import { nearest } from '../../src/query/suggest.ts'

t.test('the word that was probably meant is suggested, and nothing where none is near', async t => {
  const fields = ['title', 'prerequisites', 'outcomes', 'category', 'tier', 'kind', 'skill.decorators', 'sampleBase']
  for (const [given, meant] of [
    ['prerequisits', 'prerequisites'],
    ['tilte', 'title'],
    ['Title', 'title'],
    ['titles', 'title'],
    ['categories', 'category'],
    ['outcome', 'outcomes'],
    ['pre', 'prerequisites'],
    ['kindness', 'kind'],
    ['decorators', 'skill.decorators'],
    ['xyz', undefined],
    ['ti', undefined],
  ] as const)
    t.equal(nearest(given, fields), meant, given)
})

t.test('of several words that begin alike the shortest is suggested', async t => {
  t.equal(nearest('test', ['testing-of-distributed-systems', 'testing-frameworks']), 'testing-frameworks')
})

t.test('of several near words the nearest is suggested', async t => {
  t.equal(nearest('functons', ['functional', 'functions']), 'functions')
})

t.test('of long words no more than three letters may differ', async t => {
  t.equal(nearest('package-management', ['gil-management']), undefined)
})
