import t from 'tap'
import { backUpWhileWriting } from '../faults/backup.ts'
import { env } from '../faults/client.ts'
import { followWhileWriting } from '../faults/follower.ts'
import { createDatabaseWithTrack, killWhileWriting, writeConcurrently } from '../faults/kill.ts'
import { killOneOfTwo } from '../faults/side-by-side.ts'
import { deliverThroughFaults } from '../faults/webhook-outage.ts'
import { serve } from '../fixtures/service.ts'

t.test('no acknowledged write is lost when the service is killed', async t => {
  const { writes } = await killWhileWriting(t, 3)
  t.ok(writes > 10)
})

t.test('of eight concurrent writes with one ETag exactly one succeeds, across processes and services', async t => {
  const folder = t.testdir({ content: {} })
  await createDatabaseWithTrack(`${folder}/curriculum.db`)
  const [one, other] = [serve(t, folder, { env: { ...env, WORKERS: '2' } }), serve(t, folder, { env })]
  await writeConcurrently(t, [await one.address(), await other.address()], 10, 8)
})

t.test('two services on one file lose no write that either acknowledged', t => killOneOfTwo(t, 1))

t.test('a backup during writes is complete, is the state of one moment, and can be restored', t =>
  backUpWhileWriting(t, 2),
)

t.test('a follower of the change feed that stops and starts at random ends with the content of the server', async t => {
  const folder = t.testdir({ content: {} })
  await createDatabaseWithTrack(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  t.ok((await followWhileWriting(t, await service.address(), 400)) > 30)
})

t.test('a webhook receiver that was down gets every event, also of a service that was killed meanwhile', t =>
  deliverThroughFaults(t, { kills: 0, failures: 1 }),
)
