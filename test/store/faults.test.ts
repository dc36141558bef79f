import t from 'tap'
import { startOnDamaged } from '../faults/corruption.ts'
import { noisyPages, ruins } from '../faults/damage.ts'
import { smallDisk } from '../faults/disk.ts'
import { fillRounds } from '../faults/disk-full.ts'
import { killWhileMigrating } from '../faults/migration.ts'

t.test('a full disk refuses writes and nothing else, and is forgotten once there is room', async t =>
  fillRounds(t, await smallDisk(t), 2),
)

t.test('a start on a damaged database is refused in a sentence', async t => {
  const outcomes = await startOnDamaged(t, file => [...ruins.slice(0, 2), ...noisyPages(file, 1)])
  t.same(outcomes, ['refused', 'refused', 'refused'])
})

t.test('where damage is found later, what is damaged is answered as an error, and the service lives on', async t => {
  const outcomes = await startOnDamaged(t, file => noisyPages(file, 3), { large: true })
  t.notOk(outcomes.includes('altered'))
})

t.test('a start that migrates may be killed half way: the next goes on', async t => {
  t.equal(await killWhileMigrating(t, 'earlier', { statements: [20, 27], milliseconds: [] }), 2)
})

t.test('so may the very first', async t => {
  t.equal(await killWhileMigrating(t, 'nothing', { statements: [14, 60], milliseconds: [] }), 2)
})
