import type { Terms } from '../catalog.ts'
import { Failure } from '../errors.ts'

/** Refuses a write whose terms are not met by what is there: `tags` are those it has, undefined where there is nothing. */
export const holdTo = ({ match, absent }: Terms, name: string, tags: (() => string[]) | undefined): void => {
  if (tags === undefined) {
    if (match !== undefined) throw new Failure('PRECONDITION_FAILED', `There is no ${name} to match.`)
    return
  }
  if (absent) throw new Failure('PRECONDITION_FAILED', `There is a ${name} already.`)
  if (match === undefined)
    throw new Failure(
      'PRECONDITION_REQUIRED',
      `To change what exists, send If-Match with the ETag you have read (ifMatch with the etag in GraphQL).`,
    )
  if (match !== '*' && !tags().some(tag => match.includes(tag)))
    throw new Failure(
      'PRECONDITION_FAILED',
      `The ${name} has changed since you read it: read it again, and change that.`,
    )
}
