import t from 'tap'
import { serve } from '../fixtures/service.ts'
import { backUpWhileWriting } from './backup.ts'
import { followed } from './follower.ts'
import { killRounds, races, seeded } from './kill.ts'
import { rounds } from './rounds.ts'
import { sideBySide } from './side-by-side.ts'
import { env } from './writers.ts'

/** What befalls a service that is written to, in earnest. The quick ones are in test/runtime/faults.test.ts. */

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

t.test('two services lose nothing of what either has acknowledged', t => sideBySide(t, rounds))

t.test('a backup holds what there was at one moment', t => backUpWhileWriting(t, rounds))

t.test('who follows ends with the content of the server', async t => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const service = serve(t, folder, { env })
  const served = await followed(t, await service.address(), rounds * 100)
  t.comment(`${rounds * 100} writes sent, ${served} served`)
})
