import type { Command } from 'commander'
import { Refused } from '../errors.ts'
import { outputOf } from './output.ts'

/** The address of a platform and the token for its API. */
export interface LmsAccess {
  url: string
  token: string
}

/** Returns the address from the command line and the token from the environment, where no other user of the machine can read it. */
export const readAccess = (platform: string, url: string, example: string): LmsAccess => {
  const variable = `${platform.toUpperCase()}_TOKEN`
  const token = process.env[variable] ?? ''
  if (token === '') throw new Refused(`${platform} needs a token: put it into the environment as ${variable}`)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Refused(`--url must be the URL of a ${platform} site, such as ${example}`)
  return { url, token }
}

/** Prints the steps of a run, and exits with 3 if there are any. `tentative` steps are tried too, but may be impossible. */
export const reportDryRun = (
  command: Command,
  track: string,
  words: readonly string[],
  tentative: readonly string[] = [],
): string[] => {
  const lines = [...words, ...tentative].map(line => `  ${line}`)
  if (words.length === 0) return [`${track}: up to date`, ...lines]
  outputOf(command).writeOut(`${[`${track}:`, ...lines].join('\n')}\n`)
  return command.error(
    `${words.length} ${words.length === 1 ? 'change' : 'changes'} to make: run it again without --dry-run`,
    { exitCode: 3, code: 'curriculum.behind' },
  )
}
