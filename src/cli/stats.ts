import type { Command } from 'commander'
import { pluralize } from '../content/findings.ts'
import { readFolder, type TrackContent } from '../content/read-folder.ts'
import { Refused } from '../errors.ts'
import { formatTotal } from '../model/duration-text.ts'
import type { TotalDurations } from '../model/roadmap.ts'
import { statsOf, type TrackStats } from '../model/stats.ts'
import { tiers } from '../model/tiers.ts'
import type { Tier } from '../model/vocabulary.ts'
import { runCommand } from './output.ts'
import { contentFolder } from './settings.ts'

/** Adds `stats [dir]`, which prints statistics of each track. */
export const addStats = (program: Command): void => {
  const command: Command = program
    .command('stats')
    .summary('show statistics of the tracks')
    .description(
      'Shows the skills of each track by category and tier, its prerequisites and their longest chain, and what is missing.',
    )
    .argument('[dir]', 'a folder of tracks, or the folder of one track (default: that in CONTENT, otherwise ./seed)')
    .action((dir: string | undefined) => runCommand(command, () => stats(contentFolder(dir))))
}

const stats = async (dir: string): Promise<string[]> => {
  const { tracks } = await readFolder(dir)
  if (tracks.length === 0)
    throw new Refused(`there is no track without mistakes in ${dir}; "validate" shows what is wrong`)
  return tracks.flatMap(formatStats)
}

const formatStats = ({ slug, document }: TrackContent): string[] => {
  const { categories, totals, durations, edges, longestPath, alone, thin } = statsOf(document)
  const rows = [
    ...categories.map(({ title, depth, skills }) => ({ title: `${'  '.repeat(depth)}${title}`, skills })),
    { title: 'all', skills: totals },
  ]
  const width = Math.max(...rows.map(({ title }) => title.length))
  const row = (title: string, cells: string[]) =>
    `  ${title.padEnd(width)}${cells.map(cell => cell.padStart(14)).join('')}`
  return [
    `${slug}: ${pluralize(document.skills.length, 'skill')}`,
    row('', [...tiers, 'all']),
    ...rows.map(({ title, skills }) => row(title, [...tiers.map(tier => String(skills[tier])), String(sum(skills))])),
    ...formatDurations(durations, categories),
    `  ${pluralize(edges, 'prerequisite')}; the longest chain has ${pluralize(longestPath.length, 'skill')}${longestPath.length === 0 ? '' : `: ${longestPath.join(' → ')}`}`,
    `  without prerequisites and dependents: ${formatTitles(alone)}`,
    ...Object.entries(thin).map(
      ([what, titles]) => `  ${thinLabels[what as keyof typeof thin]}: ${formatTitles(titles)}`,
    ), // entries forgets the names
  ]
}

/** Returns the time of the track, then that of each tier and category; nothing if no skill has a duration. */
const formatDurations = ({ track, ...sums }: TotalDurations, categories: TrackStats['categories']): string[] => {
  const time = formatTotal(track)
  if (time === undefined) return []
  const parts = [
    ...tiers.map(tier => [tier, formatTotal(sums.tiers[tier])]),
    ...[...sums.categories.values()].map((total, index) => [categories[index]?.title, formatTotal(total)]),
  ]
  return [
    `  time: ${time}`,
    ...parts.filter(([, sum]) => sum !== undefined).map(([title, sum]) => `    ${title}: ${sum}`),
  ]
}

const thinLabels = {
  summary: 'without a summary',
  outcomes: 'with fewer than two outcomes',
  resources: 'without a resource',
}

const sum = (skills: Record<Tier, number>): number => tiers.reduce((total, tier) => total + skills[tier], 0)

const formatTitles = (titles: string[]): string =>
  titles.length === 0
    ? 'none'
    : `${titles.length} (${titles.slice(0, 10).join(', ')}${titles.length > 10 ? ', …' : ''})`
