import type { Author, TrackDocument, Transaction, WriteOptions, WriteResult } from '../catalog.ts'
import { Failure, notFound, type Place } from '../errors.ts'
import type { Item } from '../model/curriculum.ts'
import { type Document, type Draft, draftsOf, emptyDocument, normalizeDraft } from '../model/document.ts'
import { keyOf, Slug, slugOf, TrackSlug, trackOf } from '../model/keys.ts'
import { type Noun, withArticle } from '../model/vocabulary.ts'
import { brokenRule } from '../query/explain.ts'
import { unprocessable } from '../query/validation-errors.ts'
import { contentHash } from '../text/content-hash.ts'
import { check, checkWhole, pathInNoun, rejectCycle } from './check-document.ts'
import { draftsIn, referrersIn, withDraft, withoutCategory } from './edit-document.ts'
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
  const before = await transaction.item(noun, key)
  checkIfMatch(options, noun, key, before)
  return write(transaction, noun, key, readNounBody(noun, body, slugOf(key)), before, options)
}

/** Changes an item with a JSON merge patch. */
export const patchNoun = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  patch: unknown,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  const before = await transaction.item(noun, key)
  if (before === undefined) throw notFound(noun, key)
  checkIfMatch(options, noun, key, before)
  return write(transaction, noun, key, readNounBody(noun, mergePatch(before, patch), slugOf(key)), before, options)
}

/** Removes an item; rejects with 409 if another item refers to it. */
export const removeNoun = async (
  transaction: Transaction,
  noun: Noun,
  key: string,
  options: WriteOptions,
): Promise<void> => {
  const before: Item | undefined = await transaction.item(noun, key)
  if (before === undefined) throw notFound(noun, key)
  checkIfMatch(options, noun, key, before)
  const author = authorOf(options, key)
  if (noun === 'track') {
    await transaction.removeTrack(key, author)
    return
  }
  if (await transaction.isReferredTo(noun, key))
    rejectIfReferred(noun, key, referrersIn(await storedDocument(transaction, before.track), noun, key))
  await transaction.removeItem(noun, key, author)
}

/** Rejects a key under which no item can be created. */
export const checkKey = (noun: Noun, key: string): void => {
  if (noun === 'track') {
    checkSlug(TrackSlug, key, 'The key of a track is its slug')
    return
  }
  const [track, slug, ...more] = key.split('.')
  if (slug === undefined || more.length > 0)
    throw new Failure(
      'UNPROCESSABLE',
      `The key of ${withArticle(noun)} is the slug of its track, a dot and its own slug.`,
    )
  checkSlug(TrackSlug, track, `The key of ${withArticle(noun)} begins with the slug of its track`)
  checkSlug(Slug, slug, `The key of ${withArticle(noun)} ends with its slug`)
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
  before: Item<N> | undefined,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  const author = authorOf(options, key)
  const { formerly }: { formerly: string[] } = draft
  if (noun === 'track' && !isSame(before?.formerly, formerly))
    await replaceTrack(transaction, draft as Draft<'track'>, before !== undefined, author) // the noun decides the type
  else await putItem(transaction, noun, key, draft, before, author)
  const after = (await transaction.item(noun, key)) as Item<N> // it was just written
  rejectMistakes(changedReadOnlyFields(readOnlyFields, before, after, []))
  return { created: before === undefined, item: after, etag: etagOf(after) }
}

/** Creates a track, or replaces one together with its items: their ids follow from its earlier slugs. */
const replaceTrack = async (
  transaction: Transaction,
  draft: Draft<'track'>,
  exists: boolean,
  author: Author,
): Promise<void> => {
  const edited = exists
    ? withDraft(await storedDocument(transaction, draft.slug), 'track', draft)
    : emptyDocument(draft)
  const document = await checkWhole(transaction, edited, pathInNoun('track', draft.slug))
  await transaction.replaceTrack(document, author)
}

const putItem = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  draft: Draft<N>,
  before: Item<N> | undefined,
  author: Author,
): Promise<void> => {
  const self = await transaction.item('track', trackOf(key))
  if (self === undefined)
    throw new Failure('UNPROCESSABLE', `There is no track called "${trackOf(key)}": create it first.`)
  const track = normalizeDraft('track', self)
  const part = await check(transaction, withDraft(emptyDocument(track), noun, draft), 'part')
  const draftIn = (document: Document) => draftsOf(document, noun).find(({ slug }) => slug === draft.slug) as Draft<N> // it has the draft
  let checked = draftIn(part.document)
  const closesCycle = await mayCloseCycle(transaction, noun, key, checked, before)
  const moves = movesCategory(noun, checked, before)
  // The check of the whole track finds mistakes that involve other items, and names that are like an unknown one.
  if (
    part.mistakes.length > 0 ||
    closesCycle ||
    moves ||
    (await mayContradict(transaction, noun, key, checked, before))
  ) {
    const stored = await storedDocument(transaction, track.slug)
    const edited = withDraft(moves ? withoutCategory(stored, draft.slug) : stored, noun, draft)
    const whole = await checkWhole(transaction, edited, pathInNoun(noun, draft.slug))
    if (moves) {
      await transaction.replaceTrack(whole, author)
      return
    }
    checked = draftIn(whole)
  }
  await transaction.putItem(noun === 'track' ? (checked as Draft<'track'>) : track, noun, checked, author) // the noun decides the type
  if (closesCycle) await rejectCycle(transaction, track.slug)
}

/** Decides about the edit of one item, whose draft has no mistake by itself. `before` is the stored item, if it exists. */
type CheckEdit = (
  transaction: Transaction,
  noun: Noun,
  key: string,
  draft: Draft,
  before: Item | undefined,
) => Promise<boolean>

/** Returns true if a skill may need itself, through any number of others. */
const mayCloseCycle: CheckEdit = async (transaction, noun, key, draft, before) => {
  if (noun !== 'skill') return false
  const [is, was] = [draft as Draft<'skill'>, before as Item<'skill'> | undefined] // the noun decides the type
  const added = is.prerequisites.filter(one => !was?.prerequisites.includes(one))
  return added.length > 0 && transaction.isNeededBy(key, added)
}

/** Returns true if a category gets another parent: it comes last there, and the places of other categories change. */
const movesCategory = (noun: Noun, draft: Draft, before: Item | undefined): boolean => {
  if (noun !== 'category') return false
  const [is, was] = [draft as Draft<'category'>, before as Item<'category'> | undefined] // the noun decides the type
  return is.parent !== (was?.parent ?? null)
}

/** Returns true if a draft that has no mistake by itself may contradict another item of its track. */
const mayContradict: CheckEdit = async (transaction, noun, key, draft, before) => {
  const [is, was]: Record<string, unknown>[] = [{ ...draft }, { ...before }]
  if (noun === 'track') return !isSame(is?.tiers, was?.tiers)
  if (noun === 'plan' && !isSame(is?.steps, was?.steps)) return true
  if (before !== undefined) return !isSame(is?.formerly, was?.formerly)
  const names = [draft.slug, ...draft.formerly].map(slug => keyOf(trackOf(key), slug))
  return (await transaction.currentKeys(noun, names)).size > 0
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const storedDocument = async (transaction: Transaction, track: string): Promise<Document> =>
  draftsIn((await transaction.document(track)) as TrackDocument) // the caller has read one of its items

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
