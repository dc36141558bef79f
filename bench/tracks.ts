import type { Item } from '../src/model/curriculum.ts'
import { type Document, type Draft, draftSchema, emptyDocument } from '../src/model/document.ts'
import { type Noun, nouns } from '../src/model/vocabulary.ts'
import { createRandom, type Random, randomTitle, rareWord, sentence } from './words.ts'

export interface Size {
  skills: number
  /** Stands in every summary, so that a reader can compare the versions of two summaries. */
  version?: number
}

/** Skills per category: 4 of beginners, 3 intermediate, 3 senior. */
const skillsPerCategory = 10
const tierOf = (place: number): Item<'skill'>['tier'] =>
  place < 4 ? 'beginner' : place < 7 ? 'intermediate' : 'senior'

export const trackSlug = (number: number): string => `track-${number}`

/** Returns a track like a written one. The same number and size give the same document on every machine. */
export const generatedTrack = (number: number, { skills, version = 0 }: Size): Document => {
  const random = createRandom(number)
  const summary = (words: number) => `${sentence(random, words)} Version ${version}.`
  const document = emptyDocument(
    draft('track', {
      slug: trackSlug(number),
      title: `Track ${number}`,
      summary: summary(20),
      tiers: (['beginner', 'intermediate', 'senior'] as const).map(tier => ({ tier, title: tier })),
    }),
  )
  const categories = Math.ceil(skills / skillsPerCategory)
  document.categories = times(categories, index =>
    draft('category', { slug: `category-${index}`, title: randomTitle(random), summary: summary(20) }),
  )
  document.resources = times(Math.ceil(skills / 5), index =>
    draft('resource', {
      slug: `resource-${index}`,
      title: randomTitle(random),
      kind: 'article',
      summary: summary(12),
      url: `https://example.org/${number}/${index}`,
    }),
  )
  document.skills = times(skills, index => skillAt(number, index, document.resources.length, random, summary(25)))
  document.projects = times(Math.ceil(skills / 25), index =>
    draft('project', {
      slug: `project-${index}`,
      title: randomTitle(random),
      summary: summary(15),
      features: [sentence(random, 6), sentence(random, 6)],
      skills: indexesBelow(
        skills,
        [0, 7, 11, 18, 22].map(step => index * 25 + step),
      ).map(skillSlug),
    }),
  )
  document.principles = times(5, index =>
    draft('principle', {
      slug: `principle-${index}`,
      title: randomTitle(random),
      kind: 'rule',
      statements: [sentence(random, 12)],
    }),
  )
  document.sources = [source(document, random)]
  return document
}

const skillSlug = (index: number): string => `skill-${index}`

/** Returns a skill: it requires the previous one of its category, and every third one of the category before. */
const skillAt = (track: number, index: number, resources: number, random: Random, summary: string): Draft<'skill'> => {
  const place = index % skillsPerCategory
  const rare = index % 20 === 3 ? ` ${rareWord(track)}` : ''
  return draft('skill', {
    slug: skillSlug(index),
    category: `category-${Math.floor(index / skillsPerCategory)}`,
    tier: tierOf(place),
    title: randomTitle(random),
    summary,
    outcomes: [sentence(random, 12), sentence(random, 14), sentence(random, 10)],
    examples: [randomTitle(random), randomTitle(random)],
    notes: `${sentence(random, 60)}${rare}`,
    prerequisites: indexesBelow(index, [
      place === 0 ? -1 : index - 1,
      index % 3 === 0 ? index - skillsPerCategory : -1,
    ]).map(skillSlug),
    related: indexesBelow(index, [index % 4 === 0 ? index - 2 : -1]).map(skillSlug),
    resources: [...new Set([index % resources, (index * 7) % resources])].map(one => `resource-${one}`),
  })
}

/** Returns a source whose outline names every category and skill in order. */
const source = ({ categories, skills }: Document, random: Random): Draft<'source'> =>
  draft('source', {
    slug: 'source',
    title: 'Source',
    outline: categories.flatMap(category => [
      { label: category.title, of: `category.${category.slug}` },
      ...skills
        .filter(skill => skill.category === category.slug)
        .map(skill => ({
          section: category.title,
          label: skill.title,
          category: category.slug,
          tier: skill.tier,
          says: sentence(random, 8),
          of: `skill.${skill.slug}`,
        })),
    ]),
  })

/** Created once: creating a schema takes longer than using it. */
const draftSchemas = Object.fromEntries(nouns.map(noun => [noun, draftSchema(noun)]))

export const draft = <N extends Noun>(noun: N, written: Record<string, unknown>): Draft<N> =>
  draftSchemas[noun]?.parse(written) as Draft<N> // the schema of the noun

const times = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index))

const indexesBelow = (end: number, numbers: number[]): number[] => numbers.filter(one => one >= 0 && one < end)
