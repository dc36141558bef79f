import { z } from 'zod'
import { type Noun, withArticle } from './vocabulary.ts'

/** A name within the noun and track: lower-case words joined by single hyphens. */
export const Slug = z
  .string()
  .max(50)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'must be lower-case letters (a to z) and digits in words joined by single hyphens, such as error-handling',
  )
  .meta({
    description: 'Name within the noun and track: lower-case words joined by hyphens.',
    examples: ['decorators'],
  })

/** The slug of a track. Every key and every id that an LMS stores begins with it, so it begins with a letter and is short. */
export const TrackSlug = z
  .string()
  .max(24)
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'must be lower-case letters (a to z) and digits in words joined by single hyphens, and begin with a letter, such as python',
  )
  .meta({ description: "The track's slug.", examples: ['python'] })

/** `track.slug`; a track's key is its slug. In a written document, the slug alone names something in the same track. */
export const Key = z
  .string()
  .max(75)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?$/,
    'must be a slug, such as decorators, or a key, such as python.decorators',
  )
  .meta({
    description: '`track.slug`, the name clients use in references; a track’s is its slug.',
    examples: ['python.decorators'],
  })

/** `track.noun.slug`, which names a thing without its noun being known; a track's is its slug. In a written document, the track may be left out. */
export const QualifiedKey = z
  .string()
  .max(90)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}$/,
    'must be a noun and a slug, such as skill.decorators, or track for the track',
  )
  .meta({
    description: '`track.noun.slug`: a key that includes the noun; a track’s is its slug.',
    examples: ['python.skill.decorators'],
  })

/** The namespace of all ids (RFC 9562, section 5.5). Never change it: clients store the ids. */
export const namespace = '0e6f5d0c-5d0e-5c3a-9d5b-7c1e8f4a2b63'

/** UUIDv5 (RFC 9562, section 5.5) of a fixed namespace and the qualified key: the same on every machine. */
export const Id = z.uuid().meta({
  description:
    'Stable UUID (version 5, from the first qualified key): the same on every machine and after every reload.',
})

/** A time in RFC 3339, in UTC with milliseconds. */
export const Timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'The time of the last change to this response (RFC 3339, UTC).' })

/** A time as clients may write it: RFC 3339, section 5.6, allows lower-case letters and any offset. */
export const rfc3339 = new RegExp(z.regexes.datetime({ offset: true }).source, 'i')
export const rfc3339Rule = 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z'

export const keyOf = (track: string, slug: string): string => `${track}.${slug}`
export const qualifiedKeyOf = (noun: string, key: string): string =>
  noun === 'track' ? key : key.replace('.', `.${noun}.`)
export const slugOf = (key: string): string => key.slice(key.indexOf('.') + 1)
export const trackOf = (key: string): string => (key.includes('.') ? key.slice(0, key.indexOf('.')) : key)

/**
 * The noun that each key schema refers to. GraphQL's edges, REST's `include` and the store's link tables are derived from it.
 * `any` marks a qualified key, which names its noun itself.
 */
export const referenceTargets = z.registry<{ noun: Noun | 'any' }>()

/** The schema of a reference to one noun. The type names the noun, so that the compiler checks tables of references. */
export type Reference<N extends Noun = Noun> = z.ZodString & { readonly __refersTo: N }

export const refTo = <N extends Noun>(noun: N): Reference<N> =>
  Key.meta({
    description: `Key of ${withArticle(noun)}.`,
    examples: [noun === 'track' ? 'python' : `python.a-${noun}`],
  }).register(referenceTargets, { noun }) as Reference<N> // __refersTo exists in the type alone

export const refToAny = () => QualifiedKey.clone().register(referenceTargets, { noun: 'any' })
