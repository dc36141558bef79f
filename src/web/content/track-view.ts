import type { TrackDocument } from '../../catalog.ts'
import { createAncestorsOf } from '../../model/category-tree.ts'
import type { Item } from '../../model/curriculum.ts'
import { required } from '../../model/graph.ts'
import { type Picture, picturePath, pictureUrl } from '../../model/picture.ts'
import { durationsOfTrack, type TotalDurations } from '../../model/roadmap.ts'
import { skillLinkResolver } from '../../model/skill.ts'
import { tiers } from '../../model/tiers.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { type Messages, messagesFor } from '../messages/messages.ts'
import { itemPath, type Links, linksInFile, type NounWithPage } from '../page/links.ts'

export type Skill = Item<'skill'>
export type Category = Item<'category'>
export interface TierColumn {
  tier: Tier
  title: string
}

/** A track's document with lookups for its page. */
export interface TrackView {
  document: TrackDocument
  links: Links
  /** True in the exported file, which holds every text of the track. */
  inFile: boolean
  /** The words of the pages in the language of the track. */
  messages: Messages
  columns: TierColumn[]
  /** Returns the skills of a category and tier, in order. */
  cell(category: string, tier: Tier): Skill[]
  skill(key: string): Skill | undefined
  /** Returns the skill that a link in Markdown refers to. */
  skillByLink(address: string): Skill | undefined
  /** Returns the URL of the picture that an address in Markdown refers to. */
  pictureByAddress(address: string): string | undefined
  project(key: string): Item<'project'> | undefined
  exercise(key: string): Item<'exercise'> | undefined
  resource(key: string): Item<'resource'> | undefined
  category(key: string): Category | undefined
  /** Returns the categories directly below a category. */
  childrenOf(category: string): Category[]
  /** Returns the categories that a category is a part of, from the top down. */
  ancestorsOf(category: string): Category[]
  source(key: string): Item<'source'> | undefined
  plan(key: string): Item<'plan'> | undefined
  /** The sums of the durations of skills. */
  durations: TotalDurations
  tierTitle(tier: Tier): string
  /** Returns the title of another track to which the page links. */
  trackTitle(track: string): string
}

/** Returns the URL of a picture of a track on a page of it. */
export type PictureUrl = (picture: Picture) => string

/**
 * Creates the view of a track for a page. By default, pictures are linked from the service. The document may be the part of a track
 * that a page shows, with skills of other tracks, whose titles are in `titles`.
 */
export const createTrackView = (
  document: TrackDocument,
  links: Links,
  urlOf: PictureUrl = ({ path }) => links.to(pictureUrl(document.track.slug, path).slice(1)),
  titles: ReadonlyMap<string, string> = new Map(),
): TrackView => {
  const cells = Map.groupBy(document.skills, ({ category, tier }) => `${category} ${tier}`)
  const byKey = <T extends { key: string }>(list: T[]) => {
    const map = new Map(list.map(one => [one.key, one]))
    return (key: string): T | undefined => map.get(key)
  }
  const messages = messagesFor(document.track.language)
  const columns = tierColumns(document, messages)
  const children = Map.groupBy(document.categories, ({ parent }) => parent)
  const skill = byKey(document.skills)
  const pictures = new Map(document.track.pictures.map(picture => [picture.path, urlOf(picture)]))
  const resolveLink = skillLinkResolver(
    document.track.slug,
    document.skills.filter(one => one.track === document.track.slug),
  )
  return {
    document,
    links,
    inFile: links === linksInFile,
    messages,
    columns,
    cell: (category, tier) => cells.get(`${category} ${tier}`) ?? [],
    skill,
    skillByLink: address => skill(resolveLink(address) ?? ''),
    pictureByAddress: address => pictures.get(picturePath(address) ?? ''),
    project: byKey(document.projects),
    exercise: byKey(document.exercises),
    resource: byKey(document.resources),
    category: byKey(document.categories),
    childrenOf: category => children.get(category) ?? [],
    ancestorsOf: createAncestorsOf(document.categories),
    source: byKey(document.sources),
    plan: byKey(document.plans),
    durations: durationsOfTrack(document),
    tierTitle: tier => columns.find(column => column.tier === tier)?.title ?? messages.roadmap.tiers[tier],
    trackTitle: track => required(titles, track),
  }
}

/** Returns the URL of an item of this or another track. */
export const urlOfItem = (
  { document, links }: TrackView,
  noun: NounWithPage,
  { track, slug }: { track: string; slug: string },
): string => (track === document.track.slug ? links.toItem(noun, slug) : links.to(itemPath(track, noun, slug)))

/** Returns the tiers of the track, or, when it names none, the tiers of its skills. */
const tierColumns = ({ track, skills }: TrackDocument, { roadmap }: Messages): TierColumn[] => {
  const used = new Set(skills.map(({ tier }) => tier))
  return track.tiers.length > 0
    ? track.tiers
    : tiers.filter(tier => used.has(tier)).map(tier => ({ tier, title: roadmap.tiers[tier] }))
}
