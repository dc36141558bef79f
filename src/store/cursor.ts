import { hash } from 'node:crypto'
import { badParameter } from '../errors.ts'

/**
 * Returns the name of the request that pages belong to, made of its parameters. A cursor contains the name, so that a cursor of
 * another list, filter or search is rejected instead of returning rows that do not follow the previous page.
 */
export const requestName = (name: string, parameters: object): string => {
  const defined = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return defined.length === 0 ? name : `${name} ${hash('sha256', JSON.stringify(defined), 'base64url').slice(0, 11)}`
}

/** Encodes an opaque cursor: the name of the request, and the position where a page of it ended. */
export const writeCursor = (request: string, position: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([request, ...position])).toString('base64url')

/** Decodes the position in a cursor. Fails with 400 if the cursor belongs to another request or `isPosition` returns false. */
export const readCursor = <P extends unknown[]>(
  cursor: string,
  request: string,
  isPosition: (position: unknown[]) => position is P,
): P => {
  const [name, ...position] = decode(cursor)
  if (name === request && isPosition(position)) return position
  throw badParameter(
    'after',
    '"after" must be the "next" of the previous page, with the same filters, order and words.',
  )
}

const decode = (cursor: string): unknown[] => {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
