import type { Command } from 'commander'
import { Refused } from '../errors.ts'
import { buildCanvasRows, canvas } from '../exports/canvas-csv.ts'
import { selectInScope } from '../exports/export.ts'
import type { OptionValues } from '../exports/format.ts'
import { allSlugs } from '../exports/tree.ts'
import { explainErrors, planImport, toCsv } from '../lms-sync/canvas/plan.ts'
import { connectToCanvas, maxReportedErrors } from '../lms-sync/canvas/site.ts'
import { optionsOfFormat } from './format-options.ts'
import { outputOf, progressBar, runCommand } from './output.ts'
import { addSettings, type Settings, trackSourceConfig } from './settings.ts'
import { readAccess, reportDryRun } from './sync-report.ts'
import { readTrack, withCatalog } from './track-source.ts'

interface SyncOptions extends OptionValues, Settings {
  track: string
  url: string
  from?: string
  account?: string
  course?: string
  dryRun?: boolean
}

/** Adds `canvas sync`, which keeps the outcomes of a Canvas account or course up to date with a track. */
export const addCanvas = (program: Command): void => {
  const command: Command = program
    .command('canvas')
    .description('Synchronize a Canvas account or course with a track.')
    .command('sync')
    .summary('import outcomes, or update them from the track')
    .description(
      'Changes the outcomes of a Canvas account or course to those of a track, by its API, with the token in CANVAS_TOKEN.\nOnly differences are imported; outcomes that the track no longer has are deleted; other outcomes stay as they are.',
    )
    .requiredOption('--track <slug>', 'the track')
    .requiredOption('--url <url>', 'the address of Canvas')
    .option('--account <id>', 'the account to import into')
    .option('--course <id>', 'the course to import into, instead of an account')
    .option('--from <dir>', 'read the track from files instead of the database')
  for (const option of optionsOfFormat(options)) command.addOption(option)
  addSettings(command)
    .option('--dry-run', 'only print the changes to make; ends with code 3 if there are any')
    .addHelpText(
      'after',
      '\nExample:\n  CANVAS_TOKEN=… npm run -s curriculum -- canvas sync --track python --url https://canvas.example --account 1',
    )
    .action((options: SyncOptions) => runCommand(command, () => sync(command, options)))
}

/** The options without `since`: Canvas itself shows what has changed. */
const options = canvas.options.filter(({ name }) => name !== 'since')

const sync = async (command: Command, given: SyncOptions): Promise<string[]> => {
  const { track, url, from, envFile, database, account, course, dryRun = false, ...exportOptions } = given
  const access = readAccess('Canvas', url, 'https://canvas.example')
  const place = connectToCanvas(access.url, access.token, contextOf(account, course))
  const wanted = await withCatalog(trackSourceConfig(command, { envFile, database }, from), from, async catalog => {
    const whole = await readTrack(catalog, track, from)
    const chosen = await selectInScope(catalog, whole, { options }, exportOptions)
    const rowsOf = (part: typeof whole) => [...buildCanvasRows({ document: whole, selection: part }, exportOptions)]
    return {
      rows: rowsOf(chosen),
      allGuids: new Set(rowsOf(whole).map(({ guid }) => guid)),
      slugs: allSlugs(whole.track),
    }
  })
  const { rows, changes, notices } = planImport(wanted, await place.importedObjects(), await place.groupsWithOthers())
  const { writeErr, getErrHelpWidth } = outputOf(command)
  for (const sentence of notices) writeErr(`${sentence}\n`)
  if (dryRun) return reportDryRun(command, track, changes)
  if (changes.length === 0) return [`${track}: up to date`]
  const bar = progressBar('percent imported', getErrHelpWidth(), writeErr)
  const errors = await place.import(toCsv(rows), percent => bar.step(percent, 100)).finally(bar.clear)
  if (errors.length > 0) {
    const lines = explainErrors(rows, errors).map(line => `  ${line}`)
    const more = `Canvas reports ${maxReportedErrors} errors at most, so there may be more: correct these and run it again.`
    throw new Refused(
      ['Canvas rejected part of the import:', ...lines, ...(errors.length < maxReportedErrors ? [] : [more])].join(
        '\n',
      ),
    )
  }
  return [`${track}: ${changes.length} imported`]
}

const contextOf = (account: string | undefined, course: string | undefined): string => {
  const [kind, id] = account === undefined ? ['courses', course] : ['accounts', account]
  if (id === undefined || (account !== undefined && course !== undefined))
    throw new Refused('name either an account with --account or a course with --course')
  if (!/^[\w:~-]+$/.test(id)) throw new Refused(`--${kind.slice(0, -1)} must be the id in the URL of its page`)
  return `${kind}/${id}`
}
