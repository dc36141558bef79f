import type { Mistake } from '../model/document.ts'
import { nouns } from '../model/vocabulary.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { entryName, type Location, type Track } from './build-track.ts'
import type { Finding } from './findings.ts'
import { mayExist, type TrackIndex } from './track-references.ts'
import { findingAt, type YamlPlace } from './yaml/yaml-file.ts'

/** Turns the mistakes of a document into findings at their places in the files. */
export const explainMistakes = (track: Track, trackIndex: TrackIndex, mistakes: Mistake[]): Finding[] =>
  mistakes
    .filter(mistake => !isConsequence(track, trackIndex, mistake))
    .map(mistake => findingAt(locateMistake(track, mistake), messageFor(track, mistake), mistake.kind))

/** Returns true for a mistake that follows from one already reported: an unreadable or missing file, an invalid field, a skill without a place. */
const isConsequence = (track: Track, trackIndex: TrackIndex, { noun, slug, path, unknown }: Mistake): boolean => {
  if (noun === 'skill' && (path[0] === 'category' || path[0] === 'tier'))
    return locationOf(track, noun, slug).cell === undefined
  const unread = track.entries[noun].find(entry => entry.slug === slug)?.unread
  // Only a quiz has questions.
  if (unread?.some(field => field === path[0] || (field === 'kind' && path[0] === 'questions'))) return true
  if (unknown === undefined) return false
  const [name, ...before] = unknown.given.split('.').reverse()
  const named = unknown.noun === 'any' ? before.shift() : unknown.noun
  const target = nouns.find(known => known === named)
  return target !== undefined && mayExist(trackIndex, before[0] ?? track.slug, target, String(name))
}

const locateMistake = (track: Track, { noun, slug, path }: Mistake): YamlPlace => {
  const { file, path: start, cell } = locationOf(track, noun, slug)
  // A wrong tier of all skills of a cell is reported once, above them.
  if (cell !== undefined && path[0] === 'tier') return { file: cell.file, path: cell.path.slice(0, -1) }
  return { file, path: [...start, ...path] }
}

const locationOf = (track: Track, noun: Mistake['noun'], slug: string): Location =>
  track.locations.get(entryName(noun, slug)) as Location // every draft of the document was read from a file

const messageFor = (track: Track, { message, unknown }: Mistake): string => {
  if (unknown === undefined) return message
  const suggestion = nearest(unknown.given, unknown.known)
  if (suggestion === undefined) return message
  const home = track.locations.get(
    unknown.noun === 'any' ? suggestion.replace('.', ' ') : entryName(unknown.noun, suggestion),
  )
  return `${message}${didYouMean(suggestion)}${home === undefined ? '' : ` It is in ${home.file.displayPath}`}`
}
