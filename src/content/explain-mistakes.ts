import type { Mistake } from '../model/document.ts'
import { nouns } from '../model/vocabulary.ts'
import { nearest } from '../query/suggest.ts'
import { type Home, nameOf, type Track } from './build-track.ts'
import type { Finding } from './findings.ts'
import { mayBeThere, type Neighbours } from './track-references.ts'
import { findingAt, type Place } from './yaml/yaml-file.ts'

/** What the model finds wrong with a track, at the place in the files that says so. */
export const explainMistakes = (track: Track, neighbours: Neighbours, mistakes: Mistake[]): Finding[] =>
  mistakes
    .filter(mistake => !isEcho(track, neighbours, mistake))
    .map(mistake => findingAt(placeOf(track, mistake), wordsFor(track, mistake), mistake.kind))

/** An echo of something that was told already: a file that could not be read or is not there, a skill without a place. */
const isEcho = (track: Track, neighbours: Neighbours, { noun, slug, path, unknown }: Mistake): boolean => {
  if (noun === 'skill' && (path[0] === 'category' || path[0] === 'tier'))
    return homeOf(track, noun, slug).cell === undefined
  if (unknown === undefined) return false
  const [name, ...before] = unknown.given.split('.').reverse()
  const named = unknown.noun === 'any' ? before.shift() : unknown.noun
  const target = nouns.find(known => known === named)
  return target !== undefined && mayBeThere(neighbours, before[0] ?? track.slug, target, String(name))
}

const placeOf = (track: Track, { noun, slug, path }: Mistake): Place => {
  const { file, path: start, cell } = homeOf(track, noun, slug)
  // What is wrong with the tier of all skills of a cell is said once, above them.
  if (cell !== undefined && path[0] === 'tier') return { file: cell.file, path: cell.path.slice(0, -1) }
  return { file, path: [...start, ...path] }
}

const homeOf = (track: Track, noun: Mistake['noun'], slug: string): Home => track.homes.get(nameOf(noun, slug)) as Home // whatever a document holds was read from a file

const wordsFor = (track: Track, { message, unknown }: Mistake): string => {
  if (unknown === undefined) return message
  const meant = nearest(unknown.given, unknown.known)
  if (meant === undefined) return message
  const home = track.homes.get(unknown.noun === 'any' ? meant.replace('.', ' ') : nameOf(unknown.noun, meant))
  return `${message}: did you mean "${meant}"${home === undefined ? '' : ` (${home.file.shownAs})`}?`
}
