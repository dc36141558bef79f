import { copyFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { serve, smallFolder } from '../fixtures/service.ts'
import { makeEarlier } from './earlier-database.ts'
import { integrityOf } from './integrity.ts'
import { started } from './start.ts'
import { env, killed, read, write } from './writers.ts'

const killer = ['--import', fileURLToPath(new URL('killed-at-statement.ts', import.meta.url))]

const paths = ['/v1/tracks/python/document', '/v1/changes?limit=200', '/v1/search?q=decorators']

/** When to end a start: before each of these statements, as long as the start comes to them, and after so many milliseconds. */
export interface Moments {
  statements: Iterable<number>
  milliseconds: number[]
}

/** Kills the first start of this version on an earlier database, or on none, at each of these moments, and looks at what the next makes of it. */
export const killWhileMigrating = async (
  t: Test,
  from: 'earlier' | 'nothing',
  { statements, milliseconds }: Moments,
): Promise<number> => {
  const { begin, again } = await trials(t, from)
  let kills = 0
  for (const at of statements) {
    const service = begin({ node: killer, env: { ...env, KILLED_AT: String(at) } })
    const address = await started(service)
    await killed(service)
    if (address !== undefined) break
    kills += 1
    await again(`killed before statement ${at}`)
  }
  for (const moment of milliseconds) {
    const service = begin({ env })
    await sleep(moment)
    await killed(service)
    kills += 1
    await again(`killed after ${moment} ms`)
  }
  t.comment(`a start from ${from} killed ${kills} times; all was there at the next`)
  return kills
}

/** Starts on one earlier database, again and again, and on what each has left. */
const trials = async (t: Test, from: 'earlier' | 'nothing') => {
  const folder = smallFolder(t)
  const file = `${folder}/curriculum.db`
  const content = await contentOfToday(t, folder, from === 'earlier')
  const earlier = makeEarlier(folder, file)
  return {
    begin: (how: Parameters<typeof serve>[2]) => {
      for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
      if (from === 'earlier') copyFileSync(earlier, file)
      return serve(t, folder, how)
    },
    again: async (moment: string) => {
      const next = serve(t, folder, { env })
      const address = await started(next)
      t.equal(next.stderr(), '', `${moment}: the next start has nothing to complain about`)
      // What is loaded anew has ids and times of its own.
      const found = address === undefined ? [] : await readAll(address, from === 'earlier')
      t.same(found, content, `${moment}: all is there`)
      await killed(next)
      t.equal(integrityOf(file), 'ok', moment)
    },
  }
}

/** The small track, and what was written to it over HTTP. */
const contentOfToday = async (t: Test, folder: string, written: boolean): Promise<string[]> => {
  const service = serve(t, folder, { env })
  const address = await service.address()
  const body = { title: 'Written', kind: 'article' }
  if (written) t.match(await write(address, 'PUT', '/v1/resources/python.written', body), { status: 201 })
  const content = await readAll(address, written)
  service.child.kill('SIGTERM')
  await service.exit
  return content
}

const readAll = async (address: string, exactly: boolean): Promise<string[]> => {
  const bodies: string[] = []
  for (const path of paths) bodies.push((await read(address, path)).body)
  return exactly
    ? bodies
    : bodies.map(body => body.replaceAll(/[\da-f]{8}-[\da-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…'))
}
