import { existsSync, rmSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { Refused } from '../errors.ts'
import { backUp, recordBackup, replaceDatabase } from '../store/backup.ts'
import { explainUnusable } from '../store/database-errors.ts'
import { outputOf, progressBar, runCommand } from './output.ts'
import { addSettings, databaseConfig, type Settings } from './settings.ts'

/** Adds `backup <file>`, which copies the database, also while it is served. */
export const addBackup = (program: Command): void => {
  const command: Command = addSettings(program.command('backup'))
    .summary('copy the database, also while it is served')
    .description(
      'Copies the database into one file, also while a service uses it, and checks the copy before it gets its name.\nThe copy can be served with READ_ONLY=1, and put back with restore.',
    )
    .argument('<file>', 'the file to write')
    .option('--force', 'overwrite an existing file')
    .action((file: string, { force = false, ...settings }: Settings & { force?: boolean }) =>
      runCommand(command, () => runBackup(command, file, force, settings)),
    )
}

const runBackup = async (command: Command, file: string, force: boolean, settings: Settings): Promise<string[]> => {
  const config = databaseConfig(command, settings)
  if (existsSync(file) && !force)
    throw new Refused(`${file} exists already: choose another name, or overwrite it with --force`)
  const database = pathOf(config.DATABASE_URL)
  const begun = new Date()
  await copyDatabase(command, database, file)
  return [`wrote ${file}`, ...recordTime(database, begun)]
}

/** Records the time of the backup. The backup is valid without it: beside a database on a read-only disk it cannot be recorded. */
const recordTime = (database: string, begun: Date): string[] => {
  try {
    recordBackup(database, begun)
    return []
  } catch {
    return [`its time could not be recorded beside ${database}: the metric of the newest backup does not count it`]
  }
}

/** Adds `restore <file>`, which replaces the database by a backup. */
export const addRestore = (program: Command): void => {
  const command: Command = addSettings(program.command('restore'))
    .summary('replace the database by a backup')
    .description(
      'Checks a backup and replaces the database by it. The previous database stays beside it. Stop the service first.',
    )
    .argument('<file>', 'the backup')
    .action((file: string, settings: Settings) => runCommand(command, () => runRestore(command, file, settings)))
}

const runRestore = async (command: Command, file: string, settings: Settings): Promise<string[]> => {
  const { DATABASE_URL, PRIMARY_URL } = databaseConfig(command, settings, { mayCreate: true })
  if (PRIMARY_URL !== undefined)
    throw new Refused('this file is a copy of that of PRIMARY_URL: restore there, as docs/scaling.md describes')
  const database = pathOf(DATABASE_URL)
  if (statSync(file, { throwIfNoEntry: false }) === undefined) throw new Refused(`there is no file ${file}`)
  const incoming = `${database}.restoring`
  try {
    await copyDatabase(command, file, incoming)
    const previous = await explainDatabaseErrors(database, async () => replaceDatabase(incoming, database))
    return [`restored ${database}`, ...(previous === undefined ? [] : [`the previous database is ${previous}`])]
  } finally {
    rmSync(incoming, { force: true })
  }
}

const pathOf = (url: string): string => url.slice('file:'.length)

/** Turns errors of a database into refusals. `runCommand` explains system errors. */
const explainDatabaseErrors = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (failure) {
    const why = failure instanceof Error && 'syscall' in failure ? undefined : explainUnusable(failure)
    throw why === undefined ? failure : new Refused(`${file} ${why.message}`)
  }
}

/** Copies a database with a progress bar. */
const copyDatabase = async (command: Command, from: string, to: string): Promise<void> => {
  const { writeErr, getErrHelpWidth } = outputOf(command)
  const bar = progressBar('pages', getErrHelpWidth(), writeErr)
  await explainDatabaseErrors(from, () => backUp(from, to, bar.step)).finally(bar.clear)
}
