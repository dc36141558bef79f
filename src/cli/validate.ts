import type { Command } from 'commander'
import { isError, printFindings } from '../content/findings.ts'
import { readFolder, type TrackContent } from '../content/read-folder.ts'
import { draftsOf } from '../model/document.ts'
import { countNouns, nouns } from '../model/vocabulary.ts'
import { outputOf } from './output.ts'
import { contentFolder } from './settings.ts'

/** Adds `validate [dir]`, which prints every mistake in the files of the tracks. */
export const addValidate = (program: Command): void => {
  const command: Command = program
    .command('validate')
    .summary('check the files of the tracks')
    .description(
      'Checks all files of all tracks and prints every mistake with its file, line and column and a way to fix it.\nNothing is loaded or changed. Ends with code 1 if there is an error; warnings alone are no failure.',
    )
    .argument('[dir]', 'a folder of tracks, or the folder of one track (default: that in CONTENT, otherwise ./seed)')
    .option('--verbose', 'print every warning; without it, many of one kind are one line')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s curriculum -- validate\n  npm run -s curriculum -- validate seed/python',
    )
    .action(async (dir: string | undefined, { verbose }: { verbose?: boolean }) =>
      validate(command, contentFolder(dir), verbose ?? false),
    )
}

const validate = async (command: Command, dir: string, verbose: boolean): Promise<void> => {
  const { writeOut, writeErr, getErrHasColors } = outputOf(command)
  const { tracks, findings } = await readFolder(dir)
  for (const track of tracks) writeOut(`${formatSummary(track)}\n`)
  if (findings.length === 0) return
  const printed = printFindings(findings, { colours: getErrHasColors(), verbose })
  if (findings.some(isError)) command.error(printed.trimEnd(), { exitCode: 1, code: 'curriculum.invalid' })
  writeErr(printed)
}

const formatSummary = ({ slug, document }: TrackContent): string => {
  const counts = nouns
    .filter(noun => noun !== 'track')
    .map(noun => ({ noun, count: draftsOf(document, noun).length }))
    .filter(({ count }) => count > 0)
    .map(({ noun, count }) => countNouns(count, noun))
  return `${slug}: ${[...counts, 'no mistakes'].join(', ')}`
}
