import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readlinkSync, rmdirSync } from 'node:fs'
import type { Test } from 'tap'

/** How to start a program that may write below one folder alone. */
export interface Confinement {
  how: string
  /** The command and arguments to put before the program and its own. */
  within: string[]
  env: Record<string, string>
  /** Notes the temporary files that a process opens, until the function that it returns is called, which returns them. */
  watch(pid: number): () => string[]
}

/**
 * Confines a program to a folder: in a mount namespace in which everything else is read-only. Where the system does not
 * permit one, the folder that SQLite prefers for temporary files is watched.
 */
export const confineTo = (t: Test, folder: string): Confinement => {
  const temporary = `${t.testdirName}-temporary`
  mkdirSync(temporary, { recursive: true })
  t.teardown(() => rmdirSync(temporary))
  const within = namespaces(folder).find(isPermitted) ?? []
  return {
    how: within.length === 0 ? 'a folder for temporary files that is watched' : 'a mount namespace',
    within,
    env: { SQLITE_TMPDIR: temporary },
    watch: pid => {
      const seen = new Set<string>()
      const look = () => {
        for (const file of openFiles(pid)) if (file.startsWith(temporary)) seen.add(file)
      }
      const timer = setInterval(look, 1)
      return () => {
        clearInterval(timer)
        return [...seen]
      }
    },
  }
}

/** SQLite's temporary files have no name: only the process that has one open shows it. */
const openFiles = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap(name => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)]
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure // the system's errors have a code
      return []
    }
  })

/** As root, and as a user who may have namespaces of their own. */
const namespaces = (folder: string): string[][] =>
  [['--mount'], ['--map-root-user', '--mount']].map(flags => ['unshare', ...flags, 'sh', '-ec', script, 'sh', folder])

/** Makes every mount but the folder read-only, and leaves out what tap has each process of a test write into the project. */
const script = `
mount --make-rprivate /
mount --bind "$1" "$1"
folder=$(readlink -f "$1")
while read -r _ place _; do
  [ "$place" = "$folder" ] || mount -o remount,bind,ro "$place" || true
done </proc/self/mounts
shift
unset NODE_OPTIONS NODE_V8_COVERAGE NODE_DISABLE_COMPILE_CACHE
exec "$@"`

const isPermitted = (within: string[]): boolean => {
  const folder = within.at(-1) as string // the script's argument
  const look = `for place in /tmp /var/tmp . "$HOME"; do [ ! -w "$place" ] || exit 1; done; [ -w '${folder}' ]`
  const [command = '', ...args] = [...within, 'sh', '-c', look]
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
