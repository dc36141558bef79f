import { type Command, Option } from 'commander'
import { readFolder } from '../content/read-folder.ts'
import { Refused } from '../errors.ts'
import { compareDocuments } from '../model/compare-documents.ts'
import { type Format, formats, inWords } from './difference-text.ts'
import { answer } from './output.ts'

/** `diff <before> <after>`: what changed between two folders, in words. */
export const addDiff = (program: Command): void => {
  const command: Command = program
    .command('diff')
    .summary('say what changed between two folders of tracks')
    .description(
      'Says in words what makes the second folder of the first: what was added, removed, renamed, moved or changed.',
    )
    .argument('<before>', 'a folder of tracks, or the folder of one track')
    .argument('<after>', 'the same, as it is now')
    .addOption(new Option('--format <format>', 'how to say it').choices(formats).default('text'))
    .addHelpText('after', '\nExamples:\n  npm run -s curriculum -- diff ../main/seed seed --format markdown')
    .action((before: string, after: string, { format }: { format: Format }) =>
      answer(command, () => diff(before, after, format)),
    )
}

const diff = async (before: string, after: string, format: Format): Promise<string[]> => {
  const [old, current] = [await tracksIn(before), await tracksIn(after)]
  const gone = [...old.keys()]
    .filter(slug => !current.has(slug))
    .map(slug => inWords(slug, [{ noun: 'track', how: 'removed', title: slug, slug, detail: '' }], format))
  const others = [...current].map(([slug, document]) =>
    inWords(slug, compareDocuments(old.get(slug), document), format),
  )
  return [...gone, ...others].map(text => text.trimEnd())
}

const tracksIn = async (dir: string) => {
  const { tracks, findings } = await readFolder(dir)
  const first = findings.find(({ severity }) => severity === 'error')
  if (first !== undefined)
    throw new Refused(
      `${dir} has mistakes, the first in ${first.file}:${first.line}: ${first.message}. "validate" shows all of them`,
    )
  return new Map(tracks.map(({ slug, document }) => [slug, document]))
}
