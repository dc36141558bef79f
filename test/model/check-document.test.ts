import t from 'tap'
import { checkDocument } from '../../src/model/check-document.ts'
import { documentOf } from '../fixtures/app.ts'

t.test('all mistakes of a document are reported with their places', t => {
  const document = documentOf(
    { slug: 'demo', translationOf: 'dmeo' },
    { category: [{ slug: 'a' }, { slug: 'a' }], principle: [{ slug: 'p', kind: 'rule', category: 'other.a' }] },
  )
  t.match(checkDocument(document, (_noun, key) => (key === 'other.a' ? key : undefined)).mistakes, [
    { noun: 'category', slug: 'a', path: [], message: 'there are two categories called "a"' },
    { noun: 'track', path: ['translationOf'], unknown: { given: 'dmeo', known: ['demo'] } },
    { noun: 'principle', path: ['category'], message: '"other.a" is in another track' },
  ])
  t.end()
})
