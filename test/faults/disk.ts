import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const run = promisify(execFile)

/** A folder for a database on a disk that can be filled. */
export interface Disk {
  description: string
  folder: string
  /** The arguments to start Node with. */
  node: string[]
  /** Prevents files of this process from growing, until the returned function is called. */
  fill(pid: number): Promise<() => Promise<void>>
}

/** Mounts a small disk in memory, or returns a folder with a limit on the file size if mounting is not permitted. */
export const smallDisk = async (t: Test): Promise<Disk> => {
  // Outside the folder of the test, so that a mount left by a killed test does not block the next one.
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
  description: 'a tmpfs of 8 MiB',
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

/** The maximum file size, in bytes, which a write-ahead log soon reaches. */
const maxFileSize = 128 * 1024

/** Returns a folder with a limit on the file size of a process, as `ulimit -f` sets it. */
export const limitedFiles = (folder: string): Disk => {
  const limitTo = (pid: number, bytes: number | 'unlimited') => run('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`])
  return {
    description: 'a limit on the size of files',
    folder,
    // The system kills a process that writes past the limit, unless it listens for the signal; then the write fails as on a full disk.
    node: ['--import', 'data:text/javascript,process.on("SIGXFSZ",()=>undefined)'],
    fill: async pid => {
      await limitTo(pid, maxFileSize)
      return async () => void (await limitTo(pid, 'unlimited'))
    },
  }
}
