import { basename, join } from 'node:path'
import { isMap, isSeq, type YAMLMap } from 'yaml'
import { Refused } from '../errors.ts'
import { tiers } from '../model/tiers.ts'
import type { Tier } from '../model/vocabulary.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { cellsOf, entryName, type Track } from './build-track.ts'
import { checkSlugIsFree, openTrack, rejectErrors } from './edit-track.ts'
import { schemaLine } from './schema-line.ts'
import { writeFiles } from './write-files.ts'
import { addFieldBefore, append, applyEdits, columnOf, type Edit, formatScalar, newlineOf } from './yaml/edits.ts'
import { offsetOf } from './yaml/positions.ts'
import { fieldAt, nodeAt, type YamlPlace } from './yaml/yaml-file.ts'

export interface NewSkill {
  track: string
  slug: string
  title: string
  /** The slug of its category; not needed if the roadmap names the skill already. */
  category?: string | undefined
  tier?: string | undefined
}

/** Writes the file of a new skill and adds it to the end of its cell in the roadmap, unless the roadmap names it. Returns the paths of the written files. */
export const addSkill = async (folder: string, newSkill: NewSkill): Promise<string[]> => {
  const track = await openTrack(folder, newSkill.track)
  // Errors in other files do not matter: only the roadmap is edited.
  const isUnread = track.entries.category.some(({ unread }) => unread.includes('skills'))
  if (isUnread || track.incomplete.has('category'))
    rejectErrors(
      folder,
      track.findings.filter(({ file }) => basename(file).startsWith('roadmap.')),
    )
  const slug = checkSlugIsFree(track, newSkill.slug)
  const skill = join(track.folder, 'skills', `${slug}.yaml`)
  const texts = new Map([
    [skill, `${schemaLine('skill', skill, { skill: track.entries.skill })}\ntitle: ${formatScalar(newSkill.title)}\n`],
    ...addToRoadmap(track, slug, newSkill),
  ])
  await writeFiles(texts)
  return [...texts.keys()]
}

/** Returns the roadmap with the skill added; nothing if it names the skill already. */
const addToRoadmap = (track: Track, slug: string, { category, tier }: NewSkill): [string, string][] => {
  const cell = track.entries.category.flatMap(cellsOf).find(one => one.slug === slug)
  if (cell !== undefined) {
    if ((category ?? cell.category) === cell.category && (tier ?? cell.tier) === cell.tier) return []
    throw new Refused(
      `roadmap.yaml has "${slug}" in the category "${cell.category}" and the tier "${cell.tier}" already: leave out --category and --tier, or move it there`,
    )
  }
  if (category === undefined || tier === undefined)
    throw new Refused(`roadmap.yaml does not name "${slug}" yet: name its cell with --category and --tier`)
  const place = locateCategory(track, category)
  const edit = editCell(place, requireOneOf('tier', tier, tiersOfTrack(track)), slug)
  return [[place.file.displayPath, applyEdits(place.file.text, [edit])]]
}

const tiersOfTrack = ({ document }: Track): Tier[] => {
  const own = document.track.tiers.map(({ tier }) => tier)
  return own.length > 0 ? own : [...tiers]
}

const locateCategory = (track: Track, slug: string): YamlPlace => {
  const categories = track.document.categories.map(category => category.slug)
  return track.locations.get(entryName('category', requireOneOf('category', slug, categories))) as YamlPlace // a document's categories were read from its roadmap
}

const requireOneOf = <T extends string>(what: string, given: string, known: T[]): T => {
  const found = known.find(candidate => candidate === given)
  if (found !== undefined) return found
  const others = `: choose one of ${known.join(', ')}`
  throw new Refused(`there is no ${what} "${given}"${didYouMean(nearest(given, known), others)}`)
}

/** Adds the slug to the end of its cell. Missing fields on the path are added in the style of the file. */
const editCell = ({ file, path }: YamlPlace, tier: Tier, slug: string): Edit => {
  const category = nodeAt(file, path)
  const skills = fieldAt(file, path, 'skills')?.value
  const cell = fieldAt(file, [...path, 'skills'], tier)?.value
  if (isSeq(cell)) return append(file, cell, formatScalar(slug))
  const field = `${tier}: [${formatScalar(slug)}]`
  if (isMap(skills)) {
    const later = tiers.slice(tiers.indexOf(tier)).map(next => fieldAt(file, [...path, 'skills'], next)?.key)
    const next = later.find(key => key !== undefined)
    return next === undefined ? append(file, skills, field) : addFieldBefore(file, next, skills.flow === true, field)
  }
  const block = `skills:${newlineOf(file)}${' '.repeat(columnOf(file, offsetOf(category)) + 2)}${field}`
  return append(file, category as YAMLMap, `skills: {${field}}`, block) // a category that was read is a mapping
}
