import type { Catalog } from '../catalog.ts'
import { badParameter } from '../errors.ts'
import type { Noun } from '../model/vocabulary.ts'

/** An id may stand wherever a key may; each takes a look-up of its own. */
const maxIds = 500

export const isId = (ref: string): boolean => uuid.test(ref)
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The key of what has this id; what is no id of this noun stays as it was written. */
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
    throw badParameter(parameter, `"${parameter}" takes at most ${maxIds} ids; there may be more slugs or keys.`)
  return Promise.all(refs.map(ref => keyOfRef(catalog, noun, ref)))
}
