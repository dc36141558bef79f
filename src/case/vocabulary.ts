import type { z } from 'zod'
import type { Item } from '../model/curriculum.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { Concept, ItemType, License, Subject } from './objects.ts'
import type { LinkURI } from './values.ts'
import { type Collection, identify, type Site, uriOf } from './versions.ts'

/** The time of the last change of the definitions below, which are the same for every track. Update it with them. */
export const definitionsChangedAt = '2026-11-21T00:00:00.000Z'

/** The item type of each noun; null for nouns that are no items in CASE. Resources are linked as exemplars. */
const itemTypes = {
  track: null,
  source: null,
  category: { title: 'Category', description: 'An area of skills.' },
  skill: { title: 'Skill', description: 'Something a learner can do or understand.' },
  principle: { title: 'Principle', description: 'A rule, a practice, a pitfall or a piece of advice.' },
  project: { title: 'Project', description: 'Something to build that exercises skills.' },
  exercise: null,
  resource: null,
  plan: null,
  checklist: null,
} as const satisfies { readonly [N in Noun]: { title: string; description: string } | null }

export type ItemNoun = { [N in Noun]: (typeof itemTypes)[N] extends null ? never : N }[Noun]

/** The nouns that become items, in the order of a package. */
export const itemNouns: readonly ItemNoun[] = nouns.filter((noun): noun is ItemNoun => itemTypes[noun] !== null)

export const kinds = ['practical', 'theoretical'] as const
export type Kind = (typeof kinds)[number]

const concepts: Record<Kind, { title: string; keywords: string; description: string }> = {
  practical: { title: 'Practical', keywords: 'practical|doing', description: 'Learnt by doing it.' },
  theoretical: {
    title: 'Theoretical',
    keywords: 'theoretical|understanding',
    description: 'Learnt by understanding it.',
  },
}

/** Licence texts by SPDX identifier; the text of any other licence is its name. */
const licenses: Record<string, { title: string; licenseText: string }> = {
  'CC-BY-4.0': creativeCommons('by', 'CC BY 4.0', 'credit is given'),
  'CC-BY-SA-4.0': creativeCommons(
    'by-sa',
    'CC BY-SA 4.0',
    'credit is given and what comes of it is under the same licence',
  ),
  'CC-BY-NC-4.0': creativeCommons('by-nc', 'CC BY-NC 4.0', 'credit is given and it is not for commercial use'),
  'CC-BY-NC-SA-4.0': creativeCommons(
    'by-nc-sa',
    'CC BY-NC-SA 4.0',
    'credit is given, it is not for commercial use, and what comes of it is under the same licence',
  ),
  'CC0-1.0': {
    title: 'CC0 1.0',
    licenseText: 'It may be used for anything, without conditions.\nhttps://creativecommons.org/publicdomain/zero/1.0/',
  },
}

function creativeCommons(name: string, title: string, condition: string): { title: string; licenseText: string } {
  return {
    title,
    licenseText: `It may be shared and changed if ${condition}.\nhttps://creativecommons.org/licenses/${name}/4.0/`,
  }
}

/** Collapses white space: the standard's NormalizedString has no line breaks. */
export const singleLine = (text: string): string => text.replace(/\s+/g, ' ')

const ids = {
  itemType: Object.fromEntries(itemNouns.map(noun => [noun, identify(`case item-type ${noun}`)])),
  concept: Object.fromEntries(kinds.map(kind => [kind, identify(`case concept ${kind}`)])),
} as { itemType: Record<ItemNoun, string>; concept: Record<Kind, string> } // one entry each, as the maps are made

export const linkTo = (site: Site, collection: Collection, identifier: string, title: string): LinkURI => ({
  title: singleLine(title),
  identifier,
  uri: uriOf(site, collection, identifier),
})

export const itemTypeLink = (site: Site, noun: ItemNoun): LinkURI =>
  linkTo(site, 'CFItemTypes', ids.itemType[noun], itemTypes[noun].title)

export const itemType = (site: Site, noun: ItemNoun): z.infer<typeof ItemType> => {
  const { identifier, uri, title } = itemTypeLink(site, noun)
  const { description } = itemTypes[noun]
  return { identifier, uri, title, description, hierarchyCode: noun, lastChangeDateTime: definitionsChangedAt }
}

export const conceptLink = (site: Site, kind: Kind): LinkURI =>
  linkTo(site, 'CFConcepts', ids.concept[kind], concepts[kind].title)

export const concept = (site: Site, kind: Kind): z.infer<typeof Concept> => {
  const { identifier, uri, title } = conceptLink(site, kind)
  const { keywords, description } = concepts[kind]
  return {
    identifier,
    uri,
    title,
    keywords,
    hierarchyCode: kind,
    description,
    lastChangeDateTime: definitionsChangedAt,
  }
}

/** Links to the licence of that name, which all tracks under it share. */
export const licenseLink = (site: Site, name: string): LinkURI =>
  linkTo(site, 'CFLicenses', identify(`case license ${name}`), licenses[name]?.title ?? name)

export const license = (site: Site, name: string): License => {
  const { identifier, uri, title } = licenseLink(site, name)
  return {
    identifier,
    uri,
    title,
    licenseText: licenses[name]?.licenseText ?? name,
    lastChangeDateTime: definitionsChangedAt,
  }
}

export const subjectLink = (site: Site, { id, title }: Item<'track'>): LinkURI =>
  linkTo(site, 'CFSubjects', identify(`${id} subject`), title)

export const subject = (site: Site, track: Item<'track'>): z.infer<typeof Subject> => {
  const { identifier, uri, title } = subjectLink(site, track)
  return { identifier, uri, title, hierarchyCode: track.slug, lastChangeDateTime: track.updatedAt }
}
