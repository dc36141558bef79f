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

/** Adds the option that names the folder of tracks that a command writes to. */
export const addFolderOption = (command: Command, description: string): Command =>
  command.option('--dir <dir>', `${description} (default: that in CONTENT, otherwise ./seed)`)

/** Returns the folder of tracks of a command: the one it names, otherwise that of `CONTENT`. */
export const contentFolder = (dir: string | undefined): string => dir ?? readSettings({}).CONTENT

/** Returns the settings of a command: `--database` overrides `--env-file`, which overrides the environment. */
export const readSettings = ({ envFile, database }: Settings): Config =>
  readConfig({
    ...process.env,
    ...(envFile === undefined ? {} : readEnvFile(envFile)),
    ...(database === undefined ? {} : { DATABASE_URL: `file:${database}` }),
  })

const readEnvFile = (file: string): NodeJS.Dict<string> => {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException // a failed read is a system error
    throw new BadConfig(`--env-file names ${file}, which cannot be read (${code}).`, { cause })
  }
}

/**
 * Returns the settings of a command that uses the database, and prints the path of the database to stderr. Rejects a
 * missing database unless the command may create it.
 */
export const databaseConfig = (command: Command, settings: Settings, { mayCreate = false } = {}): Config => {
  const config = readSettings(settings)
  const file = resolve(config.DATABASE_URL.slice('file:'.length))
  const exists = existsSync(file)
  outputOf(command).writeErr(`database: ${file}${exists ? '' : ' (does not exist yet)'}\n`)
  if (!exists && !mayCreate)
    throw new Refused(
      `there is no database at ${file}: name another with --database, --env-file or DATABASE_URL; serve and load create one`,
    )
  return config
}

/** Returns the settings of a command that reads tracks from the database or from the folder `from`. */
export const trackSourceConfig = (command: Command, settings: Settings, from: string | undefined): Config =>
  from === undefined ? databaseConfig(command, settings) : readSettings(settings)
