import t from 'tap'
import { startOnDamaged } from './corruption.ts'
import { noisyPages, ruins, turnedBits } from './damage.ts'
import { limitedFiles, smallDisk } from './disk.ts'
import { fillRounds } from './disk-full.ts'
import { killWhileMigrating } from './migration.ts'
import { rounds } from './rounds.ts'

/** What befalls the file of a database, in earnest. The quick ones are in test/store/faults.test.ts. */

t.test('a full disk refuses writes and nothing else, and is forgotten once there is room', async t =>
  fillRounds(t, await smallDisk(t), rounds),
)

t.test('so does a limit on the size of files', t => fillRounds(t, limitedFiles(t.testdir()), rounds))

t.test('a start on what is no whole database is refused', async t => {
  const outcomes = await startOnDamaged(t, () => ruins)
  t.same(new Set(outcomes), new Set(['refused']))
})

t.test('a page of noise is found at the start, or harms nothing', async t => {
  const outcomes = await startOnDamaged(t, file => noisyPages(file, rounds))
  t.same(
    outcomes.filter(one => one === 'altered' || one === 'failing'),
    [],
  )
})

t.test('in a file too large to be looked at first, a page of noise is an error where it is read', async t => {
  const outcomes = await startOnDamaged(t, file => noisyPages(file, rounds), { large: true })
  t.notOk(outcomes.includes('altered'))
})

// SQLite keeps no checksums: what a bit says within a text is told as it is there. How often is a figure, not a promise.
t.test('a bit that is turned over ends no service', t =>
  startOnDamaged(t, file => turnedBits(file, rounds)).then(() => undefined),
)

const every = Array.from({ length: 1_000 }, (_, index) => 1 + index * Math.ceil(100 / rounds))
const milliseconds = Array.from({ length: Math.ceil(rounds / 4) }, (_, index) => index * 40)

t.test('a start that migrates may be killed at any moment', async t => {
  t.ok((await killWhileMigrating(t, 'earlier', { statements: every, milliseconds })) > 0)
})

t.test('so may the very first', async t => {
  t.ok((await killWhileMigrating(t, 'nothing', { statements: every, milliseconds })) > 0)
})
