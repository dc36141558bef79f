import t from 'tap'
import { serve } from '../service.ts'
import { followed } from './follower.ts'
import { killRounds, races, seeded } from './kill.ts'
import { key } from './writers.ts'

/** `npm run test:faults`: every fault in earnest. The quick ones are in test/faults.test.ts. */
const rounds = Number(process.env.FAULT_ROUNDS ?? 100)
const env = { ADMIN_KEY: key, RATE_LIMIT_PER_MINUTE: '0' }

t.test('0 acknowledged writes are lost in all kills', async t => {
  const { writes } = await killRounds(t, rounds)
  t.ok(writes > rounds)
})

t.test('of eight who write with one tag exactly one is served', async t => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const [one, other] = [serve(t, folder, { env: { ...env, WORKERS: '2' } }), serve(t, folder, { env })]
  await races(t, [await one.address(), await other.address()], rounds * 2, 8)
})

t.test('who follows ends with the content of the server', async t => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  const served = await followed(t, await service.address(), rounds * 100)
  t.comment(`${rounds * 100} writes sent, ${served} served`)
})
