import { type Command, Option } from 'commander'
import type { Change } from '../catalog.ts'
import { type Finding, isError, printFindings } from '../content/findings.ts'
import { type ComparisonBase, compareFolder, emptyBase, loadContent } from '../content/load.ts'
import { Refused } from '../errors.ts'
import { type DiffFormat, diffFormats, formatChanges } from './diff.ts'
import { loadRemotely } from './load-remote.ts'
import { databaseExists, openDatabaseOf } from './open-database.ts'
import { outputOf, progressBar, runCommand } from './output.ts'
import { addSettings, contentFolder, databaseConfig, type Settings } from './settings.ts'

interface LoadOptions extends Settings {
  overwrite?: boolean
  force?: boolean
  dryRun?: boolean
  format: DiffFormat
  to?: string
  verbose?: boolean
}

/** Adds `load [dir]`, which loads tracks from files into the database. */
export const addLoad = (program: Command): void => {
  const command: Command = addSettings(program.command('load'))
    .summary('load tracks from files into the database')
    .description(
      'Loads every track that differs from its last load, each as a whole; unchanged items are not touched.\nA track with a mistake in any file, or one that was changed through the API since its last load, stays as it is.',
    )
    .argument('[dir]', 'a folder of tracks, or the folder of one track (default: that in CONTENT, otherwise ./seed)')
    .option('--overwrite', 'load a track even if it was changed through the API since its last load')
    .option('--force', 'read all files, including those whose size, times and inode are those of the last load')
    .option('--dry-run', 'only print what would change')
    .option('--to <url>', 'load into a service over HTTP, with the key in CURRICULUM_KEY')
    .addOption(new Option('--format <format>', 'the format of a dry run').choices(diffFormats).default('text'))
    .option('--verbose', 'print every warning; without it, many of one kind are one line')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s curriculum -- load\n  npm run -s curriculum -- load seed/python --dry-run --format markdown\n  CURRICULUM_KEY=cur_… npm run -s curriculum -- load ./tracks --to https://curriculum.example',
    )
    .action(async (given: string | undefined, options: LoadOptions) => {
      if (options.to !== undefined)
        return runCommand(command, () => runRemoteLoad(command, contentFolder(given), options.to as string, options))
      const config = databaseConfig(command, options, { mayCreate: true })
      const dir = given ?? config.CONTENT
      if (options.dryRun && !databaseExists(config)) return runDryRun(command, emptyBase, dir, options)
      if (config.READ_ONLY && !options.dryRun)
        throw new Refused('READ_ONLY=1 forbids writing to the database: load on the machine that serves writes')
      const store = openDatabaseOf(config)
      try {
        if (options.dryRun) await runDryRun(command, store.catalog, dir, options)
        else await runLoad(command, store.catalog, dir, options)
      } finally {
        store.close()
      }
    })
}

const runRemoteLoad = async (command: Command, dir: string, url: string, options: LoadOptions): Promise<string[]> => {
  const key = process.env.CURRICULUM_KEY ?? ''
  if (key === '') throw new Refused('--to needs a key of scope write: put it into the environment as CURRICULUM_KEY')
  if (!URL.canParse(url)) throw new Refused(`--to must be the URL of a service, such as https://curriculum.example`)
  const { dryRun = false, overwrite = false, format, verbose = false } = options
  const { tracks, rejected, findings } = await loadRemotely(dir, { url, key, dryRun, overwrite })
  const { writeOut } = outputOf(command)
  for (const { slug, created, changed, removed, changes } of tracks)
    if (dryRun) writeOut(formatChanges(slug, changes, format))
    else if (created + changed + removed === 0) writeOut(`${slug}: unchanged\n`)
    else writeOut(`${slug}: ${created} created, ${changed} changed, ${removed} removed\n`)
  report(
    command,
    rejected.map(({ slugs, message }) => `${slugs.join(', ')}: not loaded. ${message}`),
    findings,
    verbose,
  )
  return []
}

type Catalog = Parameters<typeof loadContent>[0]

const runLoad = async (
  command: Command,
  catalog: Catalog,
  dir: string,
  { overwrite = false, force = false, verbose = false }: LoadOptions,
): Promise<void> => {
  const { writeOut, writeErr, getErrHelpWidth } = outputOf(command)
  const bar = progressBar('tracks', getErrHelpWidth(), writeErr)
  const { loaded, unchanged, drifted, rejected, absent, findings } = await loadContent(catalog, dir, {
    overwrite,
    force,
    progress: bar.step,
  }).finally(bar.clear)
  for (const { slug, created, changed, removed } of loaded)
    writeOut(`${slug}: ${created} created, ${changed} changed, ${removed} removed\n`)
  for (const slug of unchanged) writeOut(`${slug}: unchanged\n`)
  const driftedTracks = drifted.map(({ slug, changes }) => formatDrift(slug, changes))
  const rejectedTracks = rejected.map(({ slugs, message }) => `${slugs.join(', ')}: not loaded. ${message}`)
  reportAbsent(command, absent, dir)
  report(command, [...driftedTracks, ...rejectedTracks], findings, verbose)
}

/** Formats the changes that loading would undo, with the ways to go on. */
export const formatDrift = (slug: string, changes: readonly Change[]): string =>
  [
    `${slug}: not loaded, since it was changed through the API after its last load:`,
    ...changes.map(
      ({ noun, key, title, op, by, changedAt }) =>
        `  ${noun} ${title ?? key} (${key}) ${op === 'delete' ? 'removed' : 'changed'} by ${by} at ${changedAt}`,
    ),
    `  Write these changes into the files with export files --track ${slug}, or overwrite them with --overwrite.`,
  ].join('\n')

const runDryRun = async (
  command: Command,
  catalog: ComparisonBase,
  dir: string,
  { format, verbose = false }: LoadOptions,
): Promise<void> => {
  const { tracks, absent, findings } = await compareFolder(catalog, dir)
  for (const { slug, changes } of tracks) outputOf(command).writeOut(formatChanges(slug, changes, format))
  reportAbsent(command, absent, dir)
  report(command, [], findings, verbose)
}

const reportAbsent = (command: Command, absent: string[], dir: string): void => {
  for (const slug of absent)
    outputOf(command).writeErr(
      `${slug}: in the database but not in ${dir}, and still served; docs/authors.md explains how to remove a track\n`,
    )
}

/** Prints rejected tracks and findings to stderr and exits with 1 if there are any but warnings. */
const report = (command: Command, rejected: string[], findings: readonly Finding[], verbose: boolean): void => {
  const { writeErr, getErrHasColors } = outputOf(command)
  const found = findings.length === 0 ? [] : [printFindings(findings, { colours: getErrHasColors(), verbose })]
  const printed = [...rejected, ...found].join('\n')
  if (rejected.length > 0 || findings.some(isError))
    command.error(printed.trimEnd(), { exitCode: 1, code: 'curriculum.refused' })
  if (printed !== '') writeErr(printed)
}
