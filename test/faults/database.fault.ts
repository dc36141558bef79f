import t from 'tap'
import { startOnDamaged } from './corruption.ts'
import { destructiveDamages, randomFlippedBits, randomNoisyPages } from './damage.ts'
import { limitedFiles, smallDisk } from './disk.ts'
import { fillDiskWhileWriting } from './disk-full.ts'
import { killWhileMigrating } from './migration.ts'
import { rounds } from './rounds.ts'

/** Faults of the database file, with many rounds. Quick cases are in test/store/faults.slow.ts. */

t.test('a full disk rejects writes only, and writes succeed once there is room', async t =>
  fillDiskWhileWriting(t, await smallDisk(t), rounds),
)

t.test('a limit on the file size rejects writes only, and writes succeed without it', t =>
  fillDiskWhileWriting(t, limitedFiles(t.testdir()), rounds),
)

t.test('a start on a damaged database file fails', async t => {
  const outcomes = await startOnDamaged(t, () => destructiveDamages)
  t.same(new Set(outcomes), new Set(['refused']))
})

t.test('a page of noise is found at the start, or has no effect', async t => {
  const outcomes = await startOnDamaged(t, file => randomNoisyPages(file, rounds))
  t.same(
    outcomes.filter(one => one === 'altered' || one === 'failing'),
    [],
  )
})

t.test('in a file too large to be checked at the start, a page of noise makes requests that read it fail', async t => {
  const outcomes = await startOnDamaged(t, file => randomNoisyPages(file, rounds), { large: true })
  t.notOk(outcomes.includes('altered'))
})

// SQLite has no checksums, so a flipped bit within a text is served. The count is a measurement, not a promise.
t.test('a service survives a flipped bit', t =>
  startOnDamaged(t, file => randomFlippedBits(file, rounds)).then(() => undefined),
)

const every = Array.from({ length: 1_000 }, (_, index) => 1 + index * Math.ceil(100 / rounds))
const milliseconds = Array.from({ length: Math.ceil(rounds / 4) }, (_, index) => index * 40)

t.test('after a kill at any moment of a migration the next start completes it', async t => {
  t.ok((await killWhileMigrating(t, 'earlier', { statements: every, milliseconds })) > 0)
})

t.test('after a kill at any moment of the first start the next one completes it', async t => {
  t.ok((await killWhileMigrating(t, 'nothing', { statements: every, milliseconds })) > 0)
})
