import t from 'tap'
import { nearest } from '../../src/query/suggest.ts'

t.test('the nearest word is suggested, and none if no word is near', async t => {
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

t.test('the shortest of several words with the same beginning is suggested', async t => {
  t.equal(nearest('test', ['testing-of-distributed-systems', 'testing-frameworks']), 'testing-frameworks')
})

t.test('the nearest of several words is suggested', async t => {
  t.equal(nearest('functons', ['functional', 'functions']), 'functions')
})

t.test('a suggestion differs in at most three letters', async t => {
  t.equal(nearest('package-management', ['gil-management']), undefined)
})
