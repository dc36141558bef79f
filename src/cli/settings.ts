import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Command } from 'commander'
import { BadConfig, type Config, readConfig } from '../config.ts'
import { Refused } from '../errors.ts'
import { outputOf } from './output.ts'

/** The options that name the settings and the database of a command. */
export interface Settings {
  envFile?: string | undefined
  database?: string | undefined
}

/** Adds the options that name the settings and the database of a command. */
export const addSettings = (command: Command): Command =>
  command
    .option('--env-file <file>', 'read DATABASE_URL and other settings from this file, as the service does')
    .option('--database <file>', 'the SQLite file to use, instead of that of DATABASE_URL')

/** Returns the settings of a command: `--database` goes before `--env-file`, and that before the environment. */
export const configOf = ({ envFile, database }: Settings): Config =>
  readConfig({
    ...process.env,
    ...(envFile === undefined ? {} : settingsIn(envFile)),
    ...(database === undefined ? {} : { DATABASE_URL: `file:${database}` }),
  })

const settingsIn = (file: string): NodeJS.Dict<string> => {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException // the system says why it cannot be read
    throw new BadConfig(`--env-file names ${file}, which cannot be read (${code}).`, { cause })
  }
}

/**
 * Returns the settings of a command that uses the database, and says on stderr which file that is. Refuses one that is not
 * there, unless the command may make it.
 */
export const databaseOf = (command: Command, settings: Settings, { mayMake = false } = {}): Config => {
  const config = configOf(settings)
  const file = resolve(config.DATABASE_URL.slice('file:'.length))
  const isThere = existsSync(file)
  outputOf(command).writeErr(`database: ${file}${isThere ? '' : ' (not there yet)'}\n`)
  if (!isThere && !mayMake)
    throw new Refused(
      `there is no database at ${file}: name another with --database, --env-file or DATABASE_URL; serve and load make one`,
    )
  return config
}

/** The same for a command that reads tracks from the database, or from the folder `from` instead. */
export const configFor = (command: Command, settings: Settings, from: string | undefined): Config =>
  from === undefined ? databaseOf(command, settings) : configOf(settings)
