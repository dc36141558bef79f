import type { Catalog } from '../../catalog.ts'
import { gone } from '../../errors.ts'
import { nounNotFound } from '../../http/not-found.ts'
import type { Noun } from '../../model/vocabulary.ts'

/** Returns the current key of an item. Throws 404 with the nearest key, or 410 if the item was removed. */
export const currentKey = async (catalog: Catalog, noun: Noun, ref: string): Promise<string> => {
  const found = await catalog.find(noun, ref)
  if (found === undefined) throw await nounNotFound(catalog, noun, ref)
  if ('removedAt' in found) throw gone(noun, ref, found.removedAt)
  return 'movedTo' in found ? found.movedTo : found.item.key
}
