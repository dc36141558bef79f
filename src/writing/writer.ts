import { parse as parseYaml, stringify } from 'yaml'
import { decodeBody, refuseLoneSurrogates } from '../body-text.ts'
import type { Catalog, Transaction } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Content, Writer, WrittenDocument } from '../writer.ts'
import { putDocument } from './write-document.ts'
import { patchNoun, putNoun, removeNoun } from './write-noun.ts'

/** Writes into a catalog, each in a transaction of its own. */
export const writerOn = ({ transaction }: Pick<Catalog, 'transaction'>): Writer => ({
  put: (noun, key, body, terms) => transaction(session => putNoun(session, noun, key, body, terms)),
  patch: (noun, key, patch, terms) => transaction(session => patchNoun(session, noun, key, patch, terms)),
  remove: (noun, key, terms) => transaction(session => removeNoun(session, noun, key, terms)),
  putDocument: (track, content, terms) => {
    const parsed = parse(content)
    const put = (session: Transaction) => putDocument(session, track, parsed, terms, yamlOf)
    return terms.dryRun ? tried(transaction, put) : transaction(put)
  },
})

/** As a track's document is answered as YAML. */
export const yamlOf = (document: object): string => stringify(document, { lineWidth: 0 })

const parse = ({ bytes, type }: Content): unknown => {
  const text = decodeBody(bytes)
  const value = parsed(text, type)
  refuseLoneSurrogates(value, text)
  return value
}

const parsed = (text: string, type: Content['type']): unknown => {
  try {
    return type === 'json' ? JSON.parse(text) : parseYaml(text)
  } catch (cause) {
    const { message } = cause as Error // parsers throw errors
    throw new Failure('BAD_USER_INPUT', `The body is not ${type.toUpperCase()}: ${firstLine(message)}`, { cause })
  }
}

const firstLine = (message: string): string => message.split('\n', 1)[0] as string // split yields at least one part

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
