import type { Catalog } from '../catalog.ts'
import { badParameter } from '../errors.ts'
import type { Noun } from '../model/vocabulary.ts'

/** The number of ids in a list is bounded, since each needs a lookup. */
const maxIds = 500

export const isId = (ref: string): boolean => uuid.test(ref)
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Returns the key of an id; any other reference unchanged. */
export const keyOfRef = async (catalog: Catalog, noun: Noun, ref: string): Promise<string> => {
  const known = isId(ref) ? await catalog.findById(ref.toLowerCase()) : undefined
  return known?.noun === noun ? known.key : ref
}

export const keysOfRefs = async (
  catalog: Catalog,
  parameter: string,
  noun: Noun,
  refs: readonly string[],
): Promise<string[]> => {
  if (refs.filter(isId).length > maxIds)
    throw badParameter(parameter, `"${parameter}" takes at most ${maxIds} ids; slugs and keys are not limited.`)
  return Promise.all(refs.map(ref => keyOfRef(catalog, noun, ref)))
}
