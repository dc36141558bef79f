import type { Command, OutputConfiguration } from 'commander'
import { Refused } from '../content/refused.ts'

/** Prints what was done, a line each; what was refused ends the command with code 1 and its reason on stderr. */
export const answer = async (command: Command, work: () => Promise<string[]>): Promise<void> => {
  try {
    for (const line of await work()) outputOf(command).writeOut(`${line}\n`)
  } catch (failure) {
    if (!(failure instanceof Refused)) throw failure
    command.error(`error: ${failure.message}`, { exitCode: 1, code: 'curriculum.refused' })
  }
}

/** Where a command writes: a test may put something else there. */
export const outputOf = (command: Command): Required<OutputConfiguration> =>
  command.configureOutput() as Required<OutputConfiguration> // commander fills in what nobody configured
