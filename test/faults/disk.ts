import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const run = promisify(execFile)

/** A place for a database that can be full. */
export interface Disk {
  how: string
  folder: string
  /** What Node is started with there. */
  node: string[]
  /** From now on nothing can be added to the files of this process, until what is answered is called. */
  fill(pid: number): Promise<() => Promise<void>>
}

/** A small disk in memory; where mounting one is not permitted, a folder in which no file of a process may grow. */
export const smallDisk = async (t: Test): Promise<Disk> => {
  // Not among the files of the test: what is left mounted by a test that is killed is in nobody's way.
  const folder = await mkdtemp(join(tmpdir(), 'small-disk-'))
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]).then(
    () => true,
    () => false,
  )
  t.teardown(async () => {
    if (isMounted) await run('umount', ['--lazy', folder])
    await rm(folder, { recursive: true })
  })
  return isMounted ? inMemory(folder) : limitedFiles(folder)
}

const inMemory = (folder: string): Disk => ({
  how: 'a tmpfs of 8 MiB',
  folder,
  node: [],
  fill: async () => {
    const filler = `${folder}/filler`
    fillUp(filler)
    return () => rm(filler)
  },
})

const fillUp = (file: string): void => {
  try {
    for (;;) writeFileSync(file, Buffer.alloc(4096), { flag: 'a' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error // the system's errors have a code
  }
}

/** No write reaches further into any file than this, in bytes: no write-ahead log goes on for long within it. */
const reach = 128 * 1024

/** A folder where the files of a process can be kept from growing, as `ulimit -f` does. */
export const limitedFiles = (folder: string): Disk => {
  const limitTo = (pid: number, bytes: number | 'unlimited') => run('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`])
  return {
    how: 'a limit on the size of files',
    folder,
    // The system ends whoever writes past the limit; who listens for that gets an error, as from a disk.
    node: ['--import', 'data:text/javascript,process.on("SIGXFSZ",()=>undefined)'],
    fill: async pid => {
      await limitTo(pid, reach)
      return async () => void (await limitTo(pid, 'unlimited'))
    },
  }
}
