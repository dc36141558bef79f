import type { Command, OutputConfiguration } from 'commander'
import { Refused } from '../errors.ts'

/** Prints what was done, a line each; what was refused ends the command with code 1 and its reason on stderr. */
export const answer = async (command: Command, work: () => Promise<string[]>): Promise<void> => {
  try {
    for (const line of await work()) outputOf(command).writeOut(`${line}\n`)
  } catch (failure) {
    const reason = failure instanceof Refused ? failure.message : ofTheSystem(failure)
    if (reason === undefined) throw failure
    command.error(`error: ${reason}`, { exitCode: 1, code: 'curriculum.refused' })
  }
}

/** Why the system would not read or write a file, in a sentence; undefined where it is something else that failed. */
const ofTheSystem = (failure: unknown): string | undefined => {
  if (!(failure instanceof Error && 'syscall' in failure)) return undefined
  const { code, path, dest } = failure as NodeJS.ErrnoException & { dest?: string } // what the system refuses has a syscall
  return `${dest ?? path ?? 'the file'} cannot be read or written: ${because[String(code)] ?? `the system says ${code}`}`
}

const notThis = 'the user who runs this may not'
const because: Record<string, string> = {
  EISDIR: 'it is a folder, and the name of a file is expected',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where a folder should be',
  ENOTEMPTY: 'a folder stands where a file should be',
  EACCES: notThis,
  EPERM: notThis,
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}

/** Where a command writes: a test may put something else there. */
export const outputOf = (command: Command): Required<OutputConfiguration> =>
  command.configureOutput() as Required<OutputConfiguration> // commander fills in what nobody configured

/** Who reads the results may have seen enough of them, as `head` has: that ends the command, and is no failure. */
export const endQuietly = (failure: NodeJS.ErrnoException): void => {
  if (failure.code !== 'EPIPE') throw failure
  process.exit()
}
