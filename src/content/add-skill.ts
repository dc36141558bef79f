import { basename, join } from 'node:path'
import { isMap, isSeq, type YAMLMap } from 'yaml'
import { Refused } from '../errors.ts'
import { type Tier, tiers } from '../model/vocabulary.ts'
import { nearest } from '../query/suggest.ts'
import { cellsOf, nameOf, type Track } from './build-track.ts'
import { freeSlug, openTrack, refuseMistakes } from './edit-track.ts'
import { schemaLine } from './schema-line.ts'
import { writeFiles } from './write-files.ts'
import { addFieldBefore, append, applyEdits, columnOf, type Edit, inYaml, newlineOf } from './yaml/edits.ts'
import { offsetOf } from './yaml/positions.ts'
import { fieldAt, nodeAt, type Place } from './yaml/yaml-file.ts'

export interface NewSkill {
  track: string
  slug: string
  title: string
  /** Where it stands; not needed where the roadmap names it already. */
  category?: string | undefined
  tier?: string | undefined
}

/** Writes the file of a new skill and places it last in its cell of the roadmap, unless it stands there already. Returns the paths of the written files. */
export const addSkill = async (folder: string, wanted: NewSkill): Promise<string[]> => {
  const track = await openTrack(folder, wanted.track)
  // Other files may have mistakes: what is written depends on the roadmap alone.
  const isUnread = track.entries.category.some(({ unread }) => unread.includes('skills'))
  if (isUnread || track.incomplete.has('category'))
    refuseMistakes(
      folder,
      track.findings.filter(({ file }) => basename(file).startsWith('roadmap.')),
    )
  const slug = freeSlug(track, wanted.slug)
  const skill = join(track.folder, 'skills', `${slug}.yaml`)
  const texts = new Map([
    [skill, `${schemaLine('skill', skill, { skill: track.entries.skill })}\ntitle: ${inYaml(wanted.title)}\n`],
    ...placed(track, slug, wanted),
  ])
  await writeFiles(texts)
  return [...texts.keys()]
}

/** The roadmap with the skill in it; nothing where it is named there already. */
const placed = (track: Track, slug: string, { category, tier }: NewSkill): [string, string][] => {
  const cell = track.entries.category.flatMap(cellsOf).find(one => one.slug === slug)
  if (cell !== undefined) {
    if ((category ?? cell.category) === cell.category && (tier ?? cell.tier) === cell.tier) return []
    throw new Refused(
      `roadmap.yaml has "${slug}" in the category "${cell.category}" and the tier "${cell.tier}" already: leave out --category and --tier, or move it there`,
    )
  }
  if (category === undefined || tier === undefined)
    throw new Refused(`roadmap.yaml does not name "${slug}" yet: say where it stands with --category and --tier`)
  const place = categoryOf(track, category)
  const edit = placeIn(place, oneOf('tier', tier, tiersOf(track)), slug)
  return [[place.file.shownAs, applyEdits(place.file.text, [edit])]]
}

const tiersOf = ({ document }: Track): Tier[] => {
  const own = document.track.tiers.map(({ tier }) => tier)
  return own.length > 0 ? own : [...tiers]
}

const categoryOf = (track: Track, slug: string): Place => {
  const categories = track.document.categories.map(category => category.slug)
  return track.homes.get(nameOf('category', oneOf('category', slug, categories))) as Place // a document's categories were read from its roadmap
}

const oneOf = <T extends string>(what: string, given: string, known: T[]): T => {
  const found = known.find(candidate => candidate === given)
  if (found !== undefined) return found
  const meant = nearest(given, known)
  throw new Refused(
    `there is no ${what} "${given}": ${meant === undefined ? `choose one of ${known.join(', ')}` : `did you mean "${meant}"?`}`,
  )
}

/** The slug as the last of its cell. What is missing of the way there is added in the style of what is around it. */
const placeIn = ({ file, path }: Place, tier: Tier, slug: string): Edit => {
  const category = nodeAt(file, path)
  const skills = fieldAt(file, path, 'skills')?.value
  const cell = fieldAt(file, [...path, 'skills'], tier)?.value
  if (isSeq(cell)) return append(file, cell, inYaml(slug))
  const field = `${tier}: [${inYaml(slug)}]`
  if (isMap(skills)) {
    const later = tiers.slice(tiers.indexOf(tier)).map(next => fieldAt(file, [...path, 'skills'], next)?.key)
    const next = later.find(key => key !== undefined)
    return next === undefined ? append(file, skills, field) : addFieldBefore(file, next, skills.flow === true, field)
  }
  const block = `skills:${newlineOf(file)}${' '.repeat(columnOf(file, offsetOf(category)) + 2)}${field}`
  return append(file, category as YAMLMap, `skills: {${field}}`, block) // a category is a group of fields, or it could not have been read
}
