import { Failure } from '../errors.ts'

/** Applies a JSON merge patch (RFC 7396, section 2): null removes a field. */
export const mergePatch = (target: object, patch: unknown): unknown => {
  if (!isObject(patch)) throw new Failure('UNPROCESSABLE', 'A merge patch is a JSON object (RFC 7396).')
  return merged(target, patch)
}

const merged = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch
  const result = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch))
    if (value === null) result.delete(name)
    else result.set(name, merged(result.get(name), value))
  return Object.fromEntries(result)
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
