import { type Command, Option } from 'commander'
import { readFolder } from '../content/read-folder.ts'
import { Refused } from '../errors.ts'
import { compareDocuments, type DocumentChange } from '../model/compare-documents.ts'
import { countNouns } from '../model/vocabulary.ts'
import { runCommand } from './output.ts'

/** Adds `diff <before> <after>`, which lists the changes between two folders of tracks. */
export const addDiff = (program: Command): void => {
  const command: Command = program
    .command('diff')
    .summary('list the changes between two folders of tracks')
    .description('Lists what was added, removed, renamed, moved or changed in the second folder.')
    .argument('<before>', 'a folder of tracks, or the folder of one track')
    .argument('<after>', 'the same, as it is now')
    .addOption(new Option('--format <format>', 'the format of the output').choices(diffFormats).default('text'))
    .addHelpText('after', '\nExamples:\n  npm run -s curriculum -- diff ../main/seed seed --format markdown')
    .action((before: string, after: string, { format }: { format: DiffFormat }) =>
      runCommand(command, () => diff(before, after, format)),
    )
}

const diff = async (before: string, after: string, format: DiffFormat): Promise<string[]> => {
  const [old, current] = [await tracksIn(before), await tracksIn(after)]
  const removed = [...old.keys()]
    .filter(slug => !current.has(slug))
    .map(slug => formatChanges(slug, [{ noun: 'track', how: 'removed', title: slug, slug, detail: '' }], format))
  const others = [...current].map(([slug, document]) =>
    formatChanges(slug, compareDocuments(old.get(slug), document), format),
  )
  return [...removed, ...others].map(text => text.trimEnd())
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

export const diffFormats = ['text', 'markdown'] as const
export type DiffFormat = (typeof diffFormats)[number]

/** Formats the changes of a track: one line per kind of change, with the titles. */
export const formatChanges = (track: string, changes: readonly DocumentChange[], format: DiffFormat): string => {
  const lines = [...groupChanges(changes).values()].map(those => formatLine(those, format))
  if (format === 'markdown') return `### ${track}\n\n${lines.length === 0 ? 'No changes.' : lines.join('\n')}\n`
  return `${track}:${lines.length === 0 ? ' no changes' : `\n${lines.join('\n')}`}\n`
}

/** Groups changes by noun and kind of change, in their order. */
const groupChanges = (changes: readonly DocumentChange[]): Map<string, DocumentChange[]> => {
  const groups = new Map<string, DocumentChange[]>()
  for (const change of changes) {
    const name = `${change.noun} ${change.how}`
    groups.set(name, [...(groups.get(name) ?? []), change])
  }
  return groups
}

const formatLine = (changes: readonly DocumentChange[], format: DiffFormat): string => {
  const [first] = changes as [DocumentChange] // a group has at least one
  const what = `${countNouns(changes.length, first.noun)} ${first.how}`
  const which = changes.map(({ title, slug, detail }) =>
    format === 'markdown'
      ? `${title} (\`${slug}\`${detail === '' ? '' : `: ${detail}`})`
      : `${title}${detail === '' ? '' : ` (${detail})`}`,
  )
  return format === 'markdown' ? `- **${what}**: ${which.join('; ')}` : `  ${what}: ${which.join('; ')}`
}
