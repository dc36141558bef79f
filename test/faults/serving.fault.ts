import t from 'tap'
import { serve } from '../fixtures/service.ts'
import { backUpWhileWriting } from './backup.ts'
import { env } from './client.ts'
import { followWhileWriting } from './follower.ts'
import { createDatabaseWithTrack, killWhileWriting, writeConcurrently } from './kill.ts'
import { rounds } from './rounds.ts'
import { killOneOfTwo } from './side-by-side.ts'

/** Faults of a service under writes, with many rounds. Quick cases are in test/runtime/fault-rounds.slow.ts. */

t.test('no acknowledged write is lost in any kill', async t => {
  const { writes } = await killWhileWriting(t, rounds)
  t.ok(writes > rounds)
})

t.test('of eight concurrent writes with one ETag exactly one succeeds', async t => {
  const folder = t.testdir({ content: {} })
  await createDatabaseWithTrack(`${folder}/curriculum.db`)
  const [one, other] = [serve(t, folder, { env: { ...env, WORKERS: '2' } }), serve(t, folder, { env })]
  await writeConcurrently(t, [await one.address(), await other.address()], rounds * 2, 8)
})

t.test('two services lose no write that either acknowledged', t => killOneOfTwo(t, rounds))

t.test('a backup is the state of one moment', t => backUpWhileWriting(t, rounds))

t.test('a follower of the change feed ends with the content of the server', async t => {
  const folder = t.testdir({ content: {} })
  await createDatabaseWithTrack(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  const served = await followWhileWriting(t, await service.address(), rounds * 100)
  t.comment(`${rounds * 100} writes sent, ${served} served`)
})
