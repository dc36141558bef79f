import { copyFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { serve, smallFolder } from '../fixtures/service.ts'
import { env, kill, read, startedAddress, write } from './client.ts'
import { createEarlierDatabase } from './earlier-database.ts'
import { checkIntegrity } from './sqlite-file.ts'

const killer = ['--import', fileURLToPath(new URL('killed-at-statement.ts', import.meta.url))]

const paths = ['/v1/tracks/python/document', '/v1/changes?limit=200', '/v1/search?q=decorators']

/** When to kill a start: before each of these SQL statements, until a start runs fewer, and after these times. */
export interface Moments {
  statements: Iterable<number>
  milliseconds: number[]
}

/** Kills the first start of this version, on an earlier database or on none, at each of these moments, and checks the next start. */
export const killWhileMigrating = async (
  t: Test,
  from: 'earlier' | 'nothing',
  { statements, milliseconds }: Moments,
): Promise<number> => {
  const { begin: start, again: checkNextStart } = await prepareTrials(t, from)
  let kills = 0
  for (const at of statements) {
    const service = start({ node: killer, env: { ...env, KILLED_AT: String(at) } })
    const address = await startedAddress(service)
    await kill(service)
    if (address !== undefined) break
    kills += 1
    await checkNextStart(`killed before statement ${at}`)
  }
  for (const moment of milliseconds) {
    const service = start({ env })
    await sleep(moment)
    await kill(service)
    kills += 1
    await checkNextStart(`killed after ${moment} ms`)
  }
  t.comment(`a start from ${from} killed ${kills} times; the next start had all content`)
  return kills
}

/** Returns functions that start on the same earlier database each time, and check the start after a kill. */
const prepareTrials = async (t: Test, from: 'earlier' | 'nothing') => {
  const folder = smallFolder(t)
  const file = `${folder}/curriculum.db`
  const content = await contentOfToday(t, folder, from === 'earlier')
  const earlier = createEarlierDatabase(folder, file)
  return {
    begin: (how: Parameters<typeof serve>[2]) => {
      for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
      if (from === 'earlier') copyFileSync(earlier, file)
      return serve(t, folder, how)
    },
    again: async (moment: string) => {
      const next = serve(t, folder, { env })
      const address = await startedAddress(next)
      t.equal(next.stderr(), '', `${moment}: the next start reports no error`)
      // Content that is loaded again has other times and row ids.
      const found = address === undefined ? [] : await readAll(address, from === 'earlier')
      t.same(found, content, `${moment}: all content is there`)
      await kill(next)
      t.equal(checkIntegrity(file), 'ok', moment)
    },
  }
}

/** Loads the small track, writes to it over HTTP, and returns the content. */
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
