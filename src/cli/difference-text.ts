import type { DocumentChange } from '../model/compare-documents.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'

export const formats = ['text', 'markdown'] as const
export type Format = (typeof formats)[number]

/** What changed in a track, in words: a line for each way in which things changed, then which they were. */
export const inWords = (track: string, changes: readonly DocumentChange[], format: Format): string => {
  const lines = [...grouped(changes).values()].map(those => line(those, format))
  if (format === 'markdown') return `### ${track}\n\n${lines.length === 0 ? 'No changes.' : lines.join('\n')}\n`
  return `${track}:${lines.length === 0 ? ' no changes' : `\n${lines.join('\n')}`}\n`
}

/** By noun and what became of it, in the order in which they come. */
const grouped = (changes: readonly DocumentChange[]): Map<string, DocumentChange[]> => {
  const groups = new Map<string, DocumentChange[]>()
  for (const change of changes) {
    const name = `${change.noun} ${change.how}`
    groups.set(name, [...(groups.get(name) ?? []), change])
  }
  return groups
}

const line = (changes: readonly DocumentChange[], format: Format): string => {
  const [first] = changes as [DocumentChange] // a group has at least one
  const what = `${counted(first.noun, changes.length)} ${first.how}`
  const which = changes.map(({ title, slug, detail }) =>
    format === 'markdown'
      ? `${title} (\`${slug}\`${detail === '' ? '' : `: ${detail}`})`
      : `${title}${detail === '' ? '' : ` (${detail})`}`,
  )
  return format === 'markdown' ? `- **${what}**: ${which.join('; ')}` : `  ${what}: ${which.join('; ')}`
}

const counted = (noun: Noun, count: number): string => `${count} ${count === 1 ? noun : plurals[noun]}`
