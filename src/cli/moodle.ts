import { type Command, InvalidArgumentError } from 'commander'
import { selectInScope } from '../exports/export.ts'
import type { OptionValues } from '../exports/format.ts'
import { moodle } from '../exports/moodle-csv.ts'
import { buildCompetencies, buildFramework } from '../exports/moodle-framework.ts'
import { allSlugs } from '../exports/tree.ts'
import type { Outcome } from '../lms-sync/moodle/plan.ts'
import { connectToMoodle } from '../lms-sync/moodle/site.ts'
import { planSync, runSteps } from '../lms-sync/moodle/sync.ts'
import { optionsOfFormat } from './format-options.ts'
import { outputOf, progressBar, runCommand } from './output.ts'
import { addSettings, type Settings, trackSourceConfig } from './settings.ts'
import { readAccess, reportDryRun } from './sync-report.ts'
import { readTrack, withCatalog } from './track-source.ts'

interface SyncOptions extends OptionValues, Settings {
  track: string
  url: string
  from?: string
  scale?: number
  adopt?: boolean
  deleteUnused?: boolean
  dryRun?: boolean
}

/** Adds `moodle sync`, which keeps a competency framework of a Moodle site up to date with a track. */
export const addMoodle = (program: Command): void => {
  const command: Command = program
    .command('moodle')
    .description('Synchronize a Moodle site with a track.')
    .command('sync')
    .summary('create a competency framework, or update it from the track')
    .description(
      'Changes a competency framework of a Moodle site to that of a track, by its web services, with the token in MOODLE_TOKEN.\nIt recognizes what it wrote by ID numbers and a line in each description, and changes nothing else.\nAfter an interrupted run, run it again: it continues from there.',
    )
    .requiredOption('--track <slug>', 'the track')
    .requiredOption('--url <url>', 'the address of the site')
    .option('--from <dir>', 'read the track from files instead of the database')
  for (const option of optionsOfFormat(moodle.options)) command.addOption(option)
  addSettings(command)
    .option('--scale <number>', 'the scale of a new framework (without it, the first of two values)', parseScale)
    .option('--adopt', 'take over a framework that was imported from a file: it is changed to what the track says')
    .option(
      '--delete-unused',
      'delete competencies that the track no longer has and nobody uses, instead of keeping them below "Retired"',
    )
    .option('--dry-run', 'only print the changes to make; ends with code 3 if there are any')
    .addHelpText(
      'after',
      '\nExample:\n  MOODLE_TOKEN=… npm run -s curriculum -- moodle sync --track python --url https://moodle.example --dry-run',
    )
    .action((options: SyncOptions) => runCommand(command, () => sync(command, options)))
}

const parseScale = (word: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(word)) throw new InvalidArgumentError('Write the number of a scale.')
  return Number(word)
}

const sync = async (command: Command, options: SyncOptions): Promise<string[]> => {
  const {
    track,
    url,
    from,
    envFile,
    database,
    scale,
    adopt = false,
    deleteUnused = false,
    dryRun = false,
    ...exportOptions
  } = options
  const access = readAccess('Moodle', url, 'https://moodle.example')
  const wanted = await withCatalog(trackSourceConfig(command, { envFile, database }, from), from, async catalog => {
    const whole = await readTrack(catalog, track, from)
    const chosen = await selectInScope(catalog, whole, moodle, exportOptions)
    return {
      framework: buildFramework(whole, exportOptions),
      competencies: [...buildCompetencies(whole, chosen, exportOptions)],
      slugs: allSlugs(whole.track),
    }
  })
  const site = connectToMoodle(access.url, access.token)
  const steps = await planSync(site, wanted, { adopt, deleteUnused, scale })
  if (dryRun) {
    const [certain, tentative] = [steps.filter(step => !step.tentative), steps.filter(step => step.tentative)]
    const words = ({ words }: { words: string }) => words
    return reportDryRun(command, track, certain.map(words), tentative.map(words))
  }
  const { writeErr, getErrHelpWidth } = outputOf(command)
  const bar = progressBar('steps', getErrHelpWidth(), writeErr)
  const outcomes = await runSteps(site, steps, bar.step).finally(bar.clear)
  return [`${track}: ${summary(outcomes)}`]
}

/** Counts the outcomes, in the order of the steps. */
const summary = (outcomes: readonly Outcome[]): string => {
  const counts = [...Map.groupBy(outcomes, outcome => outcome)].map(([outcome, those]) => `${those.length} ${outcome}`)
  return outcomes.every(outcome => outcome === 'still in use')
    ? ['up to date', ...counts].join(', ')
    : counts.join(', ')
}
