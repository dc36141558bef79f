import { writeFile } from 'node:fs/promises'
import { Argument, type Command } from 'commander'
import type { Catalog, TrackDocument } from '../catalog.ts'
import type { Config } from '../config.ts'
import { Refused } from '../errors.ts'
import { exportTrack } from '../exports/export.ts'
import type { FormatOption, OptionName, OptionValues } from '../exports/format.ts'
import { formats } from '../exports/formats.ts'
import { exportHtml } from '../web/track-page.ts'
import { trackSvg } from '../web/track-svg.ts'
import { exportToFiles } from './export-files.ts'
import { optionsOf } from './format-options.ts'
import { answer, outputOf } from './output.ts'
import { addSettings, configFor, type Settings } from './settings.ts'
import { documentOf, withCatalog } from './track-source.ts'

/** What is for people to look at; all else is for other programs. */
const pictures = {
  html: exportHtml,
  svg: (document: TrackDocument) => trackSvg(document, {}),
} as const satisfies Record<string, (document: TrackDocument) => string>

const names = [...Object.keys(pictures), 'files', ...formats.map(({ name }) => name)]

type ExportOptions = Settings & { track: string; from?: string; output?: string } & {
  [K in OptionName]?: string | true
}

/** `export <format>`: a track as a file. */
export const addExport = (program: Command): void => {
  const command: Command = addSettings(program.command('export'))
    .summary('write a track as a file')
    .description(
      `Writes a track as one file: \`html\` is its page, \`svg\` a picture of its roadmap; \`files\` are those that it is written in: only what differs in them is changed, comments and layout stay, all or nothing. The others are for other programs.\n\n${formats
        .map(({ name, description }) => `${name}: ${description}`)
        .join('\n')}`,
    )
    .addArgument(new Argument('<format>', 'what to write').choices(names))
    .requiredOption('--track <slug>', 'the track')
    .option('--from <dir>', 'read the track from files, a folder of tracks or that of one, instead of the database')
    .option(
      '--output <path>',
      'the file to write (without it, stdout); for files the folder of the track or of tracks (without it, CONTENT)',
    )
  for (const option of optionsOf(formats)) command.addOption(option)
  command
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s curriculum -- export html --track python --output python.html\n  npm run -s curriculum -- export moodle.csv --track python --tier senior --output python.csv',
    )
    .action((format: string, options: ExportOptions) => answer(command, () => write(command, format, options)))
}

const write = async (
  command: Command,
  name: string,
  { envFile, database, ...options }: ExportOptions,
): Promise<string[]> => {
  const config = configFor(command, { envFile, database }, options.from)
  return withCatalog(config, options.from, catalog =>
    name === 'files' ? writeFiles(catalog, options, config) : writeOne(command, catalog, name, options, config),
  )
}

/** Back into the files that a track is written in. */
const writeFiles = async (
  catalog: Catalog,
  { track, from, output, ...asked }: ExportOptions,
  config: Config,
): Promise<string[]> => {
  refuseOptions('files', Object.keys(asked), [])
  if (from !== undefined) throw new Refused('files are written from the database: leave out --from')
  return exportToFiles(
    catalog,
    await documentOf(catalog, track, from, catalog.documentAsWritten),
    output ?? config.CONTENT,
  )
}

const writeOne = async (
  command: Command,
  catalog: Catalog,
  name: string,
  options: ExportOptions,
  config: Config,
): Promise<string[]> => {
  const cursor = await catalog.latestCursor()
  const chunks = await chunksOf(catalog, name, options, config)
  if (options.output !== undefined) await writeFile(options.output, chunks)
  else for (const chunk of chunks) outputOf(command).writeOut(chunk.toString())
  if (options.from === undefined && takesSince(name))
    outputOf(command).writeErr(`--since ${cursor} writes what has changed after this\n`)
  return options.output === undefined ? [] : [`wrote ${options.output}`]
}

const takesSince = (name: string): boolean =>
  formats.some(format => format.name === name && format.options.some(option => option.name === 'since'))

/** A picture comes in one piece. What was asked of a format that does not take it is refused, as it is over HTTP. */
const chunksOf = async (
  catalog: Catalog,
  name: string,
  { track, from, output, ...asked }: ExportOptions,
  config: Config,
): Promise<Iterable<Buffer>> => {
  const format = formats.find(one => one.name === name)
  refuseOptions(name, Object.keys(asked), format?.options ?? [])
  if (asked.since !== undefined && from !== undefined)
    throw new Refused('files do not say what was changed when: --since takes the database, without --from')
  if (format?.mediaType === 'application/zip' && output === undefined)
    throw new Refused(`${name} is no text: name a file with --output`)
  const document = await documentOf(catalog, track, from)
  if (format === undefined) return [Buffer.from(pictures[name as keyof typeof pictures](document))] // commander lets no other name through
  const publicUrl = config.PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}`
  return exportTrack(catalog, document, format, asked as OptionValues, publicUrl) // an option named alone has a word by its preset
}

const refuseOptions = (format: string, given: string[], options: readonly FormatOption[]): void => {
  const taken = options.map(({ name }) => `--${name}`)
  const wrong = given.map(name => `--${name}`).find(name => !taken.includes(name))
  if (wrong === undefined) return
  throw new Refused(`${format} takes no ${wrong}${taken.length === 0 ? '' : `: it takes ${taken.join(', ')}`}`)
}
