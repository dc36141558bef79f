import t from 'tap'
import { followed } from './faults/follower.ts'
import { killRounds, races, seeded } from './faults/kill.ts'
import { key } from './faults/writers.ts'
import { serve } from './service.ts'

const env = { ADMIN_KEY: key, RATE_LIMIT_PER_MINUTE: '0' }

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

t.test('who follows changes, stopped and started at random, ends with what the server has', async t => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  t.ok((await followed(t, await service.address(), 400)) > 30)
})
