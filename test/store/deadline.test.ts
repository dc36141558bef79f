import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createDeadline, createLock } from '../../src/store/deadline.ts'

const never = new AbortController().signal

t.test('a lock has one holder at a time, in order', async t => {
  const acquire = createLock()
  const order: string[] = []
  const hold = async (name: string): Promise<void> => {
    const release = await acquire(never)
    order.push(`${name} begins`)
    await sleep(5)
    order.push(`${name} ends`)
    release()
  }
  await Promise.all([hold('a'), hold('b'), hold('c')])
  t.same(order, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

t.test('a caller that gives up does not keep others from the lock', async t => {
  const acquire = createLock()
  const release = await acquire(never)
  const controller = new AbortController()
  const late = acquire(controller.signal)
  const next = acquire(never)
  controller.abort()
  await t.rejects(late, { name: 'AbortError' })
  release()
  t.type(await next, 'function')
})

t.test('a deadline aborts unless it is extended or cleared', async t => {
  const [extended, cleared] = [createDeadline(50), createDeadline(50)]
  await sleep(30)
  extended.extend()
  cleared.clear()
  await sleep(30)
  t.equal(extended.signal.aborted, false)
  await sleep(60)
  t.equal(extended.signal.aborted, true)
  t.equal(cleared.signal.aborted, false)
})
