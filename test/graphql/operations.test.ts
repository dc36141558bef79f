import { buildSchema, parse } from 'graphql'
import t from 'tap'
import { RequestError } from '../../src/graphql/errors.ts'
import { graphqlSchema } from '../../src/graphql/graphql.ts'
import { createOperations } from '../../src/graphql/operations.ts'
import { hostileDocuments } from '../hostile/graphql-documents.ts'

const schema = buildSchema('type Query { one: Int two: Int }')

const operationsWith = (bytes?: number, of = schema) => {
  const operations = createOperations(of, bytes)
  const run = (query: string, operationName?: string) =>
    operations.execute({ query, operationName, variables: {}, context: {} })
  return { ...operations, run }
}

t.test('valid documents stay in memory within a limit of bytes, whatever they contain', async t => {
  const bytes = 300_000
  const { cache, run } = operationsWith(bytes)
  for (let index = 0; index < 400; index += 1) {
    const query = `query q${index} { one ${'two '.repeat(index % 4 === 0 ? 60 : 9)} }${'\n# a comment'.repeat(index % 40)}`
    for (let time = 0; time < 3; time += 1) t.same((await run(query)).data, { one: null, two: null })
    t.ok(cache.calculatedSize <= bytes)
  }
  t.ok(cache.size > 0)
  t.ok(cache.size < 30)
})

t.test('a document larger than the limit is executed, but not cached', async t => {
  const { cache, run } = operationsWith(100)
  for (let time = 0; time < 3; time += 1) t.same((await run('{ one }')).data, { one: null })
  t.equal(cache.size, 0)
})

t.test('an invalid document leaves nothing in memory', async t => {
  const { cache, run } = operationsWith()
  for (let index = 0; index < 10; index += 1)
    for (const query of [
      `{ unknown${index} }`,
      `{ ${'unknown '.repeat(1_900)} }`,
      `{ one${index} `,
      `{ ...f${index} }`,
    ])
      await t.rejects(run(query), { message: 'the GraphQL request has errors' })
  t.equal(cache.size, 0)
})

t.test('a document used once takes only the memory of its text', async t => {
  const { cache, run } = operationsWith()
  await run('{ one }')
  t.ok(cache.calculatedSize < 2_000)
  t.equal(cache.get('{ one }')?.document, undefined)
})

t.test('each operation of a document is compiled on its own', async t => {
  const { cache, run } = operationsWith()
  const query = 'query A { one } query B { two }'
  for (let time = 0; time < 4; time += 1) {
    t.same((await run(query, 'A')).data, { one: null })
    t.same((await run(query, 'B')).data, { two: null })
  }
  t.same([...(cache.get(query)?.compiled.keys() ?? [])].sort(), ['A', 'B'])
})

t.test('an operation that cannot be compiled is executed by mercurius every time', async t => {
  const { cache, run } = operationsWith()
  cache.set('{ one }', { document: parse('fragment f on Query { one }'), fields: {} as never, compiled: new Map() })
  for (let time = 0; time < 3; time += 1) t.same((await run('{ one }')).data, { one: null })
})

t.test('the hostile documents of the memory measurement stay within the limit', async t => {
  const { cache, execute } = operationsWith(500_000, graphqlSchema())
  for (const bodies of Object.values(hostileDocuments()))
    for (const body of bodies) {
      const { query, variables = {} } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> }
      // There is no catalog: a field that needs it is an error in the result.
      await execute({ query, operationName: undefined, variables, context: {} }).catch((error: unknown) =>
        t.type(error, RequestError),
      )
      t.ok(cache.calculatedSize <= 500_000)
    }
})
