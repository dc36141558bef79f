import type { Command, OutputConfiguration } from 'commander'
import { Refused } from '../errors.ts'

/** Runs the work of a command and prints its lines. A refusal or a system error ends it with code 1 and the reason on stderr. */
export const runCommand = async (command: Command, work: () => Promise<string[]>): Promise<void> => {
  try {
    for (const line of await work()) outputOf(command).writeOut(`${line}\n`)
  } catch (failure) {
    const reason = failure instanceof Refused ? failure.message : explainSystemError(failure)
    if (reason === undefined) throw failure
    command.error(`error: ${reason}`, { exitCode: 1, code: 'curriculum.refused' })
  }
}

/** Explains a system error about a file; undefined for other errors. */
const explainSystemError = (failure: unknown): string | undefined => {
  if (!(failure instanceof Error && 'syscall' in failure)) return undefined
  const { code, path, dest } = failure as NodeJS.ErrnoException & { dest?: string } // only system errors have a syscall
  return `${dest ?? path ?? 'the file'} cannot be read or written: ${systemReasons[String(code)] ?? `system error ${code}`}`
}

const notPermitted = 'permission denied'
const systemReasons: Record<string, string> = {
  EISDIR: 'it is a folder, and the name of a file is expected',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a folder in its path is a file',
  EEXIST: 'a folder in its path is a file',
  ENOTEMPTY: 'it is a folder, and the name of a file is expected',
  EACCES: notPermitted,
  EPERM: notPermitted,
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}

/** Returns the output functions of a command, which tests replace. */
export const outputOf = (command: Command): Required<OutputConfiguration> =>
  command.configureOutput() as Required<OutputConfiguration> // commander sets defaults for all of them

/** Exits without an error when the reader of stdout closes the pipe, as `head` does. */
export const exitOnClosedPipe = (failure: NodeJS.ErrnoException): void => {
  if (failure.code !== 'EPIPE') throw failure
  process.exit()
}

/** A progress bar in one line of a terminal. */
interface ProgressBar {
  step(done: number, all: number): void
  /** Clears the line. */
  clear(): void
}

/** Creates a bar of the width of the terminal; without a width there is no terminal, and nothing is written. */
export const progressBar = (what: string, width: number | undefined, write: (text: string) => void): ProgressBar => {
  if (width === undefined) return { step: () => {}, clear: () => {} }
  let drawn = ''
  return {
    step: (done, all) => {
      const count = ` ${done}/${all} ${what}`
      const room = Math.max(0, width - count.length - 3)
      const filled = Math.floor((room * done) / all)
      const line = `[${'#'.repeat(filled)}${' '.repeat(room - filled)}]${count}`
      if (line !== drawn) write(`\r${line}`)
      drawn = line
    },
    clear: () => {
      if (drawn !== '') write(`\r${' '.repeat(drawn.length)}\r`)
    },
  }
}
