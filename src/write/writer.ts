import { stringify } from 'yaml'
import type { Catalog, Transaction, Writer, WrittenDocument } from '../catalog.ts'
import { parseDocument } from './parse-document.ts'
import { putDocument } from './write-document.ts'
import { patchNoun, putNoun, removeNoun } from './write-noun.ts'

/** Writes into a catalog, each in a transaction of its own. */
export const writerOn = ({ transaction, checkpoint }: Pick<Catalog, 'transaction' | 'checkpoint'>): Writer => ({
  put: (noun, key, body, terms) => transaction(session => putNoun(session, noun, key, body, terms)),
  patch: (noun, key, patch, terms) => transaction(session => patchNoun(session, noun, key, patch, terms)),
  remove: (noun, key, terms) => transaction(session => removeNoun(session, noun, key, terms)),
  putDocument: async (track, content, terms) => {
    const parsed = parseDocument(content)
    const put = (session: Transaction) => putDocument(session, track, parsed, terms, yamlOf)
    if (terms.dryRun) return tried(transaction, put)
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
  work: (session: Transaction) => Promise<WrittenDocument>,
): Promise<WrittenDocument> => {
  let result: WrittenDocument | undefined
  const undone = new Error('this was only tried')
  await transaction(async session => {
    result = await work(session)
    throw undone
  }).catch((failure: unknown) => {
    if (failure !== undone) throw failure
  })
  return result as WrittenDocument // work sets it, or throws what is thrown on
}
