import { fileURLToPath } from 'node:url'
import { libsqlTest } from '../fixtures/libsql.ts'

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
  libsqlTest(`${file} on libSQL servers`, async t => {
    await t.spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
      env: { ...process.env, TEST_DRIVER: 'libsql' },
    })
  })
