import { z } from 'zod'
import type { DocumentWriteOptions, DocumentWriteResult, TrackDocument, Transaction } from '../catalog.ts'
import { Failure, type Place } from '../errors.ts'
import { compareDocuments } from '../model/compare-documents.ts'
import type { Item } from '../model/curriculum.ts'
import { type Document, emptyDocument } from '../model/document.ts'
import { keyOf } from '../model/keys.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { parseOrExplain } from '../query/explain.ts'
import { toBodyError, unprocessable } from '../query/validation-errors.ts'
import { contentHash } from '../text/content-hash.ts'
import { checkWhole, leavesTrack, pathInDocument, rejectCycle } from './check-document.ts'
import { draftsIn } from './edit-document.ts'
import { changedReadOnlyFields, parseNounBody, type ReadOnlyFields } from './noun-body.ts'
import { checkPreconditions } from './preconditions.ts'
import { checkKey, rejectMistakes } from './write-noun.ts'

/** Creates or replaces a track by a document, which was parsed from JSON or YAML. */
export const putDocument = async (
  transaction: Transaction,
  track: string,
  content: unknown,
  options: DocumentWriteOptions,
  toYaml: (document: TrackDocument) => string,
): Promise<DocumentWriteResult> => {
  checkKey('track', track)
  const before = await transaction.document(track)
  checkPreconditions(
    options,
    `track "${track}"`,
    before && (() => [contentHash(JSON.stringify(before)), contentHash(toYaml(before))]),
  )
  const { document, readOnly } = parseDrafts(track, content)
  const whole = await checkWhole(transaction, document, pathInDocument(document))
  const asWritten = await transaction.documentAsWritten(track)
  const changes = compareDocuments(asWritten && draftsIn(asWritten), withoutForeignPairs(whole, before, asWritten))
  await rejectIfChangedSinceLoad(transaction, track, changes.length > 0, options)
  const author = { name: options.by, track, fromFiles: options.load !== undefined }
  const difference = await transaction.replaceTrack(whole, author)
  if (leavesTrack(whole)) await rejectCycle(transaction, track)
  if (options.load !== undefined) await transaction.recordLoad(track, options.load)
  const after = (await transaction.document(track)) as TrackDocument // it was just written
  rejectMistakes(readOnly.flatMap(item => readOnlyMistakes(item, before, after)))
  return { created: before === undefined, etag: contentHash(JSON.stringify(after)), difference, changes }
}

/** Removes pairs of related skills that only another track wrote: a document that repeats them is not a change. */
const withoutForeignPairs = (
  document: Document,
  before: TrackDocument | undefined,
  asWritten: TrackDocument | undefined,
): Document => {
  const pairsIn = (whole: TrackDocument | undefined) =>
    new Set(whole?.skills.flatMap(({ key, related }) => related.map(other => `${key} ${other}`)))
  const [all, written] = [pairsIn(before), pairsIn(asWritten)]
  const isOwn = (slug: string) => (other: string) => {
    const pair = `${keyOf(document.track.slug, slug)} ${other}`
    return written.has(pair) || !all.has(pair)
  }
  const skills = document.skills.map(skill => ({ ...skill, related: skill.related.filter(isOwn(skill.slug)) }))
  return { ...document, skills }
}

/** The read-only fields of one item of a document, and the place of the item. */
interface ReadOnlyItem {
  noun: Noun
  index: number
  fields: ReadOnlyFields
}

/** A document whose items are not parsed yet. */
const Envelope = z.strictObject(
  Object.fromEntries(
    nouns.map(noun => (noun === 'track' ? [noun, z.unknown()] : [plurals[noun], z.array(z.unknown()).nullish()])),
  ),
)

const parseDrafts = (track: string, content: unknown): { document: Document; readOnly: ReadOnlyItem[] } => {
  const mistakes = (parseOrExplain(Envelope, content).explanations ?? []).map(toBodyError)
  if (mistakes.some(({ pointer }) => pointer === '')) throw unprocessable(mistakes)
  const fields = content as Record<string, unknown> // anything else is a mistake of the whole body
  const readOnly: ReadOnlyItem[] = []
  const drafts = (noun: Noun, values: unknown[], path: (index: number) => PropertyKey[]): unknown[] =>
    values.flatMap((value, index) => {
      const { parsed, mistakes: found } = parseNounBody(noun, value, noun === 'track' ? track : undefined, path(index))
      mistakes.push(...found)
      if (parsed === undefined) return []
      readOnly.push({ noun, index, fields: parsed.readOnlyFields })
      return [parsed.draft]
    })
  const [self] = drafts('track', [fields.track], () => ['track'])
  const lists = nouns.flatMap(noun => {
    if (noun === 'track') return []
    const values = fields[plurals[noun]]
    return Array.isArray(values) ? [[plurals[noun], drafts(noun, values, index => [plurals[noun], index])]] : []
  })
  if (mistakes.length > 0) throw unprocessable(mistakes)
  return { document: { ...emptyDocument(self as Document['track']), ...Object.fromEntries(lists) }, readOnly } // each draft was parsed as its noun
}

const readOnlyMistakes = (
  { noun, index, fields }: ReadOnlyItem,
  before: TrackDocument | undefined,
  after: TrackDocument,
): Place[] => {
  if (noun === 'track') return changedReadOnlyFields(fields, before?.track, after.track, ['track'])
  const find = (document: TrackDocument | undefined) =>
    document?.[plurals[noun]].find(({ slug }) => slug === fields.slug)
  return changedReadOnlyFields(fields, find(before), find(after) as Item, [plurals[noun], index]) // it was just written
}

/** Rejects a load with 409 if it would undo changes that the API made since the last load. */
const rejectIfChangedSinceLoad = async (
  transaction: Transaction,
  track: string,
  differs: boolean,
  { load, overwrite }: DocumentWriteOptions,
): Promise<void> => {
  if (load === undefined || overwrite || !differs) return
  const changes = await transaction.changesSinceLoad(track, 20)
  if (changes.length === 0) return
  const sentences = changes.map(
    ({ noun, key, op, by, changedAt }) =>
      `${noun} "${key}" ${op === 'delete' ? 'removed' : 'changed'} by ${by} at ${changedAt}`,
  )
  throw new Failure(
    'CONFLICT',
    `The track "${track}" was changed through the API since it was last loaded: ${sentences.join('; ')}. Export it into the files, or load with overwrite.`,
  )
}
