import t from 'tap'
import { Failure } from '../../src/errors.ts'
import { openStore } from '../../src/store/open-store.ts'
import { writeInThread } from '../../src/write/write-thread.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'

const program = new URL('../../src/cli/write-thread.ts', import.meta.url)
const source = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`)

t.test('a write thread returns results and failures as a local writer does', async t => {
  const url = `file:${t.testdir()}/curriculum.db`
  const store = openStore(url)
  t.teardown(() => store.close())
  const writer = writeInThread(program, () => ({ url, options: {} }))
  t.match(await writer.put('track', 'go', { title: 'Go' }, noPreconditions), { created: true, item: { key: 'go' } })
  t.equal((await store.catalog.document('go'))?.track.title, 'Go')
  const rejected = await writer.put('track', 'go', {}, noPreconditions).catch((failure: unknown) => failure)
  t.ok(rejected instanceof Failure)
  t.match(rejected, { code: 'PRECONDITION_REQUIRED', status: 428, message: /If-Match/ })
  const wrong = await writer.put('track', 'c', {}, noPreconditions).catch((failure: unknown) => failure)
  t.match(wrong, { errors: [{ pointer: '/title' }] })
  await t.rejects(writer.finishDelivery('x', 'now', undefined as never), TypeError)
  const last = writer.put('track', 'c', { title: 'C' }, noPreconditions)
  await writer.close()
  t.match(await last, { created: true })
})

t.test('closing a writer whose thread never started does nothing', async t => {
  await t.resolves(writeInThread(program, () => ({ url: 'file:/nowhere/x.db' })).close())
})

t.test('pending writes are rejected when the thread dies, and the next write starts another thread', async t => {
  const dying = writeInThread(source('throw new Error("boom")'), () => ({}))
  for (let time = 0; time < 2; time += 1)
    await t.rejects(dying.recordUse('id', 'now'), {
      code: 'UNAVAILABLE',
      message: /read it again/,
      cause: { message: 'boom' },
    })
})
