import type { Item } from '../src/model/curriculum.ts'
import { type Document, type Draft, draftSchema, emptyDocument } from '../src/model/document.ts'
import { type Noun, nouns } from '../src/model/vocabulary.ts'

/** Skills per category: 4 of beginners, 3 intermediate, 3 senior. */
const skillsPerCategory = 10
const tierOf = (place: number): Item<'skill'>['tier'] =>
  place < 4 ? 'beginner' : place < 7 ? 'intermediate' : 'senior'

export const trackSlug = (number: number): string => `track-${number}`

/**
 * Returns a track like a written one. The same number and size give the same document on every machine. Every summary ends
 * with `Version 0.`, so that a test can write other versions and find a response that mixes two.
 */
export const generatedTrack = (number: number, skills: number): Document => {
  const random = createRandom(number)
  const summary = (words: number) => `${sentence(random, words)} Version 0.`
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

const draft = <N extends Noun>(noun: N, written: Record<string, unknown>): Draft<N> =>
  draftSchemas[noun]?.parse(written) as Draft<N> // the schema of the noun

const times = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index))

const indexesBelow = (end: number, numbers: number[]): number[] => numbers.filter(one => one >= 0 && one < end)

/** Numbers between 0 and 1 that are the same on every machine (mulberry32). */
type Random = () => number

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Words in nearly every text: a search for one matches most of the database. */
export const common = 'learn write read test build data code a the of and with for from into'.split(' ')

const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ')

/** Returns one of 8,000 words of three syllables, each rather rare. */
const wordAt = (index: number): string =>
  [index, index / 20, index / 400].map(part => syllables[Math.floor(part) % 20]).join('')

/** Words of consonants, which no stemmer cuts, and of one length, so that none is the prefix of another. */
const letters = 'bcdfghjklmnpqrtvwxz'
export const rareWord = (track: number): string =>
  `q${[0, 1, 2, 3, 4].map(place => letters[Math.floor(track / letters.length ** place) % letters.length]).join('')}`

/** Returns a sentence: every third word is a common one, and of the others some are more frequent, as in any language. */
const sentence = (random: Random, words: number): string => {
  const chosen = Array.from({ length: words }, () =>
    random() < 1 / 3
      ? (common[Math.floor(random() * common.length)] as string)
      : wordAt(Math.floor(random() ** 2 * 8_000)),
  )
  const text = chosen.join(' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** Returns a title of two to four words. */
const randomTitle = (random: Random): string => sentence(random, 2 + Math.floor(random() * 3)).slice(0, -1)
