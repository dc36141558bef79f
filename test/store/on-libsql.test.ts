import { fileURLToPath } from 'node:url'
import { libsqlTest } from '../fixtures/libsql.ts'
import { allCases } from '../fixtures/scope.ts'

/**
 * Tests of the store and of writes, which run a second time with libSQL servers. Others in this folder are about the files of
 * one driver: their log, locks, damage and replacement.
 */
const files = ['database.test.ts', 'item-reader.test.ts', 'lease.test.ts', 'track-sizes.test.ts']
const slowFiles = [
  'stored-json.test.ts',
  '../rest/changes.test.ts',
  '../runtime/webhooks.test.ts',
  '../write/exercises.test.ts',
  '../write/nested-categories.test.ts',
  '../write/rejected-writes.test.ts',
  '../write/write-document.test.ts',
  '../write/write-noun.test.ts',
]

for (const file of allCases ? [...files, ...slowFiles] : files)
  libsqlTest(`${file} with libSQL servers`, async t => {
    await t.spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
      env: { ...process.env, TEST_DRIVER: 'libsql', TEST_SCOPE: undefined },
    })
  })
