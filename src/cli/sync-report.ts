import type { Command } from 'commander'
import { Refused } from '../errors.ts'
import { outputOf } from './output.ts'

/** Where a platform is, and what opens it. */
export interface Access {
  url: string
  token: string
}

/** The address from the command line and the token from the environment, where no other user of the machine reads it. */
export const accessTo = (platform: string, url: string, example: string): Access => {
  const variable = `${platform.toUpperCase()}_TOKEN`
  const token = process.env[variable] ?? ''
  if (token === '') throw new Refused(`${platform} needs a token: put it into the environment as ${variable}`)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Refused(`--url takes the address of a ${platform} site, such as ${example}`)
  return { url, token }
}

/** Reports what a run would do, and ends with 3 when that is anything. A run also tries what may not be possible. */
export const reportDryRun = (
  command: Command,
  track: string,
  words: readonly string[],
  tried: readonly string[] = [],
): string[] => {
  const lines = [...words, ...tried].map(line => `  ${line}`)
  if (words.length === 0) return [`${track}: in step`, ...lines]
  outputOf(command).writeOut(`${[`${track}:`, ...lines].join('\n')}\n`)
  return command.error(
    `${words.length} ${words.length === 1 ? 'thing is' : 'things are'} to be done; without --dry-run it is`,
    { exitCode: 3, code: 'curriculum.behind' },
  )
}
