import { existsSync, rmSync } from 'node:fs'
import type { Command } from 'commander'
import { Refused } from '../errors.ts'
import { backUp, recordBackup, replaceDatabase } from '../store/backup.ts'
import { explainUnusable } from '../store/database-errors.ts'
import { outputOf, runCommand } from './output.ts'
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
  await explainDatabaseErrors(database, () => backUp(database, file, createProgressLine(command, 'copied')))
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
  const database = pathOf(databaseConfig(command, settings, { mayMake: true }).DATABASE_URL)
  if (!existsSync(file)) throw new Refused(`there is no file ${file}`)
  const incoming = `${database}.restoring`
  try {
    await explainDatabaseErrors(file, () => backUp(file, incoming, createProgressLine(command, 'restored')))
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

/** Creates a function that draws the progress in one line of a terminal. */
const createProgressLine = (command: Command, done: string) => {
  const { writeErr, getErrHasColors } = outputOf(command)
  return (pages: number, all: number): void => {
    if (!getErrHasColors()) return
    const percent = Math.floor((pages / Math.max(all, 1)) * 100)
    const bar = '█'.repeat(Math.floor(percent / 4)).padEnd(25, '░')
    writeErr(`\r${bar} ${percent} % ${done}${pages === all ? '\n' : ''}`)
  }
}
