import t from 'tap'
import { explainDatabaseErrors } from '../../src/cli/open-database.ts'
import { BadConfig } from '../../src/config.ts'

t.test('errors of the database name its file and what to do, and other errors stay as they are', async t => {
  const failWith = (error: Error) => explainDatabaseErrors('file:/data/curriculum.db', () => Promise.reject(error))
  await t.rejects(failWith(Object.assign(new Error('no'), { code: 'SQLITE_NOTADB' })), {
    constructor: BadConfig,
    message: 'DATABASE_URL: /data/curriculum.db is not an SQLite database: name another file.',
  })
  for (const error of [
    new Error('of the content'),
    Object.assign(new Error('unknown to the explanations'), { code: 'SQLITE_MISUSE' }),
    Object.assign(new Error('of the system'), { code: 'ENOENT' }),
  ])
    t.equal(await failWith(error).catch(thrown => thrown), error)
})
