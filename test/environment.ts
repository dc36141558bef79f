import { join } from 'node:path'
import type { Test } from 'tap'
import { check } from '../src/model/check.ts'
import type { Document } from '../src/model/document.ts'
import { openStore } from '../src/store/open.ts'

/** Sets variables for one test. */
export const environment = (t: Test, variables: Record<string, string | undefined>): void => {
  const before = Object.keys(variables).map(name => [name, process.env[name]] as const)
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  for (const [name, value] of Object.entries(variables)) set(name, value)
  t.teardown(() => {
    for (const [name, value] of before) set(name, value)
  })
}

/** A database that commands work with. */
export const databaseFor = (t: Test) => {
  const url = `file:${join(t.testdir(), 'curriculum.db')}`
  environment(t, { DATABASE_URL: url })
  return {
    /** Puts a document in place of what the track held. */
    load: async (document: Document): Promise<void> => {
      const checked = check(document, (_noun, key) => key) // what is of another track is taken to be there
      if (checked.mistakes.length > 0) throw new Error(JSON.stringify(checked.mistakes))
      const store = openStore(url)
      await store.catalog.replace(checked).finally(store.close)
    },
  }
}
