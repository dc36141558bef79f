import type { WriteOptions } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { hashOfEtag } from '../http/conditional-requests.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { ExecutionContext, WriteAccess } from './context.ts'
import { nounTypeName } from './type-names.ts'

type MutationResolver = (parent: unknown, args: MutationArgs, context: ExecutionContext) => Promise<unknown>

interface MutationArgs {
  ref: string
  input: Record<string, unknown>
  ifMatch?: string | null
}

/** Every mutation, through the functions that REST writes with. */
export const mutations = (): Record<string, MutationResolver> =>
  Object.fromEntries(
    nouns.flatMap(noun => [
      [`put${nounTypeName(noun)}`, put(noun)],
      [`delete${nounTypeName(noun)}`, remove(noun)],
    ]),
  )

const put =
  (noun: Noun): MutationResolver =>
  async (_parent, { ref, input, ifMatch }, { writing, clearLoaded: renew, resolveKey: keyOf }) => {
    const { writer, by } = writing as WriteAccess // the door lets mutations through with one alone
    const key = (await keyOf(noun, ref)) ?? ref
    const { answer } = await writer.put(noun, key, withoutNulls(input), writeOptions(by, ifMatch))
    renew()
    return answer
  }

const remove =
  (noun: Noun): MutationResolver =>
  async (_parent, { ref, ifMatch }, { catalog, writing, clearLoaded: renew, resolveKey: keyOf }) => {
    const { writer, by } = writing as WriteAccess // as above
    const key = await keyOf(noun, ref)
    const [known]: Answer[] = key === undefined ? [] : await catalog.byKeys(noun, [key])
    if (known === undefined) throw new Failure('NOT_FOUND', `There is no ${noun} called "${ref.slice(0, 100)}".`)
    await writer.remove(noun, known.key, writeOptions(by, ifMatch))
    renew()
    return known.id
  }

const writeOptions = (by: string, ifMatch: string | null | undefined): WriteOptions => ({
  by,
  ifMatch: ifMatch === null || ifMatch === undefined ? undefined : ifMatch === '*' ? '*' : [hashOfEtag(ifMatch)],
  mustNotExist: false,
})

/** Null says what leaving out says: that nothing is known, or that there is none. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === null ? [] : [[name, withoutNulls(one)]])),
  )
}
