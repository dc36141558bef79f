import t from 'tap'
import { Failure } from '../../src/errors.ts'
import { createLease, ownLease } from '../../src/store/lease.ts'
import { lease } from '../../src/store/tables.ts'
import { openEmptyDatabase } from '../fixtures/app.ts'

t.test('one process holds the lease, until it releases it or does not renew it', async t => {
  const { database } = await openEmptyDatabase(t)
  let time = 0
  const pass = (milliseconds: number): void => {
    time += milliseconds
  }
  const [one, other] = [createLease(database, () => time), createLease(database, () => time)]
  t.equal(one.isHeld(), false)
  t.equal(await one.take(), true)
  t.equal(await other.take(), false)
  t.same([one.isHeld(), other.isHeld()], [true, false])
  t.equal(await one.take(), true, 'it is not written again soon')
  pass(3_000)
  t.equal(await one.take(), true)
  t.equal(await other.take(), false)
  await other.release()
  pass(3_000)
  await one.release()
  t.equal(await other.take(), true)
  pass(3_000)
  t.equal(await one.take(), false)
  await database.write(async session => void (await session.update(lease).set({ expiresAt: 1 })))
  pass(3_000)
  t.equal(await one.take(), true)
  t.equal(await other.take(), false)
  t.equal(one.isHeld(), true)
  pass(10_000)
  t.equal(one.isHeld(), false, 'it ends if it is not renewed')
})

t.test('without a primary nobody holds the lease, and other errors are not hidden', async t => {
  const failing = (failure: Error) => createLease({ write: () => Promise.reject(failure) })
  t.equal(await failing(new Failure('UNAVAILABLE', 'no primary')).take(), false)
  await t.rejects(failing(new Error('a mistake')).take(), /a mistake/)
})

t.test('a process with its own file always holds its lease', async t => {
  t.equal(await ownLease.take(), true)
  await ownLease.release()
  t.equal(ownLease.isHeld(), true)
  t.equal(await ownLease.take(), true)
})
