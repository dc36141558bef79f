import type { Author, Pairs, Served, Terms, Transaction, Written } from '../catalog.ts'
import { Failure, type Place } from '../errors.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Document, emptyDocument } from '../model/document.ts'
import type { Draft } from '../model/draft.ts'
import { Slug, slugOf, TrackSlug, trackOf } from '../model/keys.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { refused } from '../query/validation-errors.ts'
import { hashOf } from '../text/etag.ts'
import { checked, inBody, refuseCircle } from './check-document.ts'
import { movedLast, referrersIn, withDraft, withoutDraft, writtenIn } from './edit.ts'
import { mergePatch } from './merge-patch.ts'
import { holdTo } from './preconditions.ts'
import { type Body, differingFromAnswer, readNoun } from './write-body.ts'

export const putNoun = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  body: unknown,
  terms: Terms,
): Promise<Written<N>> => {
  checkKey(noun, key)
  const served = await transaction.document(trackOf(key))
  const before = served && answerIn(served, noun, key)
  hold(terms, noun, key, before)
  return write(transaction, noun, key, readNoun(noun, body, slugOf(key)), served, before, terms)
}

export const patchNoun = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  patch: unknown,
  terms: Terms,
): Promise<Written<N>> => {
  const served = await transaction.document(trackOf(key))
  const before = served && answerIn(served, noun, key)
  if (before === undefined) throw new Failure('NOT_FOUND', `There is no ${noun} called "${key}".`)
  hold(terms, noun, key, before)
  const body = readNoun(noun, mergePatch(before, patch), slugOf(key))
  return write(transaction, noun, key, body, served, before, terms)
}

export const removeNoun = async (transaction: Transaction, noun: Noun, key: string, terms: Terms): Promise<void> => {
  const served = await transaction.document(trackOf(key))
  const before = served && answerIn(served, noun, key)
  if (served === undefined || before === undefined)
    throw new Failure('NOT_FOUND', `There is no ${noun} called "${key}".`)
  hold(terms, noun, key, before)
  const author = authorOf(terms, key)
  if (noun === 'track') {
    await transaction.remove(key, author)
    return
  }
  const document = writtenIn(served)
  refuseReferred(noun, key, referrersIn(document, noun, key))
  await transaction.replace(withoutDraft(document, noun, before.slug), author)
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

/** What an answer's ETag is made of. */
export const tagOf = (answer: Answer): string => hashOf(JSON.stringify(answer))

const hold = (terms: Terms, noun: Noun, key: string, before: Answer | undefined): void =>
  holdTo(terms, `${noun} "${key}"`, before && (() => [tagOf(before)]))

const authorOf = ({ by }: Terms, key: string): Author => ({ name: by, track: trackOf(key), loads: false })

const write = async <N extends Noun>(
  transaction: Transaction,
  noun: N,
  key: string,
  { draft, said }: Body<N>,
  served: Served | undefined,
  before: Answer<N> | undefined,
  terms: Terms,
): Promise<Written<N>> => {
  const whole = await checked(transaction, edited(served, noun, key, draft), inBody(noun, slugOf(key)))
  const document = noun === 'skill' ? movedLast(whole, before as Answer<'skill'> | undefined) : whole // the noun decides the type
  await transaction.replace(document, authorOf(terms, key), pairsOf(noun, key, document))
  await refuseCircle(transaction, document)
  const after = answerIn((await transaction.document(trackOf(key))) as Served, noun, key) as Answer<N> // it was just written
  refuseSaid(differingFromAnswer(said, before, after, []))
  return { created: before === undefined, answer: after, tag: tagOf(after) }
}

/** With current keys, as the document has them by then. */
const pairsOf = (noun: Noun, key: string, document: Document): Pairs | undefined => {
  const skill = noun === 'skill' ? document.skills.find(({ slug }) => slug === slugOf(key)) : undefined
  return skill && { skill: key, related: skill.related }
}

const edited = <N extends Noun>(served: Served | undefined, noun: N, key: string, draft: Draft<N>): Document => {
  if (served !== undefined) return withDraft(writtenIn(served), noun, draft)
  if (noun === 'track') return emptyDocument(draft as Draft<'track'>) // the noun decides the type
  throw new Failure('UNPROCESSABLE', `There is no track called "${trackOf(key)}": make it first.`)
}

const answerIn = <N extends Noun>(served: Served, noun: N, key: string): Answer<N> | undefined => {
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
