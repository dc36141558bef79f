import { z } from 'zod'

/** What names a noun within its track: lower-case words joined by single hyphens. */
export const Slug = z
  .string()
  .max(50, 'a slug has at most 50 characters')
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'a slug is lower-case letters (a to z) and digits in words joined by single hyphens, such as error-handling',
  )
  .meta({
    description: 'Name within the noun and track: lower-case words joined by hyphens.',
    examples: ['decorators'],
  })

/** A track's slug stands first in every key and in every id an LMS stores, hence a letter first and few characters. */
export const TrackSlug = z
  .string()
  .max(24, "a track's slug has at most 24 characters")
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "a track's slug begins with a letter: lower-case words (a to z and digits) joined by single hyphens, such as python",
  )
  .meta({ description: "The track's slug.", examples: ['python'] })

/** `track.slug`; a track's key is its slug. Where a document is written, the slug alone names something of the same track. */
export const Key = z
  .string()
  .max(75)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?$/,
    'a reference is a slug, such as decorators, or a key, such as python.decorators',
  )
  .meta({
    description: '`track.slug`, the name clients use in references; a track’s is its slug.',
    examples: ['python.decorators'],
  })

/** `track.noun.slug`: what names a thing where nothing else says which noun it is; a track's is its slug. Where a document is written, the track may be left out. */
export const QualifiedKey = z
  .string()
  .max(90)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}$/,
    'this names a noun and a slug, such as skill.decorators, or the track: track',
  )
  .meta({
    description: '`track.noun.slug`: names a thing where nothing else says which noun it is; a track’s is its slug.',
    examples: ['python.skill.decorators'],
  })

/** The namespace of all our ids (RFC 9562, section 5.5). Never to be changed: clients store the ids. */
export const namespace = '0e6f5d0c-5d0e-5c3a-9d5b-7c1e8f4a2b63'

/** UUIDv5 (RFC 9562, section 5.5) of a fixed namespace and the qualified key: the same on every machine. */
export const Id = z.uuid().meta({
  description:
    'Stable UUID (version 5, from the first qualified key): the same on every machine and after every reload.',
})

/** RFC 3339, UTC, milliseconds. */
export const Timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'When the answer for this noun last changed (RFC 3339, UTC).' })

/** A time as clients write it: RFC 3339, section 5.6, allows small letters and any offset. */
export const rfc3339 = new RegExp(z.regexes.datetime({ offset: true }).source, 'i')

export const keyOf = (track: string, slug: string): string => `${track}.${slug}`
export const qualifiedKeyOf = (noun: string, key: string): string =>
  noun === 'track' ? key : key.replace('.', `.${noun}.`)
export const slugOf = (key: string): string => key.slice(key.indexOf('.') + 1)
export const trackOf = (key: string): string => (key.includes('.') ? key.slice(0, key.indexOf('.')) : key)
