import t from 'tap'
import { createReplicationLag } from '../../src/store/replication-lag.ts'

t.test('the lag in seconds begins when a write of the primary is missing, or with its last answer', async t => {
  let [time, primary, writes]: [number, number | undefined, number] = [0, 5, 5]
  const { isPrimaryReachable, countMissingWrites, lagSeconds } = createReplicationLag(
    async () => {
      if (primary === undefined) throw new Error('it does not answer')
      return primary
    },
    () => writes,
    () => time,
  )
  const lagAt = (seconds: number, ofPrimary: number | undefined, ofReplica: number): Promise<number> => {
    time = seconds * 1_000
    primary = ofPrimary
    writes = ofReplica
    return lagSeconds()
  }
  t.equal(await lagAt(1, 5, 5), 0)
  t.equal(await lagAt(2, 7, 5), 0, 'the primary may have got them just now')
  t.equal(await countMissingWrites(), 2)
  t.equal(await lagAt(12, 8, 6), 10)
  t.equal(await lagAt(22, 9, 7), 0, 'it has the first writes that were missing')
  t.equal(await lagAt(25, 9, 9), 0)
  t.equal(await isPrimaryReachable(), true)
  t.equal(await lagAt(30, undefined, 9), 0)
  t.equal(await isPrimaryReachable(), false)
  await t.rejects(countMissingWrites())
  t.equal(await lagAt(90, undefined, 9), 60)
  t.equal(await lagAt(91, 11, 9), 61, 'the lag goes on until it has them')
  t.equal(await lagAt(92, 11, 11), 0)
  t.equal(await lagAt(93, 8, 11), 0, 'another primary may have fewer')
  t.equal(await countMissingWrites(), 0)
})

t.test('metrics that are read together send one request to the primary', async t => {
  let requests = 0
  const count = async (): Promise<number> => {
    requests += 1
    return requests
  }
  const { isPrimaryReachable, countMissingWrites, lagSeconds } = createReplicationLag(count, () => 0)
  await Promise.all([isPrimaryReachable(), countMissingWrites(), lagSeconds()])
  t.equal(requests, 1)
  t.equal(await countMissingWrites(), 2)
})
