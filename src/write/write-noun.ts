import {
  type Author,
  itemsIn,
  type RelatedPairs,
  type TrackDocument,
  type Transaction,
  type WriteOptions,
  type WriteResult,
} from '../catalog.ts'
import { Failure, notFound, type Place } from '../errors.ts'
import type { Item } from '../model/curriculum.ts'
import { type Document, type Draft, emptyDocument } from '../model/document.ts'
import { Slug, slugOf, TrackSlug, trackOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { brokenRule } from '../query/explain.ts'
import { unprocessable } from '../query/validation-errors.ts'
import { contentHash } from '../text/content-hash.ts'
import { checkWhole, pathInNoun, rejectCycle } from './check-document.ts'
import { draftsIn, moveChangedCellLast, referrersIn, withDraft, withoutDraft } from './edit-document.ts'
import { changedReadOnlyFields, type NounBody, readNounBody } from './noun-body.ts'
import { checkPreconditions } from './preconditions.ts'

/** Creates or replaces an item. */
export const putNoun = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  body: unknown,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  checkKey(noun, key)
  const track = await transaction.document(trackOf(key))
  const before = track && itemIn(track, noun, key)
  checkIfMatch(options, noun, key, before)
  return write(transaction, noun, key, readNounBody(noun, body, slugOf(key)), track, before, options)
}

/** Changes an item with a JSON merge patch. */
export const patchNoun = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  patch: unknown,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  const track = await transaction.document(trackOf(key))
  const before = track && itemIn(track, noun, key)
  if (before === undefined) throw notFound(noun, key)
  checkIfMatch(options, noun, key, before)
  const body = readNounBody(noun, mergePatch(before, patch), slugOf(key))
  return write(transaction, noun, key, body, track, before, options)
}

/** Removes an item; rejects with 409 if another item refers to it. */
export const removeNoun = async (
  transaction: Transaction,
  noun: Noun,
  key: string,
  options: WriteOptions,
): Promise<void> => {
  const track = await transaction.document(trackOf(key))
  const before = track && itemIn(track, noun, key)
  if (track === undefined || before === undefined) throw notFound(noun, key)
  checkIfMatch(options, noun, key, before)
  const author = authorOf(options, key)
  if (noun === 'track') {
    await transaction.removeTrack(key, author)
    return
  }
  const document = draftsIn(track)
  rejectIfReferred(noun, key, referrersIn(document, noun, key))
  await transaction.replaceTrack(withoutDraft(document, noun, before.slug), author)
}

/** Rejects a key under which no item can be created. */
export const checkKey = (noun: Noun, key: string): void => {
  if (noun === 'track') {
    checkSlug(TrackSlug, key, 'The key of a track is its slug')
    return
  }
  const [track, slug, ...more] = key.split('.')
  if (slug === undefined || more.length > 0)
    throw new Failure('UNPROCESSABLE', `The key of a ${noun} is the slug of its track, a dot and its own slug.`)
  checkSlug(TrackSlug, track, `The key of a ${noun} begins with the slug of its track`)
  checkSlug(Slug, slug, `The key of a ${noun} ends with its slug`)
}

const checkSlug = (schema: typeof Slug, slug: unknown, rule: string): void => {
  const broken = brokenRule(schema, slug)
  if (broken !== undefined) throw new Failure('UNPROCESSABLE', `${rule}, which ${broken}.`)
}

/** Returns the ETag of an item, without quotes. */
export const etagOf = (item: Item): string => contentHash(JSON.stringify(item))

const checkIfMatch = (options: WriteOptions, noun: Noun, key: string, before: Item | undefined): void =>
  checkPreconditions(options, `${noun} "${key}"`, before && (() => [etagOf(before)]))

const authorOf = ({ by }: WriteOptions, key: string): Author => ({ name: by, track: trackOf(key), fromFiles: false })

const write = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  { draft, readOnlyFields }: NounBody<N>,
  track: TrackDocument | undefined,
  before: Item<N> | undefined,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  const whole = await checkWhole(transaction, edited(track, noun, key, draft), pathInNoun(noun, slugOf(key)))
  const document = noun === 'skill' ? moveChangedCellLast(whole, before as Item<'skill'> | undefined) : whole // the noun decides the type
  await transaction.replaceTrack(document, authorOf(options, key), pairsOf(noun, key, document))
  await rejectCycle(transaction, document)
  const after = itemIn((await transaction.document(trackOf(key))) as TrackDocument, noun, key) as Item<N> // it was just written
  rejectMistakes(changedReadOnlyFields(readOnlyFields, before, after, []))
  return { created: before === undefined, item: after, etag: etagOf(after) }
}

/** Returns the relations of a skill, from the checked document, which has current keys. */
const pairsOf = (noun: Noun, key: string, document: Document): RelatedPairs | undefined => {
  const skill = noun === 'skill' ? document.skills.find(({ slug }) => slug === slugOf(key)) : undefined
  return skill && { skill: key, related: skill.related }
}

const edited = <N extends Noun>(track: TrackDocument | undefined, noun: N, key: string, draft: Draft<N>): Document => {
  if (track !== undefined) return withDraft(draftsIn(track), noun, draft)
  if (noun === 'track') return emptyDocument(draft as Draft<'track'>) // the noun decides the type
  throw new Failure('UNPROCESSABLE', `There is no track called "${trackOf(key)}": create it first.`)
}

const itemIn = <N extends Noun>(track: TrackDocument, noun: N, key: string): Item<N> | undefined =>
  itemsIn(track, noun).find(item => item.key === key)

export const rejectMistakes = (mistakes: Place[]): void => {
  if (mistakes.length > 0) throw unprocessable(mistakes)
}

const rejectIfReferred = (noun: Noun, key: string, referrers: string[]): void => {
  if (referrers.length === 0) return
  const examples = referrers.slice(0, 20).map(name => `"${name}"`)
  const more = referrers.length > 20 ? ` and ${referrers.length - 20} more` : ''
  throw new Failure(
    'CONFLICT',
    `The ${noun} "${key}" is referred to by ${examples.join(', ')}${more}. Remove these references first.`,
  )
}

/** Applies a JSON merge patch (RFC 7396, section 2): null removes a field. */
const mergePatch = (target: object, patch: unknown): unknown => {
  if (!isObject(patch)) throw new Failure('UNPROCESSABLE', 'A merge patch is a JSON object (RFC 7396).')
  return merged(target, patch)
}

const merged = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch
  const result = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch))
    if (value === null) result.delete(name)
    else result.set(name, merged(result.get(name), value))
  return Object.fromEntries(result)
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
