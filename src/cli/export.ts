import { writeFile } from 'node:fs/promises'
import { Argument, type Command } from 'commander'
import type { Catalog, TrackDocument } from '../catalog.ts'
import type { Config } from '../config.ts'
import { writeTrack } from '../content/write-track.ts'
import { Refused } from '../errors.ts'
import { exportTrack } from '../exports/export.ts'
import type { FormatOption, OptionName, OptionValues } from '../exports/format.ts'
import { formats } from '../exports/formats.ts'
import type { PictureFile } from '../model/picture.ts'
import { exportHtml } from '../web/track/track-page.ts'
import { trackSvg } from '../web/track/track-svg.ts'
import { optionsOfFormats } from './format-options.ts'
import { outputOf, runCommand } from './output.ts'
import { addSettings, type Settings, trackSourceConfig } from './settings.ts'
import { readTrack, withCatalog } from './track-source.ts'

/** The formats for people; all others are for programs. */
const pageFormats = {
  html: exportHtml,
  svg: (document: TrackDocument) => trackSvg(document, {}),
} as const satisfies Record<string, (document: TrackDocument, pictures: readonly PictureFile[]) => string>

const names = [...Object.keys(pageFormats), 'files', ...formats.map(({ name }) => name)]

type ExportOptions = Settings & { track: string; from?: string; output?: string } & {
  [K in OptionName]?: string | true
}

/** Adds `export <format>`, which writes a track as a file. */
export const addExport = (program: Command): void => {
  const command: Command = addSettings(program.command('export'))
    .summary('write a track as a file')
    .description(
      `Writes a track as one file: \`html\` is its page, \`svg\` a picture of its roadmap; \`files\` writes it into its YAML files: only differences are changed, comments and layout stay, and either all files are written or none. The other formats are for other programs.\n\n${formats
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
  for (const option of optionsOfFormats(formats)) command.addOption(option)
  command
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s curriculum -- export html --track python --output python.html\n  npm run -s curriculum -- export moodle.csv --track python --tier senior --output python.csv',
    )
    .action((format: string, options: ExportOptions) => runCommand(command, () => runExport(command, format, options)))
}

const runExport = async (
  command: Command,
  name: string,
  { envFile, database, ...options }: ExportOptions,
): Promise<string[]> => {
  const config = trackSourceConfig(command, { envFile, database }, options.from)
  return withCatalog(config, options.from, catalog =>
    name === 'files' ? writeTrackFiles(catalog, options, config) : writeFormat(command, catalog, name, options, config),
  )
}

/** Writes a track into the YAML files of its folder. */
const writeTrackFiles = async (
  catalog: Catalog,
  { track, from, output, ...exportOptions }: ExportOptions,
  config: Config,
): Promise<string[]> => {
  rejectUnknownOptions('files', Object.keys(exportOptions), [])
  if (from !== undefined) throw new Refused('files are written from the database: leave out --from')
  return exportToFiles(
    catalog,
    await readTrack(catalog, track, from, catalog.documentAsWritten),
    output ?? config.CONTENT,
  )
}

const writeFormat = async (
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
  if (options.from === undefined && acceptsSince(name))
    outputOf(command).writeErr(`--since ${cursor} writes what has changed after this\n`)
  return options.output === undefined ? [] : [`wrote ${options.output}`]
}

const acceptsSince = (name: string): boolean =>
  formats.some(format => format.name === name && format.options.some(option => option.name === 'since'))

/** Returns the chunks of an export. Options that the format does not accept are rejected, as over HTTP. */
const chunksOf = async (
  catalog: Catalog,
  name: string,
  { track, from, output, ...exportOptions }: ExportOptions,
  config: Config,
): Promise<Iterable<Buffer>> => {
  const format = formats.find(one => one.name === name)
  rejectUnknownOptions(name, Object.keys(exportOptions), format?.options ?? [])
  if (exportOptions.since !== undefined && from !== undefined)
    throw new Refused('files have no times of changes: --since needs the database, without --from')
  if (format?.mediaType === 'application/zip' && output === undefined)
    throw new Refused(`${name} is a binary format: name a file with --output`)
  const document = await readTrack(catalog, track, from)
  if (format === undefined)
    return [Buffer.from(pageFormats[name as keyof typeof pageFormats](document, await catalog.pictures(track)))] // commander accepts no other name
  const publicUrl = config.PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}`
  return exportTrack(catalog, document, format, exportOptions as OptionValues, publicUrl) // an option without a value has its preset
}

const rejectUnknownOptions = (format: string, given: string[], options: readonly FormatOption[]): void => {
  const accepted = options.map(({ name }) => `--${name}`)
  const wrong = given.map(name => `--${name}`).find(name => !accepted.includes(name))
  if (wrong === undefined) return
  throw new Refused(
    `${format} does not accept ${wrong}${accepted.length === 0 ? '' : `: it accepts ${accepted.join(', ')}`}`,
  )
}

/** `export files`: writes a track back into the folder of its files. */
const exportToFiles = async (catalog: Catalog, document: TrackDocument, into: string): Promise<string[]> => {
  const pictures = await catalog.pictures(document.track.key)
  const { written, removed } = await writeTrack(document, pictures, into, catalog.currentKeys)
  if (written.length + removed.length === 0) return [`${document.track.key}: the files are up to date`]
  return [...written.map(path => `wrote ${path}`), ...removed.map(path => `removed ${path}`)]
}
