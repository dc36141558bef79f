import type { DocumentWriteOptions, DocumentWriteResult, TrackDocument, Transaction } from '../catalog.ts'
import { Failure, type Place } from '../errors.ts'
import { compareDocuments } from '../model/compare-documents.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Document, emptyDocument } from '../model/document.ts'
import { keyOf } from '../model/keys.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { explainUnknown, type Pointed, pointerTo, refused } from '../query/validation-errors.ts'
import { contentHash } from '../text/content-hash.ts'
import { checked, inDocument, refuseCircle } from './check-document.ts'
import { writtenIn } from './edit-document.ts'
import { differingFromAnswer, parseNoun, type Said } from './noun-body.ts'
import { checkPreconditions } from './preconditions.ts'
import { checkKey, refuseSaid } from './write-noun.ts'

/** Puts a document, as it was parsed from JSON or YAML, in the place of what its track was. */
export const putDocument = async (
  transaction: Transaction,
  track: string,
  content: unknown,
  options: DocumentWriteOptions,
  yamlOf: (served: TrackDocument) => string,
): Promise<DocumentWriteResult> => {
  checkKey('track', track)
  const served = await transaction.document(track)
  const name = `track "${track}"`
  checkPreconditions(
    options,
    name,
    served && (() => [contentHash(JSON.stringify(served)), contentHash(yamlOf(served))]),
  )
  const { document, said } = readDocument(track, content)
  const whole = await checked(transaction, document, inDocument(document))
  const own = await transaction.documentAsWritten(track)
  const changes = compareDocuments(own && writtenIn(own), withoutOthersPairs(whole, served, own))
  await refuseDrift(transaction, track, changes.length > 0, options)
  const author = { name: options.by, track, fromFiles: options.load !== undefined }
  const difference = await transaction.replaceTrack(whole, author)
  await refuseCircle(transaction, whole)
  if (options.load !== undefined) await transaction.recordLoad(track, options.load)
  const after = (await transaction.document(track)) as TrackDocument // it was just written
  refuseSaid(said.flatMap(({ noun, index, said: one }) => differing(noun, index, one, served, after)))
  return { created: served === undefined, etag: contentHash(JSON.stringify(after)), difference, changes }
}

/** A pair of related skills that only another track names is that track's: whether a document repeats it makes no difference. */
const withoutOthersPairs = (
  document: Document,
  served: TrackDocument | undefined,
  own: TrackDocument | undefined,
): Document => {
  const pairsIn = (whole: TrackDocument | undefined) =>
    new Set(whole?.skills.flatMap(({ key, related }) => related.map(other => `${key} ${other}`)))
  const [all, written] = [pairsIn(served), pairsIn(own)]
  const isOwn = (slug: string) => (other: string) => {
    const pair = `${keyOf(document.track.slug, slug)} ${other}`
    return written.has(pair) || !all.has(pair)
  }
  const skills = document.skills.map(skill => ({ ...skill, related: skill.related.filter(isOwn(skill.slug)) }))
  return { ...document, skills }
}

interface SaidOf {
  noun: Noun
  index: number
  said: Said
}

const readDocument = (track: string, content: unknown): { document: Document; said: SaidOf[] } => {
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw refused([{ pointer: '', message: 'A document is an object with "track" and a list for each noun.' }])
  const given: Record<string, unknown> = { ...content }
  const parts = ['track', ...nouns.filter(noun => noun !== 'track').map(noun => plurals[noun])]
  const mistakes = Object.keys(given).flatMap(name => (parts.includes(name) ? [] : [explainUnknown(name, parts)]))
  const said: SaidOf[] = []
  const drafts = (noun: Noun, values: unknown[], path: (index: number) => PropertyKey[]): unknown[] =>
    values.flatMap((value, index) => {
      const { read, mistakes: found } = parseNoun(noun, value, noun === 'track' ? track : undefined)
      mistakes.push(...found.map(one => within(path(index), one)))
      if (read === undefined) return []
      said.push({ noun, index, said: read.said })
      return [read.draft]
    })
  const [self] = drafts('track', [given.track], () => ['track'])
  const lists = nouns.flatMap(noun => {
    if (noun === 'track') return []
    const values = given[plurals[noun]] ?? []
    if (!Array.isArray(values)) {
      mistakes.push({ pointer: pointerTo([plurals[noun]]), message: `"${plurals[noun]}" is a list.` })
      return []
    }
    return [[plurals[noun], drafts(noun, values, index => [plurals[noun], index])]]
  })
  if (mistakes.length > 0) throw refused(mistakes)
  return { document: { ...emptyDocument(self as Document['track']), ...Object.fromEntries(lists) }, said } // each was parsed as what it is
}

const within = (path: readonly PropertyKey[], { pointer, message }: Pointed): Pointed => ({
  pointer: `${pointerTo(path)}${pointer}`,
  message,
})

const differing = (
  noun: Noun,
  index: number,
  said: Said,
  before: TrackDocument | undefined,
  after: TrackDocument,
): Place[] => {
  if (noun === 'track') return differingFromAnswer(said, before?.track, after.track, ['track'])
  const { slug } = said
  const find = (served: TrackDocument | undefined) => served?.[plurals[noun]].find(answer => answer.slug === slug)
  return differingFromAnswer(said, find(before), find(after) as Answer, [plurals[noun], index]) // it was just written
}

/** What was changed through the API since the files were loaded would be undone by loading them again. */
const refuseDrift = async (
  transaction: Transaction,
  track: string,
  differs: boolean,
  { load, overwrite }: DocumentWriteOptions,
): Promise<void> => {
  if (load === undefined || overwrite || !differs) return
  const drift = await transaction.changesSinceLoad(track, 20)
  if (drift.length === 0) return
  const told = drift.map(
    ({ noun, key, op, by, changedAt }) =>
      `${noun} "${key}" ${op === 'delete' ? 'removed' : 'changed'} by ${by} at ${changedAt}`,
  )
  throw new Failure(
    'CONFLICT',
    `The track "${track}" was changed through the API since it was last loaded: ${told.join('; ')}. Export it into the files, or load with overwrite.`,
  )
}
