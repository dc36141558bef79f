import t from 'tap'
import { startOnDamaged } from '../faults/corruption.ts'
import { destructiveDamages, randomNoisyPages } from '../faults/damage.ts'
import { smallDisk } from '../faults/disk.ts'
import { fillDiskWhileWriting } from '../faults/disk-full.ts'
import { killWhileMigrating } from '../faults/migration.ts'

t.test('a full disk rejects writes only, and writes succeed once there is room', async t =>
  fillDiskWhileWriting(t, await smallDisk(t), 2),
)

t.test('a start on a damaged database fails with a clear message', async t => {
  const outcomes = await startOnDamaged(t, file => [...destructiveDamages.slice(0, 2), ...randomNoisyPages(file, 1)])
  t.same(outcomes, ['refused', 'refused', 'refused'])
})

t.test('damage found after the start fails only the requests that read it', async t => {
  const outcomes = await startOnDamaged(t, file => randomNoisyPages(file, 3), { large: true })
  t.notOk(outcomes.includes('altered'))
})

t.test('after a kill during a migration the next start completes it', async t => {
  t.equal(await killWhileMigrating(t, 'earlier', { statements: [20, 27], milliseconds: [] }), 2)
})

t.test('after a kill during the first start the next one completes it', async t => {
  t.equal(await killWhileMigrating(t, 'nothing', { statements: [14, 60], milliseconds: [] }), 2)
})
