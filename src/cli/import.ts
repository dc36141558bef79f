import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { isError, pluralize, printFindings } from '../content/findings.ts'
import { importTrack } from '../content/importing/import-track.ts'
import { Refused } from '../errors.ts'
import { formatChanges } from './diff.ts'
import { type ImportFormat, importFormats } from './import-formats.ts'
import { outputOf, runCommand } from './output.ts'
import { readSource } from './read-source.ts'
import { addFolderOption, contentFolder } from './settings.ts'

interface ImportOptions {
  track: string
  title?: string
  dir?: string
  dryRun?: boolean
  prune?: boolean
  allowPrivate?: boolean
  template?: boolean
  output?: string
  [name: string]: unknown
}

/** Adds `import <format> <source>`, which turns a document of another kind into the files of a track. */
export const addImport = (program: Command): void => {
  const command = program
    .command('import')
    .summary('turn a document into the files of a track')
    .description(
      'Turns a document into the files of a track, again and again: items that the track has are changed, new ones are added, and nothing is removed without --prune. The database is not used: load the files afterwards.',
    )
  for (const format of importFormats) addFormat(command, format)
}

const addFormat = (parent: Command, format: ImportFormat): void => {
  const command: Command = parent
    .command(format.name)
    .summary(format.summary)
    .description(
      `${format.description}\nEverything that cannot be placed is listed with its line and column; comments and layout of existing files stay.`,
    )
    .argument(format.template === undefined ? '<source>' : '[source]', 'a file, or an https or http URL')
    .addOption(
      new Option('--track <slug>', 'the track; it is created if there is none').makeOptionMandatory(
        format.template === undefined,
      ),
    )
    .option('--title <title>', 'the title of the track')
    .option('--dry-run', 'only print what would change')
    .option('--prune', 'remove the items that the document does not have')
    .option('--allow-private', 'accept a URL that leads to an address outside the public internet')
  addFolderOption(command, 'the folder of the tracks, or of the track')
  for (const option of format.options) command.addOption(option)
  if (format.template !== undefined)
    command
      .option('--template', 'write a document to begin with, instead of importing one')
      .option('--output <file>', 'the file of the template (without it, stdout)')
  command
    .addHelpText(
      'after',
      `\nExamples:\n${format.examples.map(line => `  npm run -s curriculum -- import ${line}`).join('\n')}`,
    )
    .action((source: string | undefined, options: Partial<ImportOptions>) =>
      runCommand(command, () => {
        const { track, template, output } = options
        if (template === true) return writeTemplate(command, String(format.template), output) // a format with a template has the option
        if (source === undefined)
          throw new Refused('name a file or a URL, or write a document to begin with: --template')
        if (track === undefined) throw new Refused('name the track with --track; it is created if there is none')
        return runImport(command, format, source, { ...options, track })
      }),
    )
}

const writeTemplate = async (command: Command, template: string, output: string | undefined): Promise<string[]> => {
  if (output === undefined) {
    outputOf(command).writeOut(template)
    return []
  }
  await writeFile(output, template)
  return [`wrote ${output}`]
}

const runImport = async (
  command: Command,
  format: ImportFormat,
  source: string,
  options: ImportOptions,
): Promise<string[]> => {
  const { track, title, prune = false, allowPrivate, dryRun = false } = options
  const folder = contentFolder(options.dir)
  const file = await readSource(format.address?.(source) ?? source, { allowPrivate })
  const { changes, findings, write } = await importTrack({ track, folder, title, prune, source }, existing =>
    format.read(file, options, existing),
  )
  const { writeOut, writeErr, getErrHasColors } = outputOf(command)
  if (findings.length > 0) writeErr(printFindings(findings, { colours: getErrHasColors(), verbose: true }))
  if (findings.some(isError)) throw new Refused('nothing was written: correct the errors in the document first')
  writeOut(formatChanges(track, changes, 'text'))
  if (dryRun) return []
  const { written, removed } = await write()
  if (written.length + removed.length === 0) return [`${track}: the files are up to date`]
  const removals = removed.length === 0 ? '' : `, removed ${pluralize(removed.length, 'file')}`
  return [`${track}: wrote ${pluralize(written.length, 'file')}${removals} in ${folder}`]
}
