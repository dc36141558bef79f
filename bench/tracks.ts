import type { Answer } from '../src/model/curriculum.ts'
import { type Document, type Draft, draftSchema, emptyDocument } from '../src/model/document.ts'
import { type Noun, nouns } from '../src/model/vocabulary.ts'
import { type Random, randomOf, rareWord, sentence, titleOf } from './words.ts'

export interface Size {
  skills: number
  /** Stands in every summary, so that a reader sees whether two of them are of one version. */
  version?: number
}

/** Skills of a category; 4 of them are for beginners, 3 intermediate, 3 senior. */
const inCategory = 10
const tierOf = (place: number): Answer<'skill'>['tier'] =>
  place < 4 ? 'beginner' : place < 7 ? 'intermediate' : 'senior'

export const trackSlug = (number: number): string => `track-${number}`

/** A track that looks like a written one. The same number and size give the same document on every machine. */
export const generatedTrack = (number: number, { skills, version = 0 }: Size): Document => {
  const random = randomOf(number)
  const summary = (words: number) => `${sentence(random, words)} Version ${version}.`
  const document = emptyDocument(
    draft('track', {
      slug: trackSlug(number),
      title: `Track ${number}`,
      summary: summary(20),
      tiers: (['beginner', 'intermediate', 'senior'] as const).map(tier => ({ tier, title: tier })),
    }),
  )
  const categories = Math.ceil(skills / inCategory)
  document.categories = listed(categories, index =>
    draft('category', { slug: `category-${index}`, title: titleOf(random), summary: summary(20) }),
  )
  document.resources = listed(Math.ceil(skills / 5), index =>
    draft('resource', {
      slug: `resource-${index}`,
      title: titleOf(random),
      kind: 'article',
      summary: summary(12),
      url: `https://example.org/${number}/${index}`,
    }),
  )
  document.skills = listed(skills, index => skillAt(number, index, document.resources.length, random, summary(25)))
  document.projects = listed(Math.ceil(skills / 25), index =>
    draft('project', {
      slug: `project-${index}`,
      title: titleOf(random),
      summary: summary(15),
      features: [sentence(random, 6), sentence(random, 6)],
      skills: within(
        skills,
        [0, 7, 11, 18, 22].map(step => index * 25 + step),
      ).map(skillSlug),
    }),
  )
  document.principles = listed(5, index =>
    draft('principle', {
      slug: `principle-${index}`,
      title: titleOf(random),
      kind: 'rule',
      statements: [sentence(random, 12)],
    }),
  )
  document.sources = [source(document, random)]
  return document
}

const skillSlug = (index: number): string => `skill-${index}`

/** A skill needs the one before it in its category, and every third one of the category before. */
const skillAt = (track: number, index: number, resources: number, random: Random, summary: string): Draft<'skill'> => {
  const place = index % inCategory
  const rare = index % 20 === 3 ? ` ${rareWord(track)}` : ''
  return draft('skill', {
    slug: skillSlug(index),
    category: `category-${Math.floor(index / inCategory)}`,
    tier: tierOf(place),
    title: titleOf(random),
    summary,
    outcomes: [sentence(random, 12), sentence(random, 14), sentence(random, 10)],
    examples: [titleOf(random), titleOf(random)],
    notes: `${sentence(random, 60)}${rare}`,
    prerequisites: within(index, [place === 0 ? -1 : index - 1, index % 3 === 0 ? index - inCategory : -1]).map(
      skillSlug,
    ),
    related: within(index, [index % 4 === 0 ? index - 2 : -1]).map(skillSlug),
    resources: [...new Set([index % resources, (index * 7) % resources])].map(one => `resource-${one}`),
  })
}

/** An outline that names every category and skill, in their order. */
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

/** Made once: a schema takes longer to make than to use. */
const draftSchemas = Object.fromEntries(nouns.map(noun => [noun, draftSchema(noun)]))

export const draft = <N extends Noun>(noun: N, written: Record<string, unknown>): Draft<N> =>
  draftSchemas[noun]?.parse(written) as Draft<N> // the schema of the noun

const listed = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index))

const within = (end: number, numbers: number[]): number[] => numbers.filter(one => one >= 0 && one < end)
