import t from 'tap'
import { backUpWhileWriting } from '../faults/backup.ts'
import { followed } from '../faults/follower.ts'
import { killRounds, races, seeded } from '../faults/kill.ts'
import { sideBySide } from '../faults/side-by-side.ts'
import { tellThroughFaults } from '../faults/telling.ts'
import { env } from '../faults/writers.ts'
import { serve } from '../fixtures/service.ts'

t.test('what was acknowledged is there after the service was killed', async t => {
  const { writes } = await killRounds(t, 3)
  t.ok(writes > 10)
})

t.test('of eight who write with one tag exactly one is served, by two processes and by two services', async t => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const [one, other] = [serve(t, folder, { env: { ...env, WORKERS: '2' } }), serve(t, folder, { env })]
  await races(t, [await one.address(), await other.address()], 10, 8)
})

t.test('two services on one file lose nothing of what either has acknowledged', t => sideBySide(t, 1))

t.test('a backup taken while many write is whole, holds what there was at one moment, and is put back', t =>
  backUpWhileWriting(t, 2),
)

t.test('who follows changes, stopped and started at random, ends with what the server has', async t => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  t.ok((await followed(t, await service.address(), 400)) > 30)
})

t.test('a receiver of webhooks that was away gets every event, also of a service that was killed meanwhile', t =>
  tellThroughFaults(t, { kills: 0, failures: 1 }),
)
