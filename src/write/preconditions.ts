import type { Preconditions } from '../catalog.ts'
import { Failure } from '../errors.ts'

/**
 * Rejects a write whose preconditions do not hold: `If-Match` with 412, an update without `If-Match` with 428 (RFC 6585,
 * section 3). `etags` returns the ETags that the item has in each representation; undefined if it does not exist.
 */
export const checkPreconditions = (
  { ifMatch, mustNotExist }: Preconditions,
  name: string,
  etags: (() => string[]) | undefined,
): void => {
  if (etags === undefined) {
    if (ifMatch !== undefined)
      throw new Failure('PRECONDITION_FAILED', `The ${name} does not exist, so no ETag matches.`)
    return
  }
  if (mustNotExist) throw new Failure('PRECONDITION_FAILED', `The ${name} already exists.`)
  if (ifMatch === undefined)
    throw new Failure(
      'PRECONDITION_REQUIRED',
      `The ${name} already exists. To change it, send If-Match with the ETag that you read (in GraphQL, ifMatch with the etag).`,
    )
  if (ifMatch !== '*' && !etags().some(etag => ifMatch.includes(etag)))
    throw new Failure(
      'PRECONDITION_FAILED',
      `The ${name} has changed since you read it: read it again, and repeat your change.`,
    )
}
