import { parseItem, type WriteOptions } from '../catalog.ts'
import { notFound } from '../errors.ts'
import { hashOfEtag } from '../http/conditional-requests.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { ExecutionContext, WriteAccess } from './context.ts'
import { nounTypeName } from './type-definitions.ts'

type MutationResolver = (parent: unknown, args: MutationArgs, context: ExecutionContext) => Promise<unknown>

interface MutationArgs {
  ref: string
  input: Record<string, unknown>
  ifMatch?: string | null
}

/** Returns all mutations; they use the same writer as REST. */
export const mutations = (): Record<string, MutationResolver> =>
  Object.fromEntries(
    nouns.flatMap(noun => [
      [`put${nounTypeName(noun)}`, put(noun)],
      [`delete${nounTypeName(noun)}`, remove(noun)],
    ]),
  )

const put =
  (noun: Noun): MutationResolver =>
  async (_parent, { ref, input, ifMatch }, { writeAccess, clearLoaded, resolveKey }) => {
    const { writer, by } = writeAccess as WriteAccess // mutations are executed only with write access
    const key = (await resolveKey(noun, ref)) ?? ref
    const { item } = await writer.put(noun, key, withoutNulls(input), writeOptions(by, ifMatch))
    clearLoaded()
    return item
  }

const remove =
  (noun: Noun): MutationResolver =>
  async (_parent, { ref, ifMatch }, { catalog, writeAccess, clearLoaded, resolveKey }) => {
    const { writer, by } = writeAccess as WriteAccess // as above
    const key = await resolveKey(noun, ref)
    const [item] = key === undefined ? [] : await catalog.byKeys(noun, [key])
    if (item === undefined) throw notFound(noun, ref)
    await writer.remove(noun, item.key, writeOptions(by, ifMatch))
    clearLoaded()
    return parseItem(item).id
  }

const writeOptions = (by: string, ifMatch: string | null | undefined): WriteOptions => ({
  by,
  ifMatch: ifMatch === null || ifMatch === undefined ? undefined : ifMatch === '*' ? '*' : [hashOfEtag(ifMatch)],
  mustNotExist: false,
})

/** Removes fields that are null: null in an input means the same as an absent field. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === null ? [] : [[name, withoutNulls(one)]])),
  )
}
