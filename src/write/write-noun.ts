import type { Author, RelatedPairs, TrackDocument, Transaction, WriteOptions, WriteResult } from '../catalog.ts'
import { Failure, type Place } from '../errors.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Document, type Draft, emptyDocument } from '../model/document.ts'
import { Slug, slugOf, TrackSlug, trackOf } from '../model/keys.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { refused } from '../query/validation-errors.ts'
import { contentHash } from '../text/content-hash.ts'
import { checked, inBody, refuseCircle } from './check-document.ts'
import { movedLast, referrersIn, withDraft, withoutDraft, writtenIn } from './edit-document.ts'
import { mergePatch } from './merge-patch.ts'
import { type Body, differingFromAnswer, readNoun } from './noun-body.ts'
import { checkPreconditions } from './preconditions.ts'

export const putNoun = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  body: unknown,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  checkKey(noun, key)
  const served = await transaction.document(trackOf(key))
  const before = served && answerIn(served, noun, key)
  hold(options, noun, key, before)
  return write(transaction, noun, key, readNoun(noun, body, slugOf(key)), served, before, options)
}

export const patchNoun = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  patch: unknown,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  const served = await transaction.document(trackOf(key))
  const before = served && answerIn(served, noun, key)
  if (before === undefined) throw new Failure('NOT_FOUND', `There is no ${noun} called "${key}".`)
  hold(options, noun, key, before)
  const body = readNoun(noun, mergePatch(before, patch), slugOf(key))
  return write(transaction, noun, key, body, served, before, options)
}

export const removeNoun = async (
  transaction: Transaction,
  noun: Noun,
  key: string,
  options: WriteOptions,
): Promise<void> => {
  const served = await transaction.document(trackOf(key))
  const before = served && answerIn(served, noun, key)
  if (served === undefined || before === undefined)
    throw new Failure('NOT_FOUND', `There is no ${noun} called "${key}".`)
  hold(options, noun, key, before)
  const author = authorOf(options, key)
  if (noun === 'track') {
    await transaction.removeTrack(key, author)
    return
  }
  const document = writtenIn(served)
  refuseReferred(noun, key, referrersIn(document, noun, key))
  await transaction.replaceTrack(withoutDraft(document, noun, before.slug), author)
}

/** What is made has to be called something that it can go on being called. */
export const checkKey = (noun: Noun, key: string): void => {
  if (noun === 'track') {
    checkName(TrackSlug, key, 'A track is put under its slug')
    return
  }
  const [track, slug, ...more] = key.split('.')
  if (slug === undefined || more.length > 0)
    throw new Failure('UNPROCESSABLE', `A ${noun} is put under its key: the slug of its track, a dot and its own slug.`)
  checkName(TrackSlug, track, `The key of a ${noun} begins with the slug of its track`)
  checkName(Slug, slug, `The key of a ${noun} ends with its slug`)
}

const checkName = (schema: typeof Slug, name: unknown, sentence: string): void => {
  const read = schema.safeParse(name)
  if (!read.success)
    throw new Failure('UNPROCESSABLE', `${sentence}: ${read.error.issues.map(({ message }) => message).join('; ')}.`)
}

/** Returns the ETag of an item, without quotes. */
export const etagOf = (answer: Answer): string => contentHash(JSON.stringify(answer))

const hold = (options: WriteOptions, noun: Noun, key: string, before: Answer | undefined): void =>
  checkPreconditions(options, `${noun} "${key}"`, before && (() => [etagOf(before)]))

const authorOf = ({ by }: WriteOptions, key: string): Author => ({ name: by, track: trackOf(key), fromFiles: false })

const write = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  { draft, said }: Body<N>,
  served: TrackDocument | undefined,
  before: Answer<N> | undefined,
  options: WriteOptions,
): Promise<WriteResult<N>> => {
  const whole = await checked(transaction, edited(served, noun, key, draft), inBody(noun, slugOf(key)))
  const document = noun === 'skill' ? movedLast(whole, before as Answer<'skill'> | undefined) : whole // the noun decides the type
  await transaction.replaceTrack(document, authorOf(options, key), pairsOf(noun, key, document))
  await refuseCircle(transaction, document)
  const after = answerIn((await transaction.document(trackOf(key))) as TrackDocument, noun, key) as Answer<N> // it was just written
  refuseSaid(differingFromAnswer(said, before, after, []))
  return { created: before === undefined, answer: after, etag: etagOf(after) }
}

/** With current keys, as the document has them by then. */
const pairsOf = (noun: Noun, key: string, document: Document): RelatedPairs | undefined => {
  const skill = noun === 'skill' ? document.skills.find(({ slug }) => slug === slugOf(key)) : undefined
  return skill && { skill: key, related: skill.related }
}

const edited = <N extends Noun>(served: TrackDocument | undefined, noun: N, key: string, draft: Draft<N>): Document => {
  if (served !== undefined) return withDraft(writtenIn(served), noun, draft)
  if (noun === 'track') return emptyDocument(draft as Draft<'track'>) // the noun decides the type
  throw new Failure('UNPROCESSABLE', `There is no track called "${trackOf(key)}": make it first.`)
}

const answerIn = <N extends Noun>(served: TrackDocument, noun: N, key: string): Answer<N> | undefined => {
  const answers: readonly Answer[] = noun === 'track' ? [served.track] : served[plurals[noun as Exclude<Noun, 'track'>]]
  return answers.find(answer => answer.key === key) as Answer<N> | undefined // the noun decides the type
}

export const refuseSaid = (mistakes: Place[]): void => {
  if (mistakes.length > 0) throw refused(mistakes)
}

const refuseReferred = (noun: Noun, key: string, referrers: string[]): void => {
  if (referrers.length === 0) return
  const told = referrers.slice(0, 20).map(name => `"${name}"`)
  const more = referrers.length > 20 ? ` and ${referrers.length - 20} more` : ''
  throw new Failure(
    'CONFLICT',
    `The ${noun} "${key}" is referred to by ${told.join(', ')}${more}. Take those references out first.`,
  )
}
