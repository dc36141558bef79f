import { hash } from 'node:crypto'
import { badParameter } from '../errors.ts'

/**
 * Names the request that pages belong to: its parameters decide which results there are and in which order. A cursor holds
 * the name, so that one of another list, filter or search is refused instead of answered with what happens to lie behind it.
 */
export const requestName = (name: string, parameters: object): string => {
  const given = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return given.length === 0 ? name : `${name} ${hash('sha256', JSON.stringify(given), 'base64url').slice(0, 11)}`
}

/** A cursor, opaque to clients: the name of the request, and the place where a page of it ended. */
export const writeCursor = (request: string, place: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([request, ...place])).toString('base64url')

/** The place in a cursor of this request; fails with 400 where it is of another request, or `isPlace` does not hold. */
export const readCursor = <P extends unknown[]>(
  cursor: string,
  request: string,
  isPlace: (place: unknown[]) => place is P,
): P => {
  const [name, ...place] = decoded(cursor)
  if (name === request && isPlace(place)) return place
  throw badParameter('after', '"after" takes the "next" of the page before, with the same filters, order and words.')
}

const decoded = (cursor: string): unknown[] => {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(read) ? read : []
  } catch {
    return []
  }
}
