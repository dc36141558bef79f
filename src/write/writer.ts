import { stringify } from 'yaml'
import type { Catalog, DocumentWriteResult, Transaction, Writer } from '../catalog.ts'
import { parseDocument } from './parse-document.ts'
import { putDocument } from './write-document.ts'
import { patchNoun, putNoun, removeNoun } from './write-noun.ts'

/** Writes into a catalog, each in a transaction of its own. */
export const writerOn = ({ transaction, checkpoint }: Pick<Catalog, 'transaction' | 'checkpoint'>): Writer => ({
  put: (noun, key, body, options) => transaction(session => putNoun(session, noun, key, body, options)),
  patch: (noun, key, patch, options) => transaction(session => patchNoun(session, noun, key, patch, options)),
  remove: (noun, key, options) => transaction(session => removeNoun(session, noun, key, options)),
  putDocument: async (track, content, options) => {
    const parsed = parseDocument(content)
    const put = (session: Transaction) => putDocument(session, track, parsed, options, yamlOf)
    if (options.dryRun) return tried(transaction, put)
    const written = await transaction(put)
    await checkpoint()
    return written
  },
})

/** As a track's document is answered as YAML. */
export const yamlOf = (document: object): string => stringify(document, { lineWidth: 0 })

/** What a write would have done: it is undone at its end. */
const tried = async (
  transaction: Catalog['transaction'],
  work: (session: Transaction) => Promise<DocumentWriteResult>,
): Promise<DocumentWriteResult> => {
  let result: DocumentWriteResult | undefined
  const undone = new Error('this was only tried')
  await transaction(async session => {
    result = await work(session)
    throw undone
  }).catch((failure: unknown) => {
    if (failure !== undone) throw failure
  })
  return result as DocumentWriteResult // work sets it, or throws what is thrown on
}
