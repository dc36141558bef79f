import { stringify } from 'yaml'
import type { Catalog, DocumentWriteResult, Transaction, Writer } from '../catalog.ts'
import { parseDocument } from './parse-document.ts'
import { putDocument } from './write-document.ts'
import { patchNoun, putNoun, removeNoun } from './write-noun.ts'
import { putPicture } from './write-picture.ts'

/** Creates the writer on a catalog. Each write runs in one transaction. */
export const createWriter = ({ transaction, checkpoint }: Pick<Catalog, 'transaction' | 'checkpoint'>): Writer => ({
  put: (noun, key, body, options) => transaction(session => putNoun(session, noun, key, body, options)),
  patch: (noun, key, patch, options) => transaction(session => patchNoun(session, noun, key, patch, options)),
  remove: (noun, key, options) => transaction(session => removeNoun(session, noun, key, options)),
  putPicture: (track, path, bytes, options) => transaction(session => putPicture(session, track, path, bytes, options)),
  putDocument: async (track, content, options) => {
    const parsed = parseDocument(content)
    const put = (session: Transaction) => putDocument(session, track, parsed, options, toYaml)
    if (options.dryRun) return dryRun(transaction, put)
    const result = await transaction(put)
    await checkpoint()
    return result
  },
})

/** Formats a document exactly as the YAML response does, because its ETag is a hash of the text. */
const toYaml = (document: object): string => stringify(document, { lineWidth: 0 })

/** Runs a write and rolls it back, and returns its result. */
const dryRun = async (
  transaction: Catalog['transaction'],
  work: (session: Transaction) => Promise<DocumentWriteResult>,
): Promise<DocumentWriteResult> => {
  let result: DocumentWriteResult | undefined
  const rollback = new Error('dry run')
  await transaction(async session => {
    result = await work(session)
    throw rollback
  }).catch((failure: unknown) => {
    if (failure !== rollback) throw failure
  })
  return result as DocumentWriteResult // work sets it, or its error was thrown
}
