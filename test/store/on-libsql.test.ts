import { fileURLToPath } from 'node:url'
import t from 'tap'

/** The tests of writes and of what follows from them. */
const files = [
  '../write/exercises.test.ts',
  '../write/nested-categories.test.ts',
  '../write/rejected-writes.test.ts',
  '../write/write-document.test.ts',
  '../write/write-noun.test.ts',
  '../rest/changes.test.ts',
]

for (const file of files)
  t.spawn(
    process.execPath,
    [fileURLToPath(new URL(file, import.meta.url))],
    { env: { ...process.env, TEST_DRIVER: 'libsql' } },
    `${file} on libSQL servers`,
  )
