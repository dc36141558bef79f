import { writeFile } from 'node:fs/promises'
import { Argument, type Command } from 'commander'
import type { Served } from '../catalog.ts'
import { readConfig } from '../config.ts'
import { Refused } from '../content/refused.ts'
import { exportHtml } from '../page/track-page.ts'
import { trackSvg } from '../page/track-svg.ts'
import { nearest } from '../suggest.ts'
import { answer, outputOf } from './answer.ts'
import { openDatabaseOf } from './database.ts'

/** Each format is a pure function from a track's document. */
const formats = {
  html: exportHtml,
  svg: (document: Served) => trackSvg(document, {}),
} as const satisfies Record<string, (document: Served) => string>

interface ExportOptions {
  track: string
  output?: string
}

/** `export <format>`: a track as a file. */
export const addExport = (program: Command): void => {
  const command: Command = program
    .command('export')
    .summary('write a track as a file')
    .description(
      'Writes a track from the database as one file that needs nothing else: `html` is its page, `svg` a picture of its roadmap.',
    )
    .addArgument(new Argument('<format>', 'what to write').choices(Object.keys(formats)))
    .requiredOption('--track <slug>', 'the track')
    .option('--output <file>', 'the file to write; without it, stdout')
    .addHelpText('after', '\nExample:\n  npm run -s curriculum -- export html --track python --output python.html')
    .action((format: keyof typeof formats, options: ExportOptions) =>
      answer(command, () => write(command, format, options)),
    )
}

const write = async (
  command: Command,
  format: keyof typeof formats,
  { track, output }: ExportOptions,
): Promise<string[]> => {
  const text = formats[format](await documentOf(track))
  if (output === undefined) {
    outputOf(command).writeOut(text)
    return []
  }
  await writeFile(output, text)
  return [`wrote ${output}`]
}

const documentOf = async (track: string): Promise<Served> => {
  const store = openDatabaseOf(readConfig(process.env))
  try {
    const document = await store.catalog.document(track)
    if (document !== undefined) return document
    const known = await store.catalog.keys('track')
    const meant = nearest(track, known)
    throw new Refused(
      `there is no track called "${track}" in the database${meant === undefined ? '' : `: did you mean "${meant}"?`}${known.length === 0 ? '; "load" brings one in' : ''}`,
    )
  } finally {
    store.close()
  }
}
